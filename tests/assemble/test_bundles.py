"""What is wrong with the tables of bundles, and what their components are filled from."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa

from exchange.assemble.bundles import bundles_of
from exchange.config.bundles import Bundles
from exchange.documents.loader import document
from exchange.kernel.table import Table

ORDER = document("order")


def table(name: str, text: str) -> Table:
    """Return a table as its CSV shows it."""
    header, *rows = [line.split(",") for line in text.split()]
    cells = {title: pa.array([row[at] or None for row in rows], pa.string()) for at, title in enumerate(header)}
    return Table(name, tuple(header), cells)


def wrong(bundles: str, items: str, rule: Bundles | None = None) -> list[str]:
    tables = {"bundles": table("bundles", bundles), "items": table("items", items)}
    return [str(mistake).partition(";")[0] for mistake in bundles_of(rule or Bundles(), ORDER, tables)[1]]


SET = "bundle,component,quantity\nS,a,1\nS,b,2"


def test_columns_of_the_items_fill_fields_of_the_same_name() -> None:
    items = "sku,item_number,weight_g,warehouse,price,quantity,unit\na,1,2.5,HAM,9,3,CS\nb,2,,LYO,1,3,CS"
    tables = {"bundles": table("bundles", SET), "items": table("items", items)}
    made, mistakes = bundles_of(Bundles(), ORDER, tables)
    assert mistakes == []
    assert made is not None
    assert {name: column.to_pylist() for name, column in made.goods.fields.items()} == {
        "item_number": ["1", "2"],
        "weight_g": [Decimal("2.5000"), None],
        "warehouse": ["HAM", "LYO"],
    }
    assert {"item_number", "description", "weight_g", "item_class"} <= set(made.goods.blank)
    assert not {"sku", "taxable", "requires_shipping", "warehouse"} & set(made.goods.blank)
    assert [float(piece.share) for piece in made.recipes["S"]] == [9 / 11, 2 / 11]


def test_what_is_wrong_is_told_with_its_place() -> None:
    [heavy] = wrong(SET, "sku,weight_g\na,heavy\nb,1")
    assert heavy.startswith("mappings/tables/items.csv:1:1: the column weight_g holds something that is no decimal")
    assert wrong(SET, "sku,item_number\na,1\na,2\nb,3") == [
        "mappings/tables/items.csv:3:1: a is a component of a bundle and stands on several lines that differ"
    ]
    assert wrong(SET, "sku,item_number\na,1\na,1\nb,3") == []
    assert wrong(SET, "item_number,x\n1,2") == [
        "mappings/tables/items.csv:1:1: column 'sku' is missing, by which components of bundles are looked for"
    ]
    assert wrong(SET, "sku,item_number\na,1") == [
        "mappings/tables/bundles.csv:3:1: the component b is not in the column sku of table items"
    ]
    assert wrong(SET, "sku,item_number\na,1\nb,2", Bundles(price="price")) == [
        "mappings/tables/bundles.csv:2:1: a has no price, and the price of S is shared out by those",
        "mappings/tables/bundles.csv:3:1: b has no price, and the price of S is shared out by those",
    ]
