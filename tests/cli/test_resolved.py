"""`exchange show MAPPING --resolved`; tests/flows/test_extends.py has mappings that extend."""

from __future__ import annotations

from tests.flows.shop import Shop


def test_each_key_has_a_comment_with_its_place(shop: Shop) -> None:
    ran = shop.type("show", "erp/orders", "--resolved")

    assert ran.exit == 0
    assert all("  # mappings/erp/orders.yaml:" in line for line in ran.out.splitlines())
    assert ran.out.startswith("writes: order")


def test_an_unknown_mapping_is_refused(shop: Shop) -> None:
    ran = shop.type("show", "erp/order", "--resolved")

    assert (ran.exit, ran.out) == (2, "")
    assert "did you mean 'erp/orders'?" in ran.err
