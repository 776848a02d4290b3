"""Which flow a mapping is shown with: the one that uses it, the one that is named, or one of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.assemble.explain_choice import NotShown, files_of, plan_of, way_of
from exchange.kernel.pipeline import machine_of

FILE = Path("orders.csv")
OTHER = """\
flow: other
pick_up: [{from: shopify, folder: other, match: "*.txt", mapping: shopify/orders}]
deliver: [{to: erp, folder: other, mapping: erp/orders, name: "SO_{claim}.csv"}]
"""


def test_the_flow_that_uses_a_mapping_is_found(root: Path) -> None:
    inbound, outbound = way_of(root, "shopify/orders", FILE), way_of(root, "erp/orders", FILE)

    assert (inbound.name, inbound.inbound, inbound.target, inbound.outbound) == ("orders", "shopify/orders", None, "")
    assert (outbound.name, outbound.inbound, outbound.target, outbound.outbound) == (
        "orders",
        "shopify/orders",
        1,
        "erp/orders",
    )
    assert files_of(outbound) == (
        "mappings/flows/orders.yaml",
        "mappings/shopify/orders.yaml",
        "mappings/erp/orders.yaml",
    )


def test_a_mapping_of_no_flow_is_shown_alone(root: Path) -> None:
    (root / "mappings/flows/orders.yaml").unlink()
    (root / "mappings/flows/orders_test.yaml").unlink(missing_ok=True)

    alone, joined = way_of(root, "shopify/orders", FILE), way_of(root, "wms/orders", FILE, "shopify/orders")

    assert (alone.name, joined.inbound, joined.outbound) == ("", "shopify/orders", "wms/orders")
    assert machine_of(plan_of(root, alone)).targets == ()
    assert [target.endpoint for target in machine_of(plan_of(root, joined)).targets] == ["show"]
    assert way_of(root, "wms/orders", FILE).inbound == "shopify/orders"


def test_of_several_flows_the_one_whose_pattern_fits_is_taken_or_one_is_named(root: Path) -> None:
    (root / "mappings/flows/other.yaml").write_text(OTHER, encoding="utf-8")

    assert way_of(root, "shopify/orders", FILE).name == "orders"
    assert way_of(root, "shopify/orders", Path("x.txt")).name == "other"
    assert way_of(root, "shopify/orders", Path("x.dat"), flow="other").name == "other"
    with pytest.raises(NotShown, match=r"several flows use it \(orders, other\).* --flow"):
        way_of(root, "shopify/orders", Path("x.dat"))


@pytest.mark.parametrize(
    ("name", "via", "flow", "said"),
    [
        ("shopify/order", "", "", "there is no mapping 'shopify/order'; did you mean 'shopify/orders'"),
        ("shopify/orders", "wms/orders", "", "--via is for mappings that write one"),
        ("wms/orders", "shopify/order", "", "no mapping 'shopify/order' reads order documents; did you mean"),
        ("wms/orders", "", "order", "there is no flow 'order'; did you mean 'orders'"),
    ],
)
def test_what_is_not_there_is_refused_with_what_may_be_meant(
    root: Path, name: str, via: str, flow: str, said: str
) -> None:
    with pytest.raises(NotShown) as refused:
        way_of(root, name, FILE, via, flow)

    assert said in str(refused.value)


def test_several_mappings_may_read_for_one_that_writes(root: Path) -> None:
    (root / "mappings/flows/orders.yaml").unlink()
    (root / "mappings/amazon").mkdir()
    text = (root / "mappings/shopify/orders.yaml").read_text(encoding="utf-8")
    (root / "mappings/amazon/orders.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(NotShown, match="say with --via which mapping reads the file: amazon/orders, shopify/orders"):
        way_of(root, "wms/orders", FILE)
