"""What `only:` names and nobody has."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.shop import Shop

FLOW = "mappings/flows/orders.yaml"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A workspace that is only checked."""
    return Shop(tmp_path_factory.mktemp("shared") / "ws")


@pytest.mark.parametrize(
    ("only", "said"),
    [
        (
            "{skus: {file: tables/item.csv, column: sku}}",
            "there is no table 'tables/item.csv'; did you mean 'tables/items.csv'?",
        ),
        (
            "{skus: {file: tables/items.csv, column: skus}}",
            "tables/items.csv has no column 'skus'; did you mean 'sku'?",
        ),
        ("{channels: [shop]}", "no pick-up has the channel 'shop'; did you mean 'shopify'?"),
        ("{channels: [shopify, shop]}", "no pick-up has the channel 'shop'; did you mean 'shopify'?"),
    ],
)
def test_a_name_that_is_not_there(shared: Shop, only: str, said: str) -> None:
    plain = (shared.root / FLOW).read_text(encoding="utf-8")
    shared.edit(FLOW, "pick_up:", f"only: {only}\npick_up:")
    try:
        found = shared.type("check", "--json").rows
    finally:
        (shared.root / FLOW).write_text(plain, encoding="utf-8")
    [row] = [row for row in found if row["severity"] == "error"]
    assert f"{row['what']}; {row['instead']}" == said
    assert (row["file"], row["code"]) == (FLOW, "ONLY")


def test_a_field_that_the_mapping_does_not_fill(tmp_path: Path) -> None:
    """Nothing would ever go out."""
    shop = Shop(tmp_path / "ws")
    shop.edit(FLOW, "pick_up:", "only: {customers: [a@b.example]}\npick_up:")
    shop.edit(FLOW, "mapping: shopify/orders", "mapping: acme/orders")
    (shop.root / "mappings/acme").mkdir()
    text = "extends: shopify/orders\nfields: {customer_email: null}\n"
    (shop.root / "mappings/acme/orders.yaml").write_text(text, encoding="utf-8")

    [row] = [row for row in shop.type("check", "--json").rows if row["code"] == "ONLY"]

    assert (
        row["what"] == "mapping 'acme/orders' fills no customer_email, so `only: customers` lets nothing of it through"
    )
