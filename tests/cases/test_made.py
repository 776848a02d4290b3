"""How a problem reads in one line."""

from __future__ import annotations

import pytest

from exchange.cases.made import MadeProblem


@pytest.mark.parametrize(
    ("row", "line", "place"), [(2, None, "(row 2)"), (None, 7, "(line 7)"), (None, None, "(the file)")]
)
def test_a_problem_says_where(row: int | None, line: int | None, place: str) -> None:
    assert str(MadeProblem("NOT_A_DATE", "Created at", row, line, "x", "m")) == f"NOT_A_DATE of Created at {place}: m"
