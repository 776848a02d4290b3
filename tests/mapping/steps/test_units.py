"""Unit conversion, past its examples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa

from exchange.kernel.chunk import CellFailure
from exchange.kernel.table import Table

RunSteps = Callable[..., tuple[list[Any], list[CellFailure]]]


PACKS = Table(
    "packs",
    ("item_number", "unit", "quantity"),
    {
        "item_number": pa.array(["1", "1", "2", None]),
        "unit": pa.array(["CS", "PAL", "CS", None]),
        "quantity": pa.array(["12", "480", "5", None]),
    },
)


def test_each_row_by_its_own_item_and_unit(run_steps: RunSteps) -> None:
    step = {"to_unit": {"item": "item", "from": "unit", "to": {"literal": "EA"}}}
    beside = {
        "item": ["1", "2", "3", None, "1", "3", "1", "1"],
        "unit": ["CS", "CS", "EA", "EA", "EA", "CS", None, "CS"],
    }
    values, failures = run_steps([step], [2, 3, 4, 5, None, 6, 7, 10**12], beside=beside, tables=[PACKS])
    assert values == [24, 15, 4, 5, None, None, None, None]
    assert [(one.row, one.code) for one in failures] == [(7, "OUT_OF_RANGE"), (5, "UNIT_UNKNOWN"), (6, "UNIT_UNKNOWN")]
    assert failures[1].detail == {"table": "packs", "item": "3", "unit": "CS"}


def test_a_fraction_of_a_pack_is_refused(run_steps: RunSteps) -> None:
    step = {"to_unit": {"item": "item", "from": "EA", "to": "CS"}}
    values, failures = run_steps([step], [24, 25], beside={"item": ["1", "1"]}, tables=[PACKS])
    assert values == [2, None]
    [failure] = failures
    assert (failure.row, failure.value, failure.code) == (1, "25", "UNIT_NOT_WHOLE")
    assert failure.detail == {"from_unit": "EA", "to_unit": "CS", "pack": 12}


def test_a_table_line_for_the_base_unit_counts(run_steps: RunSteps) -> None:
    table = Table(
        "packs",
        PACKS.columns,
        {"item_number": pa.array(["1"]), "unit": pa.array(["EA"]), "quantity": pa.array(["2"])},
    )
    step = {"to_unit": {"item": "item", "from": "EA", "to": "PC"}}
    _, failures = run_steps([step], [1], beside={"item": ["1"]}, tables=[table])
    assert [one.detail for one in failures] == [{"table": "packs", "item": "1", "unit": "PC"}]
