"""Declared encodings: which can be read as they are, which are transcoded first, and what byte order marks say."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

UTF8_BOM = codecs.BOM_UTF8
_BLOCK = 1024 * 1024
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_DIRECT = frozenset(
    ["utf-8", "ascii", "iso8859-1", "koi8-r", "koi8-u", "mac-roman"]
    + [f"iso8859-{part}" for part in (*range(2, 12), *range(13, 17))]
    + [f"cp{page}" for page in (437, 720, 737, 775, 850, 852, 855, 857, 858, 860, 861, 862, 863, 865, 866, 874)]
    + [f"cp{page}" for page in range(1250, 1259)]
)
"""One byte a character (or UTF-8), and ASCII bytes mean ASCII: borders are found in the file's own bytes."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """A declared encoding, resolved for one file."""

    name: str
    """Python's name for it."""
    bom: bytes = b""
    """The byte order mark that the file starts with, if it belongs to this encoding."""
    repeated: int = 1
    """How many times the mark stands there."""

    @property
    def direct(self) -> bool:
        """Whether the file is read as it is."""
        return self.name in _DIRECT


def resolve(declared: str, head: bytes) -> Encoding | str:
    """Return the encoding of a file that starts with `head`, or the reason why it cannot be the declared one."""
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        return "there is no encoding of this name"
    name = {"utf-8-sig": "utf-8"}.get(name, name)
    mark = next((mark for mark in _MARKS if head.startswith(mark)), b"")
    if not mark:
        return Encoding({"utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(name, name))
    marked = _MARKS[mark]
    if name in {marked, marked[:-3]}:
        return Encoding(marked, mark, _repeats(head, mark))
    if name in _DIRECT or name.startswith("utf"):
        return f"it starts with the byte order mark of {marked}"
    return Encoding(name)


def _repeats(head: bytes, mark: bytes) -> int:
    count = 0
    while head[count * len(mark) :].startswith(mark):
        count += 1
    return count


def transcode(source: Path, encoding: Encoding, target: Path) -> str | None:
    """Write `source` as UTF-8 to `target` without its byte order marks; return the reason where it cannot be read.

    Line ends and everything else stay as they are. A `target` that an earlier attempt left is replaced.
    """
    decoder = codecs.getincrementaldecoder(encoding.name)()
    with source.open("rb") as stream, target.open("wb") as out:
        stream.seek(len(encoding.bom) * encoding.repeated)
        try:
            while block := stream.read(_BLOCK):
                out.write(decoder.decode(block).encode())
            decoder.decode(b"", final=True)
        except (UnicodeDecodeError, UnicodeEncodeError) as fault:
            return fault.reason
    return None


def transcoded_path(path: Path) -> Path:
    """Return where the UTF-8 copy of a file lies: beside it."""
    return path.with_name(path.name + ".utf8")
