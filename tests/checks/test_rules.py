"""Rules over columns: what passes, what fails, and that no failing row is lost."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.checks.rules import RuleSet, longest, one_of, pattern, required, shortest

cells = st.lists(st.one_of(st.none(), st.text("ab1\n", max_size=4)), min_size=1, max_size=30)


@given(cells, cells)
@settings(max_examples=60, deadline=None)
def test_every_failing_cell_is_told_once_by_its_first_rule(one: list[str | None], two: list[str | None]) -> None:
    count = min(len(one), len(two))
    columns = {"one": one[:count], "two": two[:count]}
    rules = RuleSet(
        {"one": [required(), longest(2), pattern("[ab]*")], "two": [shortest(1), one_of(["a", "b1"]), longest(1)]}
    )
    expected = []
    for row in range(count):
        for name, codes in (("one", _one(columns["one"][row])), ("two", _two(columns["two"][row]))):
            if codes:
                expected.append((row, name, columns[name][row], codes[0]))
    table = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    assert [(f.row, f.field, f.value, f.code) for f in rules.failures(table)] == expected


def _one(cell: str | None) -> list[str]:
    if cell is None:
        return ["REQUIRED_MISSING"]
    return ["TOO_LONG"] * (len(cell) > 2) + ["PATTERN_MISMATCH"] * bool(set(cell) - {"a", "b"})


def _two(cell: str | None) -> list[str]:
    if cell is None:
        return []
    return ["TOO_SHORT"] * (not cell) + ["NOT_ALLOWED"] * (cell not in {"a", "b1"}) + ["TOO_LONG"] * (len(cell) > 1)


def test_details_fill_the_messages() -> None:
    rules = RuleSet({"a": [longest(2)], "b": [shortest(2)], "c": [pattern("x+")], "d": [one_of(["x", "y"])]})
    row = {"a": "ßßß", "b": "x", "c": "xy", "d": "z"}
    failures = rules.failures({name: pa.array([cell]) for name, cell in row.items()})
    assert {failure.field: failure.detail for failure in failures} == {
        "a": {"limit": 2, "length": 3},
        "b": {"limit": 2, "length": 1},
        "c": {"pattern": "x+"},
        "d": {"allowed": "x, y"},
    }


def test_a_long_list_of_values_is_cut_in_the_message() -> None:
    values = [str(number) for number in range(100)]
    [failure] = RuleSet({"a": [one_of(values)]}).failures({"a": pa.array(["x", "99"])})
    assert str(failure.detail["allowed"]).endswith("28, 29 … (100 values)")


def test_half_a_hundred_thousand_failures_are_all_there() -> None:
    count = 100_000
    table = {"a": pa.array(["x" if row % 2 else "y" for row in range(count)])}
    failures = RuleSet({"a": [one_of(["y"])]}).failures(table)
    assert [failure.row for failure in failures] == list(range(1, count, 2))


def test_nothing_to_check() -> None:
    assert RuleSet({"a": [required()]}).failures({"a": pa.array([], pa.string())}) == []
    assert RuleSet({"a": [required()]}).failures({"b": pa.array(["x"])}) == []
    assert RuleSet({"a": []}).failures({"a": pa.array([None], pa.string())}) == []


def test_a_pattern_that_is_none() -> None:
    with pytest.raises(ValueError, match="missing \\)"):
        pattern("(a")
