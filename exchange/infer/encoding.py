"""Suggests the encoding of a file from its first bytes, with the reason; nothing is ever decided by it at run time."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORD = re.compile(r"\w*[^\x00-\x7f]\w*")
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Encoded:
    """How a file is most probably encoded."""

    name: str
    reason: str
    """Why, in one sentence."""


def suggest_encoding(data: bytes) -> Encoded:
    """Return the encoding of a file that begins with `data`.

    Single-byte encodings cannot be told apart by their bytes: the reason shows a word that a person can judge.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return Encoded(name, f"it begins with the byte order mark of {name}")
    if (order := _wide(data)) is not None:
        return Encoded(order, "every second byte is zero")
    if data.isascii():
        return Encoded("utf-8", "only ASCII was seen, so cp1252 would read the same: ask how they write é or ß")
    text, fault = _utf8(data)
    if fault is None:
        return Encoded("utf-8", f"all bytes are valid UTF-8, as in {_word(text)}")
    line = data.count(b"\n", 0, fault) + 1
    name = "cp1252" if not set(data) & {0x81, 0x8D, 0x8F, 0x90, 0x9D} else "iso-8859-1"
    begin = data.rfind(b"\n", 0, fault) + 1
    word = _word(data[begin : fault + 40].decode(name))
    reason = f"line {line} is not UTF-8 (byte 0x{data[fault]:02x}); {name} reads {word}: if that is wrong, try cp1250"
    return Encoded(name, f"{reason}, cp850 or iso-8859-15")


def decoded(data: bytes, encoding: str) -> str:
    """Return the text of `data`, the front of a file that may end in the middle of a character."""
    text = codecs.getincrementaldecoder(encoding)("replace").decode(data)
    return text.removeprefix("\ufeff")


def _utf8(data: bytes) -> tuple[str, int | None]:
    """Return the text, and the place of the first byte that is not UTF-8; a character cut at the end is none."""
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data), None
    except UnicodeDecodeError as fault:
        return "", fault.start


def _wide(data: bytes) -> str | None:
    head = data[:4096]
    for order, at in (("utf-16-be", 0), ("utf-16-le", 1)):
        zeros = head[at::2].count(0)
        if zeros and zeros * 10 >= len(head[at::2]) * 7:
            return order
    return None


def _word(text: str) -> str:
    found = _WORD.search(text)
    return f'"{found[0][:_SHOWN]}"' if found else "it"
