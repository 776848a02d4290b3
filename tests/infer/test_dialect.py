"""Delimiters, quotes, and what stands around the rows."""

from __future__ import annotations

import pytest

from exchange.infer.dialect import Dialect, suggest_dialect


def dialect(text: str, *, whole: bool = True) -> Dialect:
    found = suggest_dialect(text, whole=whole)
    assert found is not None
    return found


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "||", "~", "^"])
def test_the_delimiter_that_makes_regular_columns(delimiter: str) -> None:
    text = "\n".join(delimiter.join(row) for row in [("no", "name", "date"), ("1", "a b", "2026"), ("2", "c", "2027")])

    assert dialect(text + "\n").keys == {"delimiter": delimiter}


def test_commas_in_quotes_and_decimal_commas_mislead_nobody() -> None:
    assert dialect('no;total;name\n1;2,50;"a, b, c"\n2;3,75;"d; e"\n').keys == {"delimiter": ";"}


def test_a_line_for_excel_says_it_itself() -> None:
    assert dialect("sep=;\na;b\n1,2;3,4\n").keys == {"delimiter": ";"}


def test_quotes_that_mean_nothing() -> None:
    found = dialect('no\tname\n1\t"a" disk\n2\t5" disk\n3\t"open\n4\tx\n')

    assert found.keys == {"delimiter": "\t", "quote": "none"}
    assert "quote: quotes stand inside of cells and mean nothing" in found.reasons


def test_lines_before_the_header_comments_and_a_footer() -> None:
    found = dialect("Report of Monday\n\n# made by x\nno,sku,qty\n1,a,2\n2,b,3\n83 record(s) downloaded,,\n")

    assert found.keys == {
        "delimiter": ",",
        "comment": "#",
        "header_has": ["no", "sku", "qty"],
        "footer": [r"[0-9]+\ record\(s\)\ downloaded"],
    }


def test_a_first_column_that_begins_with_a_number_sign_is_no_comment() -> None:
    assert dialect("Name,Total\n#1001,2\n#1002,3\n").keys == {"delimiter": ","}


def test_no_header_and_doubled_columns_are_told() -> None:
    assert "looks like data" in dialect("1001,2026-03-04\n1002,2026-03-05\n").warnings[0]
    assert 'the column "a" stands there 2 times' in dialect("a,a\n1,2\n").warnings[0]


def test_text_without_columns_is_none() -> None:
    assert suggest_dialect("just\nsome\nwords\n", whole=True) is None
    assert suggest_dialect("", whole=True) is None
