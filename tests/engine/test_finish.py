"""All targets of a document or none; every line of a document in exactly one part."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from exchange.engine.facts import HELD, OUT, REJECTED
from exchange.engine.finish import ChunkResult, Rendered, Tally, finish
from exchange.engine.prepared import as_ints
from exchange.kernel.chunk import Fragment
from exchange.kernel.pipeline import machine_of
from tests.engine.desk import Desk, Line, Order, export, order
from tests.samples.shopify import GOODS

SKUS = sorted(set(GOODS) - {"TWINE-M", "SOAP-PALLET"})
LONG = "x" * 300
"""More than the targets hold; only they refuse it."""


def finished(desk: Desk, orders: list[Order], disposition: list[int] | None = None) -> ChunkResult:
    """Finish these orders; all of them are out but for what is said."""
    prepared = desk.prepared(export(*orders))
    decided = np.array(disposition or [OUT] * prepared.header.num_rows, np.int64)
    return finish(prepared, decided, desk.plan)


def pieces(rendered: Rendered) -> list[tuple[int, bytes]]:
    """Return (document, its bytes) of a fragment."""
    fragment = rendered.fragment
    starts = [0, *fragment.ends.tolist()][:-1]
    data = bytes(fragment.data)
    return [
        (document, data[start:end])
        for document, start, end in zip(fragment.documents.tolist(), starts, fragment.ends.tolist(), strict=True)
    ]


def erp_rows(desk: Desk, data: bytes) -> list[dict[str, str]]:
    """Return the rows of rendered CSV."""
    header = machine_of(desk.plan).targets[1].written.header.decode()
    return list(csv.DictReader(io.StringIO(header + data.decode(), newline="")))


def test_refused_by_one_target_is_refused_by_all(desk: Desk) -> None:
    good, long_name = order(1001), order(1002, Line("POT-CAST"), Line("TEA-MINT", name=LONG))

    result = finished(desk, [good, long_name, order(1003)])

    assert [
        (row, problem.code, problem.field) for row, problem in result.refused if problem.detail["target"] == "erp"
    ] == [(1, "TOO_LONG", "Lineitem name")]
    assert {row for row, _ in result.refused} == {1}
    assert result.taken.tolist() == [True, False, True]
    assert result.lines_taken.tolist() == [True, False, False, True]
    for rendered in result.targets:
        assert rendered.fragment.documents.tolist() == [0, 2]
        assert b"1002" not in bytes(rendered.fragment.data)
        assert rendered.due == rendered.done
        assert rendered.due.documents == 2


def test_problem_of_a_target_names_the_line_and_the_column_of_the_source(desk: Desk) -> None:
    [(_, problem), *_] = finished(desk, [order(1001, Line("POT-CAST"), Line("TEA-MINT", name=LONG))]).refused

    assert (problem.file_line, problem.record, problem.field) == (3, 1, "Lineitem name")
    assert "300 characters" in problem.message


def test_only_what_is_out_goes_out(desk: Desk) -> None:
    result = finished(desk, [order(1001), order(1002), order(1003)], [HELD, OUT, REJECTED])

    assert result.taken.tolist() == [False, True, False]
    assert [rendered.fragment.documents.tolist() for rendered in result.targets] == [[1], [1]]


def test_point_of_sale_goes_to_the_erp_alone(desk: Desk) -> None:
    result = finished(desk, [replace(order(1001), to=None), order(1002)])

    wms, erp = result.targets
    assert wms.fragment.documents.tolist() == [1]
    assert erp.fragment.documents.tolist() == [0, 1]
    assert (wms.due.documents, erp.due.documents) == (1, 2)
    assert result.taken.tolist() == [True, True]


def test_nothing_out_renders_nothing(desk: Desk) -> None:
    result = finished(desk, [order(1001)], [HELD])

    assert [len(rendered.fragment.ends) for rendered in result.targets] == [0, 0]
    assert [rendered.due for rendered in result.targets] == [Tally(), Tally()]


ORDERS = st.lists(
    st.lists(
        st.tuples(st.sampled_from(SKUS), st.integers(1, 9), st.sampled_from(["", "", "", LONG])), min_size=1, max_size=5
    ),
    min_size=1,
    max_size=5,
)


@settings(
    max_examples=10,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(ORDERS)
def test_parts_conserve_lines_and_quantities_and_refusals_prune_whole_documents(desk: Desk, made: list[Any]) -> None:
    orders = [
        order(1001 + place, *(Line(sku, str(quantity), name=name) for sku, quantity, name in lines))
        for place, lines in enumerate(made)
    ]
    prepared = desk.prepared(export(*orders))
    assert not prepared.problems

    result = finish(prepared, np.full(len(orders), OUT), desk.plan)

    refused = {place for place, lines in enumerate(made) if any(name for _, _, name in lines)}
    assert {row for row, _ in result.refused} == refused
    assert np.flatnonzero(result.taken).tolist() == sorted(set(range(len(orders))) - refused)
    wms, erp = result.targets
    quantity, owner = as_ints(prepared.lines, "quantity"), as_ints(prepared.lines, "_owner")
    for place, lines in enumerate(made):
        parts = [etree.fromstring(data) for document, data in pieces(wms) if document == place]
        rows = [row for document, data in pieces(erp) if document == place for row in erp_rows(desk, data)]
        if place in refused:
            assert (parts, rows) == ([], [])
            continue
        assert [int(row["Quantity"]) for row in rows] == quantity[owner == place].tolist()
        assert [part.get("part") for part in parts] == [str(number + 1) for number in range(len(parts))]
        assert len({part.findtext("OrderNumber") for part in parts}) == 1
        warehouses = [part.findtext("Warehouse") for part in parts]
        assert len(set(warehouses)) == len(warehouses)
        sent = Counter(line.findtext("Sku") for part in parts for line in part.iter("Line"))
        assert sent == Counter(sku for sku, _, _ in lines)
        numbers = sorted(int(line.get("number") or 0) for part in parts for line in part.iter("Line"))
        assert numbers == list(range(1, len(lines) + 1))
    assert wms.due == wms.done
    assert erp.due == erp.done
    assert erp.done.lines == sum(len(lines) for place, lines in enumerate(made) if place not in refused)


def test_tallies_add_up() -> None:
    assert Tally(1, 2, 3) + Tally(1, 1, 1) == Tally(2, 3, 4)


def test_fragments_hold_their_documents_end_to_end(desk: Desk) -> None:
    for rendered in finished(desk, [order(1001), order(1002), order(1003)]).targets:
        fragment: Fragment = rendered.fragment
        assert fragment.ends.tolist() == sorted(fragment.ends.tolist())
        assert int(fragment.ends[-1]) == len(bytes(fragment.data))
