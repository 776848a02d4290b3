"""What compiling a mapping finds wrong, and what it makes of a right one."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from exchange.config.models import Mapping
from exchange.documents.loader import document
from exchange.kernel.table import Table
from exchange.mapping.plan import MappingPlan, PlanError, compile_mapping

ITEMS = Table("items", ("sku", "item_number"), {"sku": pa.array(["A", "B"]), "item_number": pa.array(["1", "2"])})
TWICE = Table("twice", ("sku", "code"), {"sku": pa.array(["A", "A"]), "code": pa.array(["1", "2"])})
HEADER: dict[str, Any] = {
    "order_number": {"from": "Name"},
    "ordered_at": {"from": "Created", "steps": [{"parse_date": "%Y-%m-%d"}]},
    "payment_status": {"from": "Status"},
    "currency": {"from": "Currency"},
    "total": {"from": "Total", "steps": ["decimal"]},
}
LINES: dict[str, Any] = {
    "quantity": {"from": "Qty", "steps": ["integer"]},
    "unit_price": {"from": "Price", "steps": ["decimal"]},
}


def inbound(
    header: dict[str, Any] | None = None, lines: dict[str, Any] | None = None, columns: list[str] | None = None
) -> MappingPlan:
    raw = {
        "reads": "order",
        "format": {"type": "csv"},
        "fields": {**HEADER, **(header or {})},
        "lines": {**LINES, **(lines or {})},
    }
    tables = {"items": ITEMS, "twice": TWICE}
    return compile_mapping(Mapping.model_validate(raw), document("order"), tables, "shop/orders", columns)


def outbound(
    fields: dict[str, Any], lines: dict[str, Any] | None = None, columns: list[str] | None = None
) -> MappingPlan:
    raw = {"writes": "order", "format": {"type": "csv"}, "fields": fields, "lines": lines or {}}
    mapping = Mapping.model_validate({**raw, "columns": columns or []})
    return compile_mapping(mapping, document("order"), {"items": ITEMS}, "erp/orders")


def found(error: pytest.ExceptionInfo[PlanError]) -> list[tuple[tuple[str | int, ...], str, str]]:
    return [(mistake.path, mistake.what, mistake.instead) for mistake in error.value.mistakes]


def test_a_right_mapping_says_what_it_reads_and_fills() -> None:
    plan = inbound(
        {"ship_to": {"address": {"line1": "Street", "city": ["Town", "District"]}}},
        {
            "unit": {
                "from": "Qty",
                "steps": [{"when": {"column": "Case", "is": ["1"], "then": "CS", "otherwise": "EA"}}],
            }
        },
    )
    assert plan.name == "shop/orders"
    assert plan.header.inputs == ("Name", "Created", "Status", "Currency", "Total", "Street", "Town", "District")
    assert plan.header.outputs["ordered_at"] == "datetime"
    assert plan.header.outputs["ship_to.city"] == "text"
    assert plan.lines.inputs == ("Qty", "Price", "Case")
    assert plan.lines.sources == {"quantity": "Qty", "unit_price": "Price", "unit": "Qty"}


def test_all_mistakes_are_found_at_once_each_at_its_place() -> None:
    with pytest.raises(PlanError) as error:
        inbound(
            {
                "order_number": {"from": "Name", "steps": ["strip", {"remove_prefx": "#"}]},
                "ordered_at": {"from": "Created", "steps": [{"parse_datetime": "%Y-%m-%d %H:%M"}]},
                "ordr_number": {"from": "Name"},
                "sku": {"from": "Name"},
                "channel": {"from": "Name"},
                "notes": {"from": "Note", "steps": [{"truncate": "long"}, {"pad": {"lenght": 3}}]},
            },
            {
                "quantity": {"from": "Qty", "steps": ["strip"]},
                "sku": {"steps": []},
                "item_number": {"from": "SKU", "steps": [{"lookup": {"table": "itmes", "key": "sku", "value": "x"}}]},
                "warehouse": {"from": "SKU", "steps": [{"lookup": {"table": "items", "key": "sk", "value": "w"}}]},
                "unit": {"from": ["A", "B"]},
                "weight_g": {"from": "W", "steps": ["integer", "upper"]},
            },
        )
    got = {path: (what, instead) for path, what, instead in found(error)}
    assert got[("fields", "order_number", "steps", 1, "remove_prefx")] == (
        "there is no step remove_prefx",
        "did you mean 'remove_prefix'?",
    )
    assert "time zone" in got[("fields", "ordered_at", "steps", 0, "parse_datetime")][0]
    assert got[("fields", "ordr_number")] == ("the document has no field ordr_number", "did you mean 'order_number'?")
    assert got[("fields", "sku")][1] == "it is a line field; write it below `lines`"
    assert got[("fields", "channel")][1] == "remove it; the product sets it"
    assert "expected a whole number" in got[("fields", "notes", "steps", 0, "truncate")][0]
    assert got[("fields", "notes", "steps", 1, "pad", "lenght")][1] == "did you mean 'length'?"
    assert got[("fields", "notes", "steps", 1, "pad")][0] == "pad needs length"
    assert got[("lines", "quantity")] == (
        "quantity is integer in the document, and its steps make text",
        "add the step integer",
    )
    assert got[("lines", "sku")][0] == "sku is filled from nothing"
    assert got[("lines", "item_number", "steps", 0, "lookup", "table")] == (
        "there is no table itmes",
        "did you mean 'items'?",
    )
    assert got[("lines", "warehouse", "steps", 0, "lookup", "key")][1] == "did you mean 'sku'?"
    assert got[("lines", "warehouse", "steps", 0, "lookup", "value")][0] == "table items has no column w"
    assert "needs one value" in got[("lines", "unit")][0]
    assert got[("lines", "weight_g", "steps", 1)][0] == "upper needs text, and gets integer"


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"extract": "^PO"}, "0 groups"),
        ({"extract": "(a)(b)"}, "2 groups"),
        ({"extract": "(a"}, "not a regular expression"),
        ({"parse_date": "%Y-%m-%d %H"}, "no part of a date"),
        ({"parse_date": "%Y-%m"}, "year, month and day"),
        ({"parse_datetime": "%Y-%m-%d %Q"}, "%Q, which is not offered"),
        ({"parse_datetime": {"format": "%Y-%m-%d", "timezone": "Mars/Base"}}, "not a time zone"),
        ({"remove_prefix": 12}, "expected text, not 12"),
        ({"remove_prefix": ""}, "empty"),
        ({"strip": "x"}, "takes no parameters"),
        ({"decimal": {"point": ",", "group": ","}}, "group separator"),
        ({"when": {"column": "X", "is": ["a"]}}, "changes nothing"),
        ({"pad": {"length": 3, "side": "top"}}, "side cannot be top"),
        ({"map_values": ["a"]}, "expected values"),
        ({"lookup": {"table": "twice", "key": "sku", "value": "code"}}, "several lines with different code"),
        ({"lookup": {"table": "items", "key": ["sku", "item_number"], "value": "sku"}}, "2 columns"),
        ({"lookup": {"table": "items", "key": "sku", "value": "sku", "keep": "yes"}}, "true or false"),
        ({"boolean": {"yes": ["x"], "no": ["X"]}}, "both yes and no"),
        ({"to_unit": {"item": "item", "from": "unit", "to": "EA"}}, "needs integer, and gets text"),
        ({"coalesce": "a"}, "takes no parameters"),
    ],
)
def test_parameters_that_make_no_sense(step: dict[str, Any], words: str) -> None:
    with pytest.raises(PlanError) as error:
        inbound({"notes": {"from": "Note", "steps": [step]}})
    assert any(words in what for path, what, _ in found(error) if path[:3] == ("fields", "notes", "steps")), found(
        error
    )


def test_columns_are_checked_where_the_schema_lists_them() -> None:
    columns = ["Name", "Created", "Status", "Currency", "Total", "Qty", "Price", "Note"]
    assert inbound({"notes": {"from": "Note"}}, columns=columns).header.inputs[-1] == "Note"
    with pytest.raises(PlanError) as error:
        inbound(
            {
                "notes": {"from": "Notes", "steps": [{"when": {"column": "Crated", "is": ["a"], "then": "b"}}]},
                "tags": {"from": ["Name", "Tgas"], "steps": ["join"]},
            },
            columns=columns,
        )
    assert found(error) == [
        (("fields", "notes", "from"), "there is no column Notes", "did you mean 'Note'?"),
        (
            ("fields", "notes", "steps", 0, "when", "column"),
            "there is no column or earlier field Crated",
            "did you mean 'Created'?",
        ),
        (("fields", "tags", "from", 1), "there is no column Tgas", f"known: {', '.join(sorted(columns))}"),
    ]


def test_a_document_field_that_nothing_fills() -> None:
    raw = {"reads": "order", "format": {"type": "csv"}, "fields": {"order_number": {"from": "N"}}, "lines": LINES}
    with pytest.raises(PlanError) as error:
        compile_mapping(Mapping.model_validate(raw), document("order"), {}, "x")
    assert [what for _, what, _ in found(error)] == [
        f"nothing fills {name}, which every order needs"
        for name in ("ordered_at", "payment_status", "currency", "total")
    ]


def test_an_outbound_mapping_reads_what_the_document_has() -> None:
    plan = outbound({"Action": {"from": "action"}}, {"Total": {"from": "line_total"}}, ["Total", "Action"])
    assert plan.header.outputs == {"Action": "text"}
    with pytest.raises(PlanError) as error:
        outbound(
            {"No": {"from": "ordernumber"}, "Sku": {"from": "sku"}, "To": {"address": {"line1": "ship_to.line1"}}},
            {"No": {"from": "line_number"}, "Email": {"from": "customer_email"}},
            ["No", "Skuu"],
        )
    got = {path: (what, instead) for path, what, instead in found(error)}
    assert got[("fields", "No", "from")] == ("there is no column ordernumber", "did you mean 'order_number'?")
    assert got[("fields", "Sku", "from")][1] == "it is a line field; read it below `lines`"
    assert got[("lines", "Email", "from")][1] == "it is a header field; read it below `fields`"
    assert got[("fields", "To", "address")][0] == "an address block fills a document"
    assert got[("lines", "No")][0] == "the column No is written by `fields` too"
    assert got[("columns", 1)] == ("neither fields nor lines fill Skuu", "did you mean 'Sku'?")
