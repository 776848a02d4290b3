"""Rows become documents whatever order they come in."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from exchange.engine.group import Grouping, contradictions, group
from exchange.kernel.chunk import Positions
from exchange.kernel.limits import DOCUMENT_ROWS

STARTS = ("Id", "Total")


def columns(*rows: tuple[str | None, ...]) -> dict[str, pa.Array]:
    """Return the columns Name, Id, Total, Email of some rows."""
    names = ("Name", "Id", "Total", "Email")
    return {name: pa.array([row[place] for row in rows], pa.string()) for place, name in enumerate(names)}


def positions(rows: int) -> Positions:
    """Return positions of rows of ten bytes on lines from 2."""
    at = np.arange(rows)
    return Positions(at, at + 2, at * 10, np.full(rows, 9))


def found(given_: dict[str, pa.Array], made: Grouping) -> list[tuple[int, str, int | None, str | None]]:
    """Return (document, code, line, value) of what contradicts itself."""
    where = positions(len(given_["Name"]))
    if made.order is not None:
        given_ = {name: column.take(pa.array(made.order)) for name, column in given_.items()}
        where = where.take(made.order)
    on_head = {name: given_[name].take(pa.array(made.head)) for name in ("Id", "Total", "Email")}
    problems = contradictions(given_, on_head, made, where, STARTS)
    return [(document, problem.code, problem.file_line, problem.value) for document, problem in problems]


def test_rows_that_lie_together_stay_as_they_are() -> None:
    given_ = columns(("#1", "a", "5", "x"), ("#1", None, None, None), ("#2", "b", "6", None))

    made = group(given_, "Name", STARTS)

    assert made.order is None
    assert made.owner.tolist() == [0, 0, 1]
    assert (made.first.tolist(), made.head.tolist(), made.keys.to_pylist()) == ([0, 2], [0, 2], ["#1", "#2"])
    assert found(given_, made) == []


def test_blank_keys_are_documents_of_their_own() -> None:
    made = group(columns((None, "a", "5", None), (" ", None, None, None), ("#1", "b", "6", None)), "Name", STARTS)

    assert made.owner.tolist() == [0, 1, 2]
    assert made.keys.to_pylist() == [None, None, "#1"]


def test_header_is_found_behind_other_rows() -> None:
    given_ = columns(("#1", None, None, "x"), ("#1", "a", "5", "x"))

    made = group(given_, "Name", STARTS)

    assert (made.first.tolist(), made.head.tolist()) == ([0], [1])
    assert found(given_, made) == []


def test_second_start_is_a_duplicate_and_disagrees_about_nothing_else() -> None:
    given_ = columns(("#1", "a", "5", "x"), ("#1", "a", "6", "y"))

    assert found(given_, group(given_, "Name", STARTS)) == [(0, "DUPLICATE_IN_FILE", 3, "#1")]


def test_no_start_and_a_header_cell_that_differs() -> None:
    orphan = columns(("#1", None, None, "x"))
    differs = columns(("#1", "a", "5", "x"), ("#1", None, None, "y"), ("#1", None, None, "x"))

    assert found(orphan, group(orphan, "Name", STARTS)) == [(0, "ORPHAN_LINES", 2, "#1")]
    assert found(differs, group(differs, "Name", STARTS)) == [(0, "HEADER_DISAGREES", 3, "y")]


def test_too_many_rows_are_no_document() -> None:
    given_ = columns(("#1", "a", "5", None), *[("#1", None, None, None)] * DOCUMENT_ROWS)

    assert found(given_, group(given_, "Name", STARTS)) == [(0, "DOCUMENT_TOO_LARGE", 2, "#1")]


def test_nothing_is_no_document() -> None:
    assert group(columns(), "Name", STARTS).size == 0


@given(
    st.lists(st.tuples(st.sampled_from(["#1", "#2", "#3", "#4", None]), st.booleans()), max_size=30),
    st.sampled_from([STARTS, ()]),
)
def test_every_row_has_one_owner_and_documents_come_by_first_row(
    rows: list[tuple[str | None, bool]], starts: tuple[str, ...]
) -> None:
    made = group(columns(*[(key, "x" if begins else None, None, None) for key, begins in rows]), "Name", starts)
    order = np.arange(len(rows)) if made.order is None else made.order
    members: dict[int, list[int]] = {}
    for place, owner in enumerate(made.owner.tolist()):
        members.setdefault(owner, []).append(int(order[place]))

    expected: dict[object, list[int]] = {}
    for row, (key, _) in enumerate(rows):
        expected.setdefault(key if key is not None else row, []).append(row)
    assert sorted(order.tolist()) == list(range(len(rows)))
    by_key = {tuple(found_) for found_ in members.values()}
    assert by_key == {tuple(found_) for found_ in expected.values()}
    assert made.owner.tolist() == sorted(made.owner.tolist())
    assert [order[head] in members[document] for document, head in enumerate(made.head.tolist())] == [True] * made.size
    if starts:
        for document, found_ in members.items():
            begins = [row for row in found_ if rows[row][1]]
            assert (document in made.headless) == (not begins)
            assert int(order[made.head[document]]) == (begins or found_)[0]
            assert [int(order[row]) for row in made.second_starts if made.owner[row] == document] == begins[1:]


def test_lines_of_one_row_do_not_start_its_document_again() -> None:
    given_ = columns(("#1", "a", "5", "x"), ("#1", "a", None, None), ("#1", "a", "5", "x"))
    once = {"Id": pa.array(["a", None, "a"]), "Total": pa.array(["5", None, "5"])}

    assert group(given_, "Name", STARTS).second_starts.tolist() == [1, 2]
    assert group(given_, "Name", STARTS, once).second_starts.tolist() == [2]
