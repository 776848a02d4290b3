"""Rejects: one a document, numbered in file order, each row with the first of its problems."""

from __future__ import annotations

import base64
import json

import numpy as np

from exchange.engine.facts import OUT, REJECTED, SpanFacts
from exchange.engine.rejects import Collector, Rejected, as_line, problem_lines, reject_rows
from exchange.kernel.chunk import BrokenRecord
from exchange.kernel.limits import RAW_REJECT_BYTES
from exchange.kernel.pipeline import machine_of
from exchange.kernel.problems import Problem
from tests.engine.desk import Desk, Line, claim_of, export, order

BLANK = Problem("REQUIRED_MISSING", 3, 1, "Email")
OTHER = Problem("NOT_AN_INTEGER", 3, 1, "Lineitem quantity", "two")
WHOLE = Problem("TOTALS_MISMATCH", 2, None, "Total", "1", {"formula": "f", "left": 1, "right": 2, "tolerance": 0})
TORN = Problem("ROW_TOO_LONG", 5, 3, detail={"cells": 3, "columns": 2})


def rows(*records: int) -> np.ndarray:
    """Return (record, line, start, length) of some rows."""
    return np.array([(record, record + 2, record * 10, 9) for record in records], np.int64).reshape(-1, 4)


def test_documents_are_collected_with_all_their_rows(desk: Desk) -> None:
    prepared = desk.prepared(export(order(1001), order(1002, Line("POT-CAST"), Line("TEA-MINT")), order(1003)))
    facts = SpanFacts(np.array([OUT, REJECTED, REJECTED]), ["", "", ""], {1: [OTHER], 2: [BLANK]})
    collector = Collector()

    collector.add(prepared, facts)
    collector.add_broken(
        [
            BrokenRecord(4, 6, 400, 9, "#1002", TORN),
            BrokenRecord(5, 7, 500, 9, "#1009", TORN),
            BrokenRecord(6, 8, 600, 9, "#1009", TORN),
            BrokenRecord(7, 9, 700, 9, None, TORN),
        ]
    )

    found = collector.in_file_order(claim_of())
    assert [(made.number.lstrip("#"), made.rows[:, 0].tolist(), len(made.broken)) for made in found] == [
        ("1002", [1, 2], 1),
        ("1003", [3], 0),
        ("1009", [], 2),
        ("", [], 1),
    ]
    assert [made.id[-4:] for made in found] == ["0001", "0002", "0003", "0004"]
    assert found[0].problems == [OTHER, TORN]
    assert [made.number.lstrip("#") for made in collector.alone()] == ["1009", ""]


def test_a_row_shows_the_first_of_its_own_problems() -> None:
    made = Rejected("1001", 0, 2, [WHOLE, BLANK, OTHER], rows(0, 1, 2), id="c-0001")

    shown = list(reject_rows([made]))

    assert [(start, length, cells[:2], cells[4]) for start, length, cells in shown] == [
        (0, 9, ("c-0001", "2"), "TOTALS_MISMATCH"),
        (10, 9, ("c-0001", "3"), "REQUIRED_MISSING"),
        (20, 9, ("c-0001", "4"), ""),
    ]
    assert shown[1][2] == ("c-0001", "3", "Email", "", "REQUIRED_MISSING", "Email is blank", "fill it")


def test_every_problem_is_a_line_of_json_and_unreadable_records_come_as_bytes(desk: Desk) -> None:
    text = export(order(1001))
    layout = desk.layout(text)
    torn = BrokenRecord(3, 5, 0, RAW_REJECT_BYTES + 1, "#1001", TORN)
    made = Rejected("1001", 0, 2, [BLANK, TORN], rows(0), [torn], id="c-0001")

    told = [
        json.loads(line)
        for line in problem_lines([made], machine_of(desk.plan).set_aside.raw_record, claim_of("a.csv"), layout)
    ]

    assert [(row["code"], row["reject_id"], row["document"], row["file"], row["line"]) for row in told] == [
        ("REQUIRED_MISSING", "c-0001", "1001", "a.csv", 3),
        ("ROW_TOO_LONG", "c-0001", "1001", "a.csv", 5),
    ]
    assert "raw" not in told[0]
    assert told[1]["raw_bytes"] == RAW_REJECT_BYTES + 1
    assert base64.b64decode(told[1]["raw_base64"]) == text.encode()
    assert told[1]["raw"] == text


def test_a_line_is_one_line_whatever_is_in_it() -> None:
    assert as_line({"value": "a\nb\u2028ü"}).count(b"\n") == 1
