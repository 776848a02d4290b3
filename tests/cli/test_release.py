"""`exchange release`."""

from __future__ import annotations

from tests.flows.shop import Shop


def test_a_held_order_goes_out_and_who_did_it_is_kept(busy: Shop) -> None:
    ran = busy.type("release", "order", "#1002", "--as", "mara", "--reason", "paid by phone", "--json")

    assert ran.exit == 0
    assert ran.documents["out"] == 1
    assert busy.sent(ran) == ({"1002"}, {"1002"})
    [action] = busy.ledger_actions()
    assert (action.who, action.what, action.subject, action.reason) == (
        "mara",
        "release",
        "order/shopify/1002",
        "paid by phone",
    )
    again = busy.type("release", "order", "1002")
    assert again.exit == 2
    assert "no order 1002 is held" in again.err


def test_dry_run_changes_nothing(busy: Shop) -> None:
    before = busy.content()

    ran = busy.type("release", "order", "1002", "--dry-run")

    assert ran.exit == 0
    assert ran.out.startswith("would release order 1002 (shopify), held since ")
    assert {name: data for name, data in busy.content().items() if "ledger" not in name} == {
        name: data for name, data in before.items() if "ledger" not in name
    }
    assert busy.trace(1002)[-1]["disposition"] == "held"


def test_what_is_not_held_is_refused(busy: Shop) -> None:
    for number in ("1001", "1003", "9999"):
        ran = busy.type("release", "order", number)
        assert ran.exit == 2
        assert f"exchange trace order {number}" in ran.err
    assert busy.type("release", "parcel", "1").exit == 2
