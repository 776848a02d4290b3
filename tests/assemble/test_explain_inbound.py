"""How the fields of a document came to be is what the run made of them, for every field of the samples."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa
import pytest

from exchange.assemble.explain_choice import plan_of, way_of
from exchange.assemble.explain_document import OneDocument, Unread, Wanted, laid_out, of_ranges, one_document
from exchange.assemble.explain_inbound import Inbound, Places, inbound, level_of
from exchange.kernel.layout import Layout
from exchange.kernel.pipeline import Apply, Columns, machine_of
from exchange.kernel.plan import Plan
from exchange.mapping.explain import explain
from exchange.mapping.render import as_text
from tests.assemble.conftest import SAMPLES
from tests.flows.shop import Shop

PROBLEMS = "02_problems.csv"


@contextmanager
def laid(shop: Shop, name: str) -> Iterator[tuple[Plan, Layout]]:
    plan = plan_of(shop.root, way_of(shop.root, "shopify/orders", SAMPLES / name))
    with laid_out(machine_of(plan), SAMPLES / name) as layout:
        assert not isinstance(layout, Unread)
        yield plan, layout


def told(shop: Shop, name: str, *numbers: str) -> Iterator[tuple[OneDocument, Inbound]]:
    with laid(shop, name) as (plan, layout):
        for number in numbers:
            one = one_document(plan, layout, Wanted(number))
            assert isinstance(one, OneDocument)
            yield one, inbound(shop.root, plan.sources, one, name)


def texts(columns: Columns) -> dict[tuple[str, int], str | None]:
    return {(name, row): text for name, cells in columns.items() for row, text in enumerate(as_text(cells).to_pylist())}


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("0[1-7]_*.csv")))
def test_every_field_of_the_samples_is_told_as_the_run_maps_it(delivered: Shop, name: str) -> None:
    with laid(delivered, name) as (plan, layout):
        machine = machine_of(plan)
        for span in machine.reader.spans(layout):
            at = machine.reader.parse(span, layout).positions
            places = zip(*(map(int, each) for each in (at.start, at.length, at.record, at.file_line)), strict=True)
            one = of_ranges(plan, layout, list(places))
            levels: list[tuple[Apply, Columns, int]] = [
                (machine.map_header, one.heads, one.grouping.size),
                (machine.map_lines, one.unpacked.columns, one.rows),
            ]
            for apply, columns, rows in levels:
                made, failures = apply(columns, rows)
                shown = explain(level_of(apply), columns, rows)
                assert {(each.name, each.row): each.value for each in shown} == texts(made)
                assert sum(len(each.failures) for each in shown) == len(failures)


def test_each_problem_is_told_where_it_arises(delivered: Shop) -> None:
    for one, made in told(delivered, PROBLEMS, "2002", "2007", "2014", "2020", "2026", "2029", "2039"):
        fields = [*made.header.values(), *(shown for line in made.lines for shown in line.values())]
        shown = {(p.code, p.record, p.field) for field in fields for p in field.problems}
        assert shown | {(p.code, p.record, p.field) for p in made.others} == {
            (p.code, p.record, p.field) for _, p in one.prepared.problems
        }
    [(_, status)] = told(delivered, PROBLEMS, "2020")
    assert [problem.code for problem in status.header["payment_status"].problems] == ["NOT_ALLOWED"]


def test_a_cell_is_named_with_file_line_column_and_text(delivered: Shop) -> None:
    [(_, made)] = told(delivered, PROBLEMS, "2002")

    [source] = made.lines[1]["item_number"].sources
    assert (source.name, source.text, source.file, source.line, source.number) == (
        "Lineitem sku",
        "TEA-EARLGREY",
        PROBLEMS,
        5,
        21,
    )
    [missed] = [step for step in made.lines[1]["item_number"].steps if step.name == "lookup"]
    assert (missed.code, missed.tables[0].line) == ("LOOKUP_MISS", 0)
    [found] = [step for step in made.lines[0]["item_number"].steps if step.name == "lookup"]
    look = found.tables[0]
    cells = (delivered.root / look.file).read_text(encoding="utf-8").splitlines()[look.line - 1].split(",")
    assert "MUG-BLUE" in cells
    assert look.found in cells


def test_a_place_is_that_of_the_key_in_the_mapping(delivered: Shop) -> None:
    place = Places.read(delivered.root, "shopify/orders").of(("lines", "quantity"))

    file, _, line = place.rpartition(":")
    text = (delivered.root / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert (file, text.split()[0]) == ("mappings/shopify/orders.yaml", "quantity:")


def test_only_a_compiled_level_can_be_told() -> None:
    with pytest.raises(TypeError, match="runs no compiled mapping"):
        level_of(lambda _columns, _rows: ({"x": pa.nulls(0)}, []))
