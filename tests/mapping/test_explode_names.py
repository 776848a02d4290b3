"""Packed values are named `<name>.<key>`; what cannot work is found before a file comes."""

from __future__ import annotations

from typing import Any

import pytest

from exchange.config.models import Mapping
from exchange.documents.loader import document
from exchange.mapping.explode_names import columns_read, explode_mistakes, packed_columns
from exchange.mapping.plan import compile_mapping

ITEMS = {"columns": "line_item_*", "pairs": "|", "equals": ":"}


def mapping(explode: dict[str, Any], **lines: Any) -> Mapping:
    raw = {
        "reads": "order",
        "format": {"type": "csv"},
        "explode": explode,
        "fields": {"order_number": {"from": "id"}, "ship_to": {"address": {"city": "place.town", "name": "Name"}}},
        "lines": lines,
    }
    return Mapping.model_validate(raw)


def mistakes(made: Mapping) -> list[tuple[tuple[str | int, ...], str, str]]:
    return [(found.path, found.what, found.instead) for found in explode_mistakes(made)]


def test_columns_that_are_read_and_those_that_come_of_packed_cells() -> None:
    made = mapping({"items": {**ITEMS, "keys": ["sku", "qty", "meta_*"]}}, sku={"from": ["items.sku", "items.meta_x"]})

    assert columns_read(made) == ["id", "place.town", "Name", "items.sku", "items.meta_x"]
    assert packed_columns(made) == ["items.sku", "items.qty", "items.sku", "items.meta_x"]


@pytest.mark.parametrize(
    ("explode", "lines", "found"),
    [
        ({"items": ITEMS}, {"sku": {"from": "items.anything"}}, []),
        ({"items": {**ITEMS, "keys": ["sku", "meta_*"]}}, {"sku": {"from": "items.meta_size"}}, []),
        (
            {"items": {**ITEMS, "keys": ["sku", "quantity"]}},
            {"quantity": {"from": "items.quantitty"}},
            [(("lines", "quantity", "from"), "there is no quantitty among the keys of explode.items", "quantity")],
        ),
        ({"place": ITEMS}, {}, []),
        (
            {"place": {**ITEMS, "keys": ["city"]}},
            {},
            [(("fields", "ship_to", "address", "city"), "there is no town among the keys of explode.place", "")],
        ),
        ({"a.b": ITEMS}, {}, [(("explode", "a.b"), "a.b holds a point", "line_items")]),
        ({"a": ITEMS, "b": ITEMS}, {}, [(("explode", "b"), "a makes lines already", "keep one")]),
        ({"a": ITEMS, "b": {**ITEMS, "columns": "coupon"}}, {}, []),
    ],
)
def test_mistakes_stand_at_their_places(explode: dict[str, Any], lines: dict[str, Any], found: list[Any]) -> None:
    got = mistakes(mapping(explode, **lines))

    assert [path for path, _, _ in got] == [path for path, _, _ in found]
    for (_, what, instead), (_, expected, advice) in zip(got, found, strict=True):
        assert expected in what
        assert advice in instead


def test_a_mapping_over_a_schema_compiles_with_packed_columns() -> None:
    full = Mapping.model_validate(
        {
            "reads": "stock",
            "format": {"type": "csv"},
            "explode": {"items": {"columns": "packed", "lines": ";", "pairs": ",", "equals": "="}},
            "fields": {"item_number": {"from": "item"}},
            "lines": {"quantity": {"from": "items.qty", "steps": ["decimal"]}},
        }
    )

    plan = compile_mapping(full, document("stock"), {}, "wms/stock", ["item", "packed"])

    assert plan.lines.inputs == ("items.qty",)
