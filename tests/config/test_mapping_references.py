"""What mappings and schemas say that other files do not bear out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from exchange.config.files import read_files
from exchange.config.mapping_references import mapping_mistakes, source_columns

Write = Callable[..., Path]
_IN, _OUT, _SCHEMA = "mappings/shop/orders.yaml", "mappings/erp/orders.yaml", "mappings/schemas/shop_orders.yaml"


def mistakes(root: Path) -> list[str]:
    return [str(mistake) for mistake in sorted(mapping_mistakes(read_files(root)))]


def test_a_sound_workspace_has_none(workspace: Write) -> None:
    assert mistakes(workspace()) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("reads: ordr\nformat: {type: csv}\nfields: {}\n", "1:8: unknown document 'ordr'; did you mean 'order'?"),
        (
            "reads: order\nper: part\nformat: {type: csv}\nfields: {}\n",
            "2:1: 'per' belongs into a mapping that writes, this one reads; remove it",
        ),
        (
            "reads: order\nformat: {type: csv, encoding: utf8x}\nfields: {}\n",
            "2:31: unknown encoding 'utf8x'; did you mean 'utf-8'?",
        ),
        (
            "reads: order\nformat: {type: csv}\nschema: shop_order\nfields: {}\n",
            "3:9: unknown table schema 'shop_order'; did you mean 'shop_orders'?",
        ),
        (
            "reads: order\nformat: {type: csv}\nschema: shop_orders\ngroup: {key: Nmae}\nfields: {}\n",
            f"4:14: column 'Nmae' is not in {_SCHEMA}; did you mean 'Name'?",
        ),
        (
            "reads: order\nformat: {type: csv}\nschema: shop_orders\n"
            "group: {key: Name, starts: [Id, Toal]}\nfields: {}\n",
            f"4:33: column 'Toal' is not in {_SCHEMA}; known: City, Id, Name, Sku, Street",
        ),
        (
            "reads: order\nformat: {type: csv}\nschema: shop_orders\nfields: {x: {from: [Name, Cty]}}\n",
            f"4:27: column 'Cty' is not in {_SCHEMA}; did you mean 'City'?",
        ),
        (
            "reads: order\nformat: {type: csv}\nschema: shop_orders\nfields: {x: {address: {city: {from: Cty}}}}\n",
            f"4:37: column 'Cty' is not in {_SCHEMA}; did you mean 'City'?",
        ),
    ],
)
def test_inbound(workspace: Write, text: str, expected: str) -> None:
    assert mistakes(workspace({_IN: text})) == [f"{_IN}:{expected}"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "writes: order\nformat: {type: csv}\ngroup: {key: x}\nfields: {}\n",
            ["3:1: 'group' belongs into a mapping that reads, this one writes; remove it"],
        ),
        (
            "writes: order\nformat: {type: csv}\ncolumns: [Numbr, Number, Number]\nfields: {Number: {from: x}}\n",
            [
                "3:11: column 'Numbr' is filled by no field; did you mean 'Number'?",
                "3:26: column 'Number' is listed twice; remove one of them",
            ],
        ),
        (
            "writes: order\nformat: {type: xml, template: wms/o.xml, schema: o.xsd}\nfields: {}\n",
            [
                "2:31: there is no templates/wms/o.xml; did you mean 'wms/o.xml.j2'?",
                "2:50: there is no mappings/schemas/o.xsd; did you mean 'or.xsd'?",
            ],
        ),
        (
            "writes: order\nformat: {type: xml, template: wms/o.xml.j2, schema: or.xsd}\ntotals: [Qty, Sku]\n"
            "fields: {Sku: {from: x}}\nlines: {Sku: {from: x}, Quantity: {from: x}}\n",
            [
                "3:10: there is no field 'Qty'; known: Quantity, Sku",
                "3:15: 'Sku' is both a field and one of the lines, so it is not clear which is summed up; "
                "rename one of the two",
            ],
        ),
        (
            "writes: order\nformat: {type: csv}\ntotals: Sku\nfields: {Sku: {from: x}}\n",
            ["3:1: files of type csv have no header or footer that could tell a total; remove it"],
        ),
    ],
)
def test_outbound(workspace: Write, text: str, expected: list[str]) -> None:
    root = workspace({_OUT: text, "templates/wms/o.xml.j2": "", "mappings/schemas/or.xsd": ""})
    assert mistakes(root) == [f"{_OUT}:{each}" for each in expected]


def test_schemas(workspace: Write) -> None:
    text = 'fields:\n  - {name: Name}\n  - {name: Name, constraints: {pattern: "a)"}}\n'
    found = mistakes(workspace({_SCHEMA: text, _IN: None}))
    assert found == [
        f"{_SCHEMA}:3:12: column 'Name' occurs twice; remove one of them",
        f"{_SCHEMA}:3:41: 'a)' is not a regular expression: unbalanced parenthesis at position 1; correct it",
    ]


def test_source_columns_are_found_with_their_paths(workspace: Write) -> None:
    mapping = read_files(workspace()).mappings["shop/orders"].required()
    assert list(source_columns(mapping)) == [
        (("fields", "order_number", "from", 0), "Name"),
        (("fields", "ship_to", "address", "line1", 0), "Street"),
        (("fields", "ship_to", "address", "line2", "from", 0), "Street"),
        (("fields", "ship_to", "address", "line2", "from", 1), "City"),
        (("fields", "ship_to", "address", "city", 0), "City"),
        (("lines", "sku", "from", 0), "Sku"),
    ]


def test_packed_columns_stand_in_the_schema_and_their_values_do_not(workspace: Write) -> None:
    inbound = (
        "reads: order\nformat: {type: csv}\nschema: shop_orders\n"
        "explode:\n  items: {columns: [Nam*, Item], pairs: ',', equals: '='}\n"
        "fields: {order_number: {from: Name}}\nlines: {sku: {from: items.sku}}\n"
    )
    schema = "fields:\n  - {name: Name}\n  - {name: Items}\n"

    root = workspace({_IN: inbound, _SCHEMA: schema})

    assert mistakes(root) == [f"{_IN}:5:27: column 'Item' is not in {_SCHEMA}; did you mean 'Items'?"]
