"""Look-ups, past their examples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa

from exchange.kernel.chunk import CellFailure
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
        (3, "9", "LOOKUP_MISS", {"key": "item, unit", "table": "units"})
    ]


def test_an_empty_table_misses_everything(run_steps: RunSteps) -> None:
    empty = Table("none", ("a", "b"), {"a": pa.array([], pa.string()), "b": pa.array([], pa.string())})
    step = {"lookup": {"table": "none", "key": "a", "value": "b", "default": "x"}}
    assert run_steps([step], ["1", None], tables=[empty])[0] == ["x", None]
