"""What is wrong inside records, found by bytes and told by record."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.formats.delimited import content
from exchange.formats.delimited.content import control_characters, is_mojibake, maybe_mojibake, rows_at, undecodable
from exchange.formats.delimited.scan import Records, scan


def records(data: bytes) -> Records:
    return scan(data, ord(","), last=True)


def test_offsets_lie_in_their_records() -> None:
    found = records(b"a,b\n\nc,d\n")
    assert rows_at(found, np.array([0, 3, 5, 7])).tolist() == [0, 0, 1, 1]


def test_bytes_outside_the_encoding_are_told_with_their_place() -> None:
    data = b"a,b\nc,\xe9\n\xc3\xa9,x\n\x80"
    found = undecodable(data, records(data), "utf-8")
    assert found == {
        1: {"byte": "0xe9", "position": 3, "encoding": "utf-8"},
        3: {"byte": "0x80", "position": 1, "encoding": "utf-8"},
    }
    assert undecodable(data, records(data), "iso8859-1") == {}


def test_the_first_control_character_of_each_record_is_told() -> None:
    data = "a,b\tc\n\x01,\x02\nx\r\ny\ufffe\uffff\n\x1f".encode()
    assert list(control_characters(data, records(data))) == [(1, "U+0001"), (3, "U+FFFE"), (4, "U+001F")]
    far = b"a,b\n" * 300_000 + b"x\x07\n"
    assert list(control_characters(far, records(far))) == [(300_000, "U+0007")]


@pytest.mark.parametrize("text", ["Größe", "Łódź", "5 €", "naïve", "Привет", "😀", "«ok»", "é"])
def test_mojibake_is_recognised(text: str) -> None:
    wrong = b"".join(
        bytes([byte]).decode("cp1252", "ignore").encode() or bytes([byte]).decode("latin-1").encode()
        for byte in text.encode()
    ).decode()
    assert is_mojibake(wrong, "utf-8")
    data = f"a,b\n1,{wrong}\n".encode()
    assert maybe_mojibake(data, records(data), "utf-8") == [1]
    assert not is_mojibake(text, "utf-8")


@pytest.mark.parametrize("text", ["plain", "CAFÉ”", "CAFÉ’S", "“Ü”", "ESPAÑA", "São João", "שלום", "日本", "Å Ä Ö"])
def test_what_people_write_is_no_mojibake(text: str) -> None:
    assert not is_mojibake(text, "utf-8")


@given(st.lists(st.sampled_from([b"\xc3\x83", b"\xc3", b"\xc2\xa9", b"\xe2\x80", b"\xc5\x93", b"\xcb\x86", b"a\n"])))
def test_the_quick_look_for_mojibake_finds_what_the_pattern_finds(parts: list[bytes]) -> None:
    data = b"".join(parts)
    found = records(data)
    at = np.array([match.start() for match in content._READ_AS_UTF8.finditer(data)], np.int64)
    assert maybe_mojibake(data, found, "utf-8") == np.unique(rows_at(found, at)).tolist()
