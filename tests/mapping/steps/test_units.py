"""Unit conversion, past its examples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
    lacking = {"table": "packs", "columns": ("item_number", "unit")}
    assert failures[1].detail == {**lacking, "item": "3", "unit": "CS", "cells": ["3", "CS"]}
    assert failures[2].detail["cells"] == ["1", None]


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
    assert [(one.detail["item"], one.detail["unit"]) for one in failures] == [("1", "PC")]


def test_of_two_units_the_one_that_needs_a_line_is_told(run_steps: RunSteps) -> None:
    step = {"to_unit": {"item": "item", "from": "unit", "to": "BX"}}
    beside = {"item": ["1", "1", "1"], "unit": ["DZN", "CS", "OUTER"]}
    _, failures = run_steps([step], [1, 1, 1], beside=beside, tables=[PACKS])
    assert [one.detail["unit"] for one in failures] == ["BX", "BX", "OUTER"], "a dozen is 12 of everything"


def test_units_by_any_of_their_names(run_steps: RunSteps) -> None:
    step = {"to_unit": {"item": "item", "from": "unit", "to": "to"}}
    beside = {
        "item": ["1"] * 7,
        "unit": ["case", "XCS", "cs", "C62", "PCS", "Pallet", "DZN"],
        "to": ["EA", "PCE", "H87", "EA", "C62", "CASE", "XCS"],
    }
    values, failures = run_steps([step], [2, 2, 2, 2, 2, 2, 2], beside=beside, tables=[PACKS])
    assert (values, failures) == ([24, 24, 24, 2, 2, 80, 2], [])


def test_measures_of_an_item_by_a_line_of_their_kind(run_steps: RunSteps) -> None:
    names = ("item_number", "unit", "quantity")
    rolls = Table("packs", names, dict(zip(names, map(pa.array, (["R", "R"], ["EA", "M"], ["20", "1"])), strict=True)))
    step = {"to_unit": {"item": "item", "from": "unit", "to": "EA"}}
    units = ["M", "CMT", "MTR", "in", "KGM", "BOX"]
    values, failures = run_steps(
        [step], [40, 4000, 7, 1, 2, 3], beside={"item": ["R"] * 6, "unit": units}, tables=[rolls]
    )
    assert values == [2, 2, None, None, None, None]
    assert sorted((one.row, one.code) for one in failures) == [
        (2, "UNIT_NOT_WHOLE"),
        (3, "UNIT_NOT_WHOLE"),
        (4, "UNIT_KINDS"),
        (5, "UNIT_UNKNOWN"),
    ]
    [kinds] = [one.detail for one in failures if one.code == "UNIT_KINDS"]
    assert kinds == {"from_unit": "KGM", "to_unit": "EA", "from_kind": "mass", "to_kind": "count"}


def test_measures_need_no_line(run_steps: RunSteps) -> None:
    step = {"to_unit": {"item": "item", "from": "unit", "to": "GRM"}}
    beside = {"item": ["1", None, "1"], "unit": ["kg", "KGM", "MTR"]}
    values, failures = run_steps([step], [3, 2, 1], beside=beside, tables=[PACKS])
    assert values == [3000, 2000, None]
    assert [(one.row, one.code) for one in failures] == [(2, "UNIT_KINDS")]


def test_partial_packs_by_rule(run_steps: RunSteps) -> None:
    beside = {"item": ["1", "1", "1", "1"]}
    for partial, expected in (("round_up", [3, 2, -3, 0]), ("keep", [30, 2, -30, 0])):
        step = {"to_unit": {"item": "item", "from": "EA", "to": "CS", "partial": partial}}
        assert run_steps([step], [30, 24, -30, 0], beside=beside, tables=[PACKS]) == (expected, [])


def test_a_number_where_a_unit_is_named_is_a_problem_of_the_row(run_steps: RunSteps) -> None:
    beside = {"item": ["1"], "unit": [7], "quantity": [30]}
    step = {"to_unit": {"item": "item", "from": "unit", "to": "EA"}}
    values, [failure] = run_steps([step], [30], beside=beside, tables=[PACKS])
    assert (values, failure.code, failure.detail["unit"]) == ([None], "UNIT_UNKNOWN", "7")
    step = {"packed_unit": {"quantity": "quantity", "item": "item", "to": "unit"}}
    values, [failure] = run_steps([step], ["EA"], beside=beside, tables=[PACKS])
    assert (values, failure.code, failure.detail["unit"]) == ([None], "UNIT_UNKNOWN", "7")


def test_the_unit_that_a_kept_quantity_is_in(run_steps: RunSteps) -> None:
    step = {"packed_unit": {"quantity": "quantity", "item": "item", "to": "CS"}}
    beside = {"quantity": [30, 24, None, 5, 1], "item": ["1", "1", "1", "9", "9"]}
    values, failures = run_steps([step], ["EA", "EA", "EA", "CS", "EA"], beside=beside, tables=[PACKS])
    assert values == ["EA", "CS", "EA", "CS", None]
    assert [(one.row, one.code, one.detail["unit"]) for one in failures] == [(4, "UNIT_UNKNOWN", "CS")]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(st.integers(1, 10**6), st.sampled_from(["CS", "PAL", "XPX", "DZN", "GRO"])), min_size=1),
    to=st.sampled_from(["EA", "H87"]),
)
def test_there_and_back_gives_the_same_number(run_steps: RunSteps, rows: list[tuple[int, str]], to: str) -> None:
    """Whatever unit: what came out without a problem goes back to what it was."""
    beside = {"item": ["1"] * len(rows), "unit": [unit for _, unit in rows]}
    there = {"to_unit": {"item": "item", "from": "unit", "to": {"literal": to}}}
    back = {"to_unit": {"item": "item", "from": {"literal": to}, "to": "unit"}}
    given = [number for number, _ in rows]
    made, failures = run_steps([there], given, beside=beside, tables=[PACKS])
    assert (run_steps([back], made, beside=beside, tables=[PACKS]), failures) == ((given, []), [])
