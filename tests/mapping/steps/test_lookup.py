"""Look-ups, past their examples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa

from exchange.kernel.chunk import CellFailure
from exchange.kernel.limits import MISTAKE_VALUE
from exchange.kernel.problems import Problem
from exchange.kernel.table import Table

RunSteps = Callable[..., tuple[list[Any], list[CellFailure]]]


TABLE = Table(
    "units",
    ("item", "unit", "code"),
    {
        "item": pa.array(["1", "1", "2", None, "2"]),
        "unit": pa.array(["CS", "EA", "CS", "EA", "CS"]),
        "code": pa.array(["a", None, "b", "c", "b"]),
    },
)


def test_a_composite_key_needs_every_part(run_steps: RunSteps) -> None:
    step = {"lookup": {"table": "units", "key": ["item", "unit"], "value": "code"}}
    values, failures = run_steps([step], ["1", "1", "2", "9", None], ["CS", "EA", "CS", "CS", "CS"], tables=[TABLE])
    assert values == ["a", None, "b", None, None]
    assert [(one.row, one.value, one.code, one.detail) for one in failures] == [
        (
            3,
            "9",
            "LOOKUP_MISS",
            {
                "key": "item, unit",
                "columns": ("item", "unit"),
                "table": "units",
                "value": "item 9, unit CS",
                "cells": ["9", "CS"],
            },
        )
    ]


def test_a_composite_key_that_is_missed_is_told_with_every_part(run_steps: RunSteps) -> None:
    """The first column has a 1: `'1' is not in the column` would be false, and `add a line for '1'` no help."""
    step = {"lookup": {"table": "units", "key": ["item", "unit"], "value": "code"}}
    _, [pack, long] = run_steps([step], ["1", "1", "2"], ["EA", "PK", "x" * 500], tables=[TABLE])
    told = Problem(pack.code, field=pack.field, value=pack.value, detail=pack.detail)
    assert told.message == "field: 'item 1, unit PK' is not in the column 'item, unit' of table units"
    assert told.remedy.startswith("add a line for 'item 1, unit PK' to mappings/tables/units.csv, then")
    assert len(str(long.detail["value"])) < MISTAKE_VALUE + 20


def test_an_empty_table_misses_everything(run_steps: RunSteps) -> None:
    empty = Table("none", ("a", "b"), {"a": pa.array([], pa.string()), "b": pa.array([], pa.string())})
    step = {"lookup": {"table": "none", "key": "a", "value": "b", "default": "x"}}
    assert run_steps([step], ["1", None], tables=[empty])[0] == ["x", None]
