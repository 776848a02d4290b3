"""Formats as people write them: what cannot be meant is refused where it is written."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from exchange.config.formats import CsvFormat, FixedFormat, JsonlFormat, XlsxFormat
from tests.formats.fixed.telegrams import WAMAS

RECORD = {"name": "a", "fields": [{"name": "x", "length": 1}]}


def test_only_some_records_hold_their_lines() -> None:
    assert FixedFormat.model_validate(WAMAS).nests
    assert not FixedFormat.model_validate({"type": "fixed", "records": [RECORD]}).nests
    assert (JsonlFormat(lines="items").nests, JsonlFormat().nests, CsvFormat().nests) == (True, False, False)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({"records": []}, "at least 1 item"),
        ({"records": [RECORD, RECORD]}, "two records have the same `code`"),
        ({"records": [{"name": "a", "role": "head"}]}, "'file', 'document'"),
        ({"records": [{"name": "a", "fields": [{"name": "x", "length": 0}]}]}, "greater than or equal to 1"),
        ({"records": [RECORD], "encoding": "utf8x"}, "expected an encoding such as"),
    ],
)
def test_fixed_width_that_cannot_be(written: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        FixedFormat.model_validate({"type": "fixed", **written})


@pytest.mark.parametrize("name", ["x" * 32, "a/b", "a[1]", "'a", "a'"])
def test_no_sheet_can_be_called_so(name: str) -> None:
    with pytest.raises(ValidationError, match="no sheet can be called so"):
        XlsxFormat(type="xlsx", sheet=name)


def test_dialects() -> None:
    made = CsvFormat.model_validate({"delimiter": "||", "footer": "total", "header_has": ["a"], "skip": 3})
    assert (made.delimiter, made.footer, made.header_has, made.skip) == ("||", ("total",), ("a",), 3)
    for wrong in ({"footer": "("}, {"skip": -1}, {"fallback_encoding": "x1"}, {"quote": "single"}):
        with pytest.raises(ValidationError):
            CsvFormat.model_validate(wrong)
