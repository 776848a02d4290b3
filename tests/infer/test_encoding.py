"""Which encoding is suggested, and what the reason says."""

from __future__ import annotations

import codecs

import pytest

from exchange.infer.encoding import decoded, suggest_encoding


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"a,b\n1,2\n", "utf-8", "only ASCII"),
        ("Größe\n".encode(), "utf-8", '"Größe"'),
        ("Größe\n".encode()[:3], "utf-8", "all bytes are valid UTF-8"),
        ("a\nGröße\n".encode("cp1252"), "cp1252", 'line 2 is not UTF-8 (byte 0xf6); cp1252 reads "Größe"'),
        ("a\x81\n".encode("latin-1"), "iso-8859-1", "iso-8859-1 reads"),
        (codecs.BOM_UTF8 + b"a", "utf-8", "byte order mark"),
        ("a,b".encode("utf-16"), "utf-16", "byte order mark"),
        ("number,total\n".encode("utf-16-le"), "utf-16-le", "every second byte is zero"),
        ("number,total\n".encode("utf-16-be"), "utf-16-be", "every second byte is zero"),
    ],
)
def test_an_encoding_comes_with_its_reason(data: bytes, name: str, reason: str) -> None:
    found = suggest_encoding(data)

    assert found.name == name
    assert reason in found.reason


def test_text_may_end_in_the_middle_of_a_character() -> None:
    assert decoded("\ufeffaé".encode()[:-1], "utf-8") == "a"
