"""Declared encodings and what byte order marks say about them."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from exchange.formats.delimited.encoding import Encoding, resolve, transcode, transcoded_path

UTF8, UTF16 = codecs.BOM_UTF8, codecs.BOM_UTF16_LE


@pytest.mark.parametrize(
    ("declared", "head", "expected"),
    [
        ("UTF-8", b"Name", Encoding("utf-8")),
        ("utf_8_sig", UTF8 + b"Name", Encoding("utf-8", UTF8)),
        ("utf-8", UTF8 * 3 + b"Name", Encoding("utf-8", UTF8, 3)),
        ("latin1", b"Name", Encoding("iso8859-1")),
        ("windows-1252", b"Name", Encoding("cp1252")),
        ("utf-16", UTF16 + b"N\0", Encoding("utf-16-le", UTF16)),
        ("utf-16", codecs.BOM_UTF16_BE + b"\0N", Encoding("utf-16-be", codecs.BOM_UTF16_BE)),
        ("utf-16-le", b"N\0", Encoding("utf-16-le")),
        ("utf-16", b"N\0", Encoding("utf-16-le")),
        ("utf-32", codecs.BOM_UTF32_LE + b"N\0\0\0", Encoding("utf-32-le", codecs.BOM_UTF32_LE)),
        ("utf-8", UTF16, "it starts with the byte order mark of utf-16-le"),
        ("ascii", UTF8, "it starts with the byte order mark of utf-8"),
        ("utf-16-be", UTF16, "it starts with the byte order mark of utf-16-le"),
        ("nonsense", b"", "there is no encoding of this name"),
    ],
)
def test_resolve(declared: str, head: bytes, expected: Encoding | str) -> None:
    assert resolve(declared, head) == expected


@pytest.mark.parametrize("name", ["utf-8", "ascii", "iso8859-15", "cp1250", "cp437"])
def test_supersets_of_ascii_are_read_as_they_are(name: str) -> None:
    assert Encoding(name).direct
    assert bytes(range(128)).decode(name) == bytes(range(128)).decode("ascii")


@pytest.mark.parametrize("name", ["utf-16-le", "shift_jis", "gb18030", "cp037", "utf-7"])
def test_others_are_transcoded(tmp_path: Path, name: str) -> None:
    source = tmp_path / "a.csv"
    source.write_bytes("a,b\r\n\n1,x\r".encode(name))
    target = transcoded_path(source)
    target.write_bytes(b"left over")
    assert not Encoding(name).direct
    assert transcode(source, Encoding(name), target) is None
    assert (target.name, target.read_bytes()) == ("a.csv.utf8", b"a,b\r\n\n1,x\r")


def test_what_cannot_be_decoded_is_told(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_bytes(b"a\0b")
    assert transcode(source, Encoding("utf-16-le"), transcoded_path(source)) == "truncated data"
