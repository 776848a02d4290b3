"""The shipped suite of formats: ours that have a record in each row pass it."""

from __future__ import annotations

from exchange.testing.formats import FormatSuite

_GOOD = "number,at,status,currency,total,note,sku,quantity,price\n1,2026-03-02,paid,EUR,1,,A,1,1\n"


class TestDelimited(FormatSuite):
    """CSV."""

    format = "{type: csv}"
    suffix = ".csv"
    texts = (*FormatSuite.texts, "two\nlines")
    broken = (_GOOD + "2,too,short\n3,2026-03-02,paid,EUR,1,,A,1,1\n").encode()


class TestJsonLines(FormatSuite):
    """JSON Lines."""

    format = "{type: jsonl}"
    suffix = ".jsonl"
    texts = (*FormatSuite.texts, "two\nlines")
    broken = b'{"number": "1"}\n{"number": "2"\n{"number": "3"}\n'


class TestWorkbooks(FormatSuite):
    """Workbooks."""

    format = "{type: xlsx}"
    suffix = ".xlsx"
