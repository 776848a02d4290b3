"""Table schemas: where constraints hold, and what a failure says."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from exchange.checks.table import TableCheck, schema_mistakes
from exchange.config.models import TableSchema
from exchange.kernel.catalogue import CATALOGUE
from exchange.kernel.problems import Problem

SCHEMA = TableSchema.model_validate(
    {
        "fields": [
            {"name": "Name", "constraints": {"required": True, "pattern": r"#?\d+"}},
            {
                "name": "Status",
                "required_on": "first_row",
                "constraints": {"required": True, "enum": ["paid", "pending"]},
            },
            {"name": "Note", "constraints": {"minLength": 2, "maxLength": 3}},
            {"name": "Old", "optional": True, "constraints": {"required": True}},
            {"name": "Free"},
        ]
    }
)
FIRST = np.array([True, False, True, False])


def table(**columns: list[str | None]) -> dict[str, pa.Array]:
    base: dict[str, list[str | None]] = {"Name": ["#1", "#1", "2", "2"], "Status": ["paid", None, "pending", None]}
    return {name: pa.array(cells, pa.string()) for name, cells in {**base, **columns}.items()}


def test_a_clean_table() -> None:
    assert TableCheck(SCHEMA).check(table(Note=["ab", None, "abc", None], Free=[None] * 4), FIRST) == []


def test_failures_by_row_with_their_messages() -> None:
    bad = table(Name=["#1", None, "x2", "2"], Status=[None, "nope", "open", None], Note=["a", "ab", "abcd", None])
    failures = TableCheck(SCHEMA).check(bad, FIRST)
    assert [(f.row, f.field, f.value, f.code) for f in failures] == [
        (0, "Note", "a", "TOO_SHORT"),
        (0, "Status", None, "REQUIRED_MISSING"),
        (1, "Name", None, "REQUIRED_MISSING"),
        (2, "Name", "x2", "PATTERN_MISMATCH"),
        (2, "Note", "abcd", "TOO_LONG"),
        (2, "Status", "open", "NOT_ALLOWED"),
    ]
    messages = [Problem(f.code, field=f.field, value=f.value, detail=f.detail).message for f in failures]
    assert messages[0] == "Note: 1 character, at least 2 are needed ('a')"
    assert messages[5] == "Status: 'open' is not one of paid, pending"
    assert all(failure.code in CATALOGUE for failure in failures)


def test_a_pattern_has_to_match_from_end_to_end() -> None:
    bad = table(Name=["#1\n", "1a", "a1", "#12"])
    assert [failure.row for failure in TableCheck(SCHEMA).check(bad, FIRST)] == [0, 1, 2]


def test_an_optional_column_is_checked_where_it_exists() -> None:
    assert [f.row for f in TableCheck(SCHEMA).check(table(Old=["a", None, "b", None]), FIRST)] == [1, 3]


def test_no_rows() -> None:
    assert TableCheck(SCHEMA).check({name: cells[:0] for name, cells in table().items()}, np.array([], np.bool_)) == []


def test_mistakes_of_a_schema() -> None:
    schema = TableSchema.model_validate(
        {
            "fields": [
                {"name": "a", "constraints": {"pattern": "(x"}},
                {"name": "b", "constraints": {"minLength": 3, "maxLength": 2}},
                {"name": "a"},
            ]
        }
    )
    assert [(path, what.split(":")[0]) for path, what, _ in schema_mistakes(schema)] == [
        (("fields", 0, "constraints", "pattern"), "not a regular expression"),
        (("fields", 1, "constraints", "minLength"), "more than maxLength (2)"),
        (("fields", 2, "name"), "the column 'a' is declared twice"),
    ]
    assert schema_mistakes(SCHEMA) == []
