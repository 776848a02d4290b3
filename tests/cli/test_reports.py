"""How reports read."""

from __future__ import annotations

from exchange.cli.reports import counts, report_lines
from exchange.kernel.model import Counts, FileReport, Kept, Preview, Refused, Sample


def test_dispositions_that_occur() -> None:
    assert counts(Counts(6, 3, 0, 2, 1)) == "3 out, 2 filtered, 1 held"
    assert counts(Counts()) == "nothing"


def test_a_report_has_the_numbers_first_then_what_to_do() -> None:
    report = FileReport(
        "orders",
        "c",
        "day.csv",
        "ab",
        "done",
        Counts(3, 2, 1),
        Counts(2, 1, 1),
        ({"path": "out/a.xml", "records": 1},),
        ("rejects/a.csv",),
        {"TOO_LONG": 1, "LOOKUP_MISS": 2},
        1.26,
        ("a\x07",),
    )

    assert list(report_lines(report)) == [
        "orders: day.csv (claim c) done in 1.3 s",
        "  in 2 documents (3 records): 1 out, 1 rejected",
        "  out   out/a.xml (1 record)",
        "      2 x LOOKUP_MISS: Not found in a table",
        "      1 x TOO_LONG: Longer than allowed",
        "  fix   rejects/a.csv",
        "  note  a\\x07",
    ]


def test_a_dry_run_shows_how_outputs_begin_and_what_stays() -> None:
    preview = Preview(
        (Sample("wms", "a.xml", "<a>\n  <b/>\n"),),
        (
            Refused("1002", "LOOKUP_MISS", 3, "SKU", "it is not there", ""),
            Refused("", "FILE_EMPTY", None, None, "empty", ""),
        ),
        (Kept("unpaid", 7, ("1", "2")),),
        (Kept("voided", 1, ("9",)),),
    )
    report = FileReport("orders", "c", "day.csv", "ab", "dry run", Counts(), Counts(), preview=preview)

    assert list(report_lines(report))[1:] == [
        "  a.xml for wms would begin:",
        "    | <a>",
        "    |   <b/>",
        "  would be rejected:",
        "    1002: line 3: LOOKUP_MISS: it is not there",
        "    (no number): FILE_EMPTY: empty",
        "  would be held: 7 (unpaid): 1, 2 ...",
        "  would be filtered: 1 (voided): 9",
    ]
