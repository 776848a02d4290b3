"""Bytes into text, whatever an editor saved."""

from __future__ import annotations

import pytest

from exchange.config.encodings import decoded


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf_8(encoding: str) -> None:
    assert decoded("a: \xfc\n".encode(encoding)) == ("a: \xfc\n", [])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_utf_16(encoding: str) -> None:
    text, [(place, what)] = decoded("a: \xfc\n".encode(encoding))
    assert text.removeprefix("\ufeff") == "a: \xfc\n"
    assert (place, what) == ((1, 1), "the file is in UTF-16, not in UTF-8")


def test_what_is_not_utf_8_is_told_at_its_letter_and_read_as_windows_saves_it() -> None:
    text, [(place, what)] = decoded("a: 1\nb: c \xfc\n".encode("cp1252"))
    assert text == "a: 1\nb: c \xfc\n"
    assert place == (2, 6)
    assert what == "byte 0xFC is not UTF-8 (perhaps \xfc, saved as Windows-1252 or ANSI)"


def test_letters_before_it_count_as_one_column_each() -> None:
    _, [(place, what)] = decoded("\xfc\xfc".encode() + b"\x81")
    assert (place, what) == ((1, 3), "byte 0x81 is not UTF-8")
