"""What a target's mapping is handed: its own documents and parts, line by line."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from exchange.engine.facts import HELD, OUT
from exchange.engine.handed import Handed, hand_over, selected
from exchange.kernel.pipeline import machine_of
from tests.engine.desk import Desk, Line, export, order

TWO = order(1001, Line("MUG-BLUE", "4"), Line("BOWL-OAK", "1"), Line("TEA-MINT", "3"))


def handed(desk: Desk, target: int, *decided: int) -> Handed:
    prepared = desk.prepared(export(TWO, order(1002)))
    machine = machine_of(desk.plan)
    return hand_over(prepared, np.array(decided or (OUT, OUT)), machine, machine.targets[target], "shopify")


def cells(column: pa.Array) -> list[object]:
    made: list[object] = column.to_pylist()
    return made


def test_a_target_by_parts_gets_a_row_for_each_with_its_lines(desk: Desk) -> None:
    made = handed(desk, 0)

    assert cells(made.header["order_number"]) == ["1001", "1001", "1002"]
    assert cells(made.header["part"]) == [1, 2, 1]
    assert cells(made.header["parts"]) == [2, 2, 1]
    assert cells(made.header["warehouse"]) == ["HAM", "LYO", "HAM"]
    assert made.document.tolist() == [0, 0, 1]
    assert made.owner.tolist() == [0, 0, 1, 2]
    assert made.source.tolist() == [0, 2, 1, 3], "the lines of a part stand together"
    assert cells(made.lines["sku"]) == ["MUG-BLUE", "TEA-MINT", "BOWL-OAK", "TEA-ASSAM"]
    assert made.of_parts == {"part", "parts", "warehouse"}


def test_a_target_by_documents_gets_each_once(desk: Desk) -> None:
    made = handed(desk, 1)

    assert cells(made.header["order_number"]) == ["1001", "1002"]
    assert (made.owner.tolist(), made.source.tolist()) == ([0, 0, 0, 1], [0, 1, 2, 3])
    assert (cells(made.header["channel"]), cells(made.header["action"])) == (["shopify"] * 2, ["new"] * 2)
    assert not made.of_parts


def test_only_what_goes_out_is_handed_over(desk: Desk) -> None:
    made = handed(desk, 1, HELD, OUT)
    prepared = desk.prepared(export(TWO, order(1002)))
    documents, lines = selected(prepared, np.array([HELD, OUT]), machine_of(desk.plan).targets[1])

    assert cells(made.header["order_number"]) == ["1002"]
    assert (documents.tolist(), lines.tolist()) == ([False, True], [False, False, False, True])
