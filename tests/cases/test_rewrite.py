"""What `--update` writes into a cases file, and what it leaves alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.cases.differences import REMOVED
from exchange.cases.rewrite import rewritten
from exchange.config.yamltext import parse

TEXT = """\
# yaml-language-server: $schema=x
# The cases.
cases:
  # the first
  - case: one   # a remark
    given: {rows: [{Name: "#1"}]}
    expect:
      documents:
        - fields: {total: 12.50, number: "007", note: 'x'}   # of the first
          lines:
            - {sku: A, quantity: 2}
            - {sku: B, quantity: 3}
      problems: []
"""
DOCUMENTS = ("cases", 0, "expect", "documents")


def changed(*changes: tuple[tuple[str | int, ...], object]) -> list[tuple[str, str]]:
    """Return the lines that differ: before and after."""
    before, after = TEXT.splitlines(), rewritten(TEXT, changes).splitlines()
    return [(old, new) for old, new in zip(before, after, strict=False) if old != new]


def test_nothing_changes_without_a_change() -> None:
    assert rewritten(TEXT, []) == TEXT


@pytest.mark.parametrize(
    ("field", "value", "written"),
    [
        ("total", "13", 'total: "13", number'),
        ("number", "008", 'number: "008", note'),
        ("note", "NO", 'note: "NO"}'),
        ("note", "", 'note: ""}'),
        ("note", "a b", "note: 'a b'}"),
        ("note", " a", 'note: " a"}'),
    ],
)
def test_one_value_changes_one_line(field: str, value: str, written: str) -> None:
    [(_, after)] = changed(((*DOCUMENTS, 0, "fields", field), value))
    assert written in after
    assert after.endswith("# of the first")


def test_a_whole_number_stays_one() -> None:
    [(_, after)] = changed(((*DOCUMENTS, 0, "lines", 1, "quantity"), "4"))
    assert after.strip() == "- {sku: B, quantity: 4}"


def test_entries_are_added_as_the_others_are_written_and_taken_away() -> None:
    text = rewritten(TEXT, [((*DOCUMENTS, 0, "lines", 2), {"sku": "C", "quantity": "1"})])
    assert '            - {sku: B, quantity: 3}\n            - {sku: C, quantity: "1"}\n' in text

    text = rewritten(TEXT, [((*DOCUMENTS, 0, "lines", number), REMOVED) for number in (0, 1)])
    assert "sku" not in text
    assert "# of the first" in text


def test_a_missing_block_is_written() -> None:
    text = rewritten("cases:\n- case: x\n  given: {rows: [{a: b}]}\n", [(("cases", 0, "expect"), {"documents": []})])
    assert text == "cases:\n- case: x\n  given: {rows: [{a: b}]}\n  expect:\n    documents: []\n"


def test_problems_are_replaced_or_taken_away() -> None:
    place = ("cases", 0, "expect", "problems")
    assert "      problems:\n        - {code: LOOKUP_MISS, row: 1}\n" in rewritten(
        TEXT, [(place, [{"code": "LOOKUP_MISS", "row": 1}])]
    )
    assert "problems" not in rewritten(TEXT, [(place, REMOVED)])


@given(st.text())
def test_whatever_is_written_is_read_again(value: str) -> None:
    """Every text that a file can hold comes back as it was; what YAML cannot hold at all is escaped."""
    place = (*DOCUMENTS, 0, "fields", "note")
    text = rewritten(TEXT, [(place, value)])
    read = parse(text.encode("utf-8", "surrogatepass"))
    if not any(0xD800 <= ord(letter) <= 0xDFFF for letter in value):
        assert read.faults == ()
        assert read.data["cases"][0]["expect"]["documents"][0]["fields"]["note"] == value
