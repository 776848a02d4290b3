"""Scattered rows give the documents that contiguous ones give."""

from __future__ import annotations

from typing import Any

import pyarrow.compute as pc
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.engine.prepared import Spool
from exchange.kernel.pipeline import machine_of
from tests.engine.desk import Desk, Line, claim_of, cut, header, order, rows_of

ORDERS = [
    order(1001, Line("TEA-ASSAM", "2"), Line("POT-CAST"), Line("BOWL-OAK", "3")),
    order(1002, Line("TEA-MINT")),
    order(1003, Line("NOT-SOLD"), Line("SOAP-OLIVE", "4")),
    order(1004, Line("LAMP-SHIP"), Line("MUG-SAND", "two")),
    order(1005, Line("KNIFE-PAR"), Line("APRON-LIN")),
]
ROWS = rows_of(ORDERS)
PLACE = {"_first", "_line", "_record", "_start", "_owner"}
"""Columns that say where a row lies: these differ, all others must not."""


def documents(spool: Spool, void: set[tuple[int, int]]) -> dict[str, Any]:
    """Return by key what is known of each document: header, lines in file order, problems."""
    found: dict[str, Any] = {}
    for index in range(len(spool)):
        prepared = spool.get(index)
        for row, cells in enumerate(prepared.header.to_pylist()):
            if (index, row) in void:
                continue
            lines = prepared.lines.filter(pc.equal(prepared.lines.column("_owner"), row)).to_pylist()
            assert cells["_key"] not in found, "one document came twice"
            assert [line["_record"] for line in lines] == sorted(line["_record"] for line in lines)
            found[cells["_key"]] = (
                {name: value for name, value in cells.items() if name not in PLACE},
                [{name: value for name, value in line.items() if name not in PLACE} for line in lines],
                sorted((p.code, p.field or "", p.value or "") for at, p in prepared.problems if at == row),
            )
    return found


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.permutations(range(len(ROWS))), st.lists(st.integers(1, len(ROWS) - 1), max_size=4))
def test_rows_in_any_order_over_any_spans_give_the_same_documents(
    desk: Desk, places: list[int], borders: list[int]
) -> None:
    # A document's own rows stay in their order: which is line 1 is told by the file alone.
    queues = {number: [text for own, text in ROWS if own == number] for number, _ in ROWS}
    shuffled = "".join(queues[ROWS[place][0]].pop(0) for place in places)
    plain = desk.layout(header() + "".join(text for _, text in ROWS), "plain.csv")
    mixed = desk.layout(header() + shuffled, "mixed.csv")

    expected = documents(*desk.spooled(plain, list(machine_of(desk.plan).reader.spans(plain)), claim_of("plain")))
    got = documents(*desk.spooled(mixed, cut(mixed, desk.plan, borders), claim_of("mixed")))

    assert got == expected
    assert [len(lines) for _, lines, _ in expected.values()] == [3, 1, 2, 2, 2]


def test_documents_in_one_span_each_are_left_alone(desk: Desk) -> None:
    layout = desk.layout(header() + "".join(text for _, text in ROWS))

    spool, void = desk.spooled(layout, cut(layout, desk.plan, [3, 4, 6, 8]), claim_of())

    assert void == set()
    assert len(spool) == 5


def test_a_torn_document_is_void_where_it_was_and_whole_in_a_span_of_its_own(desk: Desk) -> None:
    layout = desk.layout(header() + "".join(text for _, text in ROWS))

    spool, void = desk.spooled(layout, cut(layout, desk.plan, [2, 5]), claim_of())

    assert void == {(0, 0), (1, 0), (1, 2), (2, 0)}
    assert spool.get(3).header.column("_key").to_pylist() == ["#1001", "#1003"]
    assert spool.get(3).lines.column("_record").to_pylist() == [0, 1, 2, 4, 5]
