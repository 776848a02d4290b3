"""Faults of records as catalogue codes with all that their messages need."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.formats.delimited.reading import Fault, blank, broken_quotes, key_in, ragged, unreadable, without
from exchange.formats.delimited.scan import scan
from exchange.kernel.layout import Layout
from exchange.kernel.problems import Problem

LAYOUT = Layout(Path("source.csv"), ("x", "y"), b"", 0, 1, "utf-8", "utf-8", ",", b"\n")


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (ragged(3, LAYOUT), "the row has 3 cells, the header has 2 columns"),
        (ragged(1, LAYOUT), "the row has 1 cell, the header has 2 columns"),
        (
            broken_quotes("UNCLOSED_QUOTE", 9, 1),
            "a quote opened in this row is not closed within 1000 lines, 1048576 bytes or the end of the file",
        ),
        (broken_quotes("BROKEN_QUOTE", 9, 1), "there is text between a closing quote and the next delimiter"),
        (
            broken_quotes("RECORD_TOO_LARGE", 9, 1),
            "the record is 9 bytes or 1 line long; the limits are 1048576 bytes and 1000 lines",
        ),
    ],
)
def test_messages_can_be_filled(fault: Fault, message: str) -> None:
    code, detail = fault
    problem = Problem(code, 1, 0, detail=detail)
    assert problem.message == message
    assert problem.remedy


def test_unreadable_records_and_the_mask_without_them() -> None:
    data = b"a\nb\0\xff\nc\0\0\nd\n"
    faults = unreadable(data, scan(data, ord(","), last=True), "utf-8")
    assert {row: code for row, (code, _) in faults.items()} == {1: "UNDECODABLE", 2: "CONTROL_CHARACTER"}
    assert without(4, faults).tolist() == [True, False, False, True]
    assert blank(2).to_pylist() == [None, None]


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("1,K1", "K1"),
        ('1," K1 ",x', "K1"),
        ('1,K1,"open', "K1"),
        ('1,"open', None),
        ('1,"a"b,"', "ab"),
        ("1", None),
        ("1, ,x", None),
        ("1,\xe9", None),
        ("1,\xc3\xa9", "é"),
        ("", None),
        ("1,K," + "x" * 2_000_000, "K"),
        ("x" * 2_000_000 + ",K", None),
        ("1," + "K" * 2_000_000, None),
    ],
)
def test_the_key_of_a_broken_record_is_told_where_it_can_be(raw: str, key: str | None) -> None:
    assert key_in(raw, LAYOUT, 1) == key
