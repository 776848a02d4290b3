"""What is told of a field on its way is what the run makes of it, step by step."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.config.models import Mapping
from exchange.documents.loader import document
from exchange.kernel.table import Table
from exchange.mapping.explain import explain
from exchange.mapping.mapper import apply
from exchange.mapping.plan import MappingPlan, compile_mapping
from exchange.mapping.render import as_text

ITEMS = Table("items", ("sku", "item"), {"sku": pa.array(["A", "B", "B"]), "item": pa.array(["1", None, None])})
PACKS = Table(
    "packs",
    ("item_number", "unit", "quantity"),
    {"item_number": pa.array(["1"]), "unit": pa.array(["CS"]), "quantity": pa.array(["12"])},
)
LOOKUP = {"lookup": {"table": "items", "key": "sku", "value": "item"}}
LINES: dict[str, Any] = {
    "sku": {"from": "SKU", "steps": ["strip", "upper"], "required": True, "max_length": 3},
    "item_number": {"from": "SKU", "steps": ["strip", "upper", LOOKUP]},
    "quantity": {
        "from": "Qty",
        "steps": ["integer", {"to_unit": {"item": "item_number", "from": "Unit", "to": "EA"}}],
    },
    "unit_price": {"from": ["Price", "Factor"], "steps": ["strip", "decimal", "multiply"]},
    "unit": {"from": "Qty", "steps": [{"when": {"column": "quantity", "is": ["12"], "then": "CS", "otherwise": "EA"}}]},
}
COLUMNS = ("SKU", "Qty", "Unit", "Price", "Factor")
CELLS = st.sampled_from([None, "", "a", " B ", "C", "1", "12", "2.5", "1e3", "CS", "EA", "0.3333333", "zz zz"])


def plan() -> MappingPlan:
    fields: dict[str, Any] = {
        "order_number": {"from": "SKU"},
        "ordered_at": {"from": "SKU", "steps": [{"parse_datetime": {"format": "%Y-%m-%d", "timezone": "UTC"}}]},
        "payment_status": {"from": "SKU"},
        "currency": {"steps": [{"constant": "EUR"}]},
        "total": {"from": "Price", "steps": ["decimal"]},
    }
    raw = {"reads": "order", "format": {"type": "csv"}, "fields": fields, "lines": LINES}
    tables = {"items": ITEMS, "packs": PACKS}
    return compile_mapping(Mapping.model_validate(raw), document("order"), tables, "shop/in", COLUMNS)


PLAN = plan()


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(*[CELLS] * len(COLUMNS)), min_size=1, max_size=6))
def test_what_is_told_is_what_the_run_makes(rows: list[tuple[str | None, ...]]) -> None:
    columns = {name: pa.array(cells, pa.string()) for name, cells in zip(COLUMNS, zip(*rows, strict=True), strict=True)}

    made, failures = apply(PLAN.lines, columns, len(rows))
    told = explain(PLAN.lines, columns, len(rows))

    assert {(each.name, each.row): each.value for each in told} == {
        (name, row): text for name, values in made.items() for row, text in enumerate(as_text(values).to_pylist())
    }
    assert [failure for each in told for failure in each.failures] == sorted(
        failures, key=lambda found: (list(made).index(found.field), found.row)
    )
    assert all(each.stages[-1].values == (each.value,) or each.failures or each.name == "unit_price" for each in told)


def test_each_step_tells_what_it_reads_and_what_it_refuses() -> None:
    cells = {"SKU": [" b ", "c"], "Qty": ["2", "x"], "Unit": ["EA", "CS"], "Price": ["1", "2"], "Factor": ["3", "4"]}
    told = explain(PLAN.lines, {name: pa.array(column) for name, column in cells.items()}, 2)
    by_name = {(each.name, each.row): each for each in told}

    found = by_name["item_number", 0]
    assert [(stage.name, stage.values) for stage in found.stages] == [
        ("strip", ("b",)),
        ("upper", ("B",)),
        ("lookup", (None,)),
    ]
    assert found.inputs == (("SKU", " b "),)
    assert found.path == ("lines", "item_number")
    [read] = found.stages[-1].reads
    assert (read.table, read.wanted, read.line, read.value) == ("items", {"sku": "B"}, 1, "item")
    assert found.stages[-1].argument == LOOKUP["lookup"]
    assert found.stages[-1].path == ("lines", "item_number", "steps", 2)

    missed = by_name["item_number", 1]
    assert (missed.stages[-1].code, missed.stages[-1].reads[0].line) == ("LOOKUP_MISS", -1)
    assert [failure.code for failure in missed.failures] == ["LOOKUP_MISS"]
    assert by_name["quantity", 1].stages[0].code == "NOT_AN_INTEGER"
    assert by_name["quantity", 0].stages[1].beside == {"item_number": None, "Unit": "EA"}
    assert by_name["unit_price", 0].stages[-1].values == ("3.00",)
    assert by_name["unit_price", 0].value == "3.00"


def test_a_conversion_tells_both_lines_of_its_table() -> None:
    cells = {"SKU": ["a"], "Qty": ["2"], "Unit": ["CS"], "Price": ["1"], "Factor": ["1"]}
    told = explain(PLAN.lines, {name: pa.array(column) for name, column in cells.items()}, 1)

    quantity = next(each for each in told if each.name == "quantity")
    reads = quantity.stages[1].reads
    assert [(read.wanted, read.line) for read in reads] == [
        ({"item_number": "1", "unit": "CS"}, 0),
        ({"item_number": "1", "unit": "EA"}, -1),
    ]
    assert quantity.value == "24"
