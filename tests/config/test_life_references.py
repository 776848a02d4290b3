"""A column that no schema has, and shipments in a flow of orders."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.shop import Shop

FLOW = "mappings/flows/orders.yaml"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "settle: 10s",
            'settle: 10s, as_of: {column: Created, format: "%Y-%m-%d"}',
            "mappings/flows/orders.yaml:8:107: there is no column 'Created' in schema 'shopify_orders'",
        ),
        ("repeat: change", "ships: order", "20:3: `ships` is for flows that read shipments, mapping 'shopify/orders'"),
    ],
)
def test_mistakes_with_their_places(tmp_path: Path, old: str, new: str, said: str) -> None:
    shop = Shop(tmp_path / "ws")
    shop.edit(FLOW, old, new)

    ran = shop.type("check")

    assert (ran.exit, said in ran.out + ran.err) == (5, True), ran.out + ran.err


def test_column_of_the_schema_is_fine(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "ws")
    shop.edit(FLOW, "settle: 10s", 'settle: 10s, as_of: {column: Created at, format: "%Y-%m-%d %H:%M:%S %z"}')

    assert shop.type("check", "--strict").exit == 0
