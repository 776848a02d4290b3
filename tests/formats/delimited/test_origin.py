"""A chunk is told in the words of the file as it came."""

from __future__ import annotations

from array import array
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from exchange.formats.delimited.origin import as_it_came
from exchange.kernel.chunk import BrokenRecord, Chunk, Positions, frame
from exchange.kernel.layout import Layout
from exchange.kernel.problems import Problem

LAYOUT = Layout(Path("x"), ("a",), b"a", 2, 2, "utf-8", "utf-8", ",", b"\n")
WHERE = Positions(np.array([4, 6]), np.array([6, 8]), np.array([20, 30]), np.array([2, 2]))
MOJIBAKE = Problem("MOJIBAKE", 8, 6, "a", "x")
SHORT = Problem("ROW_TOO_SHORT", 7, 5, detail={"cells": 1, "columns": 2})
CHUNK = Chunk(frame({"a": pa.array(["x", "y"])}), WHERE, (BrokenRecord(5, 7, 25, 2, "guess", SHORT),), (MOJIBAKE,))


def test_a_file_that_was_not_flattened_is_left_alone() -> None:
    assert as_it_came(CHUNK, LAYOUT) is CHUNK


def test_lines_are_those_of_the_source() -> None:
    made = as_it_came(CHUNK, replace(LAYOUT, lines=array("q", range(100, 110))))
    assert made.positions.file_line.tolist() == [104, 106]
    assert [(each.record, each.file_line) for each in made.problems] == [(6, 106)]
    [broken] = made.broken
    assert (broken.file_line, broken.key, broken.problem.code, broken.problem.file_line) == (
        105,
        "guess",
        "ROW_TOO_SHORT",
        105,
    )


def test_what_was_found_while_flattening_is_added_where_it_belongs() -> None:
    told = Problem("NOT_A_SINGLE_VALUE", field="a", detail={"found": "x"})
    elsewhere = Problem("NOT_A_SINGLE_VALUE", 42, field="b", detail={"found": "x"})
    made = as_it_came(CHUNK, replace(LAYOUT, found={4: (told, elsewhere), 5: (told,), 99: (told,)}, broken={5: None}))
    assert [(each.record, each.file_line, each.code) for each in made.problems] == [
        (4, None, "NOT_A_SINGLE_VALUE"),
        (4, 42, "NOT_A_SINGLE_VALUE"),
        (6, 8, "MOJIBAKE"),
    ]
    [broken] = made.broken
    assert (broken.key, broken.problem.code, broken.problem.record) == (None, "NOT_A_SINGLE_VALUE", 5)
