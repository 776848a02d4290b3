"""Parts count from 1 in the order their keys appear; a part that was sent keeps its number for good."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from exchange.engine.parts import numbered, parts_of
from exchange.engine.sent import Recalled
from exchange.kernel.pipeline import machine_of
from tests.engine.desk import Desk, Line, export, order

DOCUMENTS = st.lists(st.lists(st.sampled_from(["HAM", "LYO", ""]), max_size=6), max_size=6)


@given(DOCUMENTS)
def test_lines_of_one_key_and_document_are_one_part(documents: list[list[str]]) -> None:
    owner = np.array([place for place, lines in enumerate(documents) for _ in lines], np.int64)
    keys = pa.array([key for lines in documents for key in lines], pa.string())
    expected = [list(dict.fromkeys(lines)).index(key) + 1 for lines in documents for key in lines]

    assert (numbered(keys, owner).tolist() if len(keys) else []) == expected


def test_lines_that_nobody_takes_are_in_no_part(desk: Desk) -> None:
    prepared = desk.prepared(export(order(1, Line("BOWL-OAK"), Line("TEA-ASSAM"), Line("KNIFE-PAR"))))
    machine = machine_of(desk.plan)

    assert parts_of(prepared, np.array([True, True, True]), machine).tolist() == [1, 2, 1]
    assert parts_of(prepared, np.array([False, True, True]), machine).tolist() == [0, 1, 2]
    assert parts_of(prepared, np.array([False, False, False]), machine).tolist() == [0, 0, 0]


def test_part_that_was_sent_keeps_its_number_and_a_new_one_gets_the_next(desk: Desk) -> None:
    lines = [Line("KNIFE-PAR"), Line("TEA-ASSAM"), Line("BOWL-OAK")]
    prepared = desk.prepared(export(order(1), order(2, *lines)))
    machine = replace(machine_of(desk.plan))
    old = pa.table({"warehouse": ["HAM", "ROT"], "_owner": [0, 0], "_part": [1, 2]})
    recalled = Recalled(pa.table({"_number": ["2"]}), old, np.array([1]))

    assert parts_of(prepared, np.ones(4, bool), machine, recalled).tolist() == [1, 3, 1, 3]
