"""What is wrong inside readable records: bytes outside the encoding, control characters, mojibake."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from exchange.formats.delimited.scan import CR, LF, STRIDE, Records
from exchange.kernel.chunk import Ints, Mask

_TAB, _BLANK = 0x09, 0x20
_NONCHARACTERS = {b"\xef\xbf\xbe": "U+FFFE", b"\xef\xbf\xbf": "U+FFFF"}
_READ_AS_UTF8 = re.compile(
    rb"\xc3[\x82-\xb4](?:\xc2[\x80-\xbf]|\xe2[\x80\x82\x84]|\xc5[\x92\x93\xa0\xa1\xb8\xbd\xbe]|\xc6\x92|\xcb[\x86\x9c])"
)
"""UTF-8 bytes of a Western letter and what follows it where UTF-8 was decoded as cp1252 and encoded again."""
_WESTERN = 0xC3
_THIRD = np.isin(np.arange(256), [0xC2, 0xE2, 0xC5, 0xC6, 0xCB])
"""Byte -> whether `_READ_AS_UTF8` can have it in the third place; in the first it has `_WESTERN`."""
_UTF8_PAIR = re.compile(rb"[\xc2-\xc5\xce-\xd1\xe2-\xef\xf0][\x80-\xbf]")
"""A UTF-8 sequence in a file declared to be something else."""


def rows_at(records: Records, offsets: Ints) -> Ints:
    """Return the index of the record that each offset lies in."""
    return np.searchsorted(records.start, offsets, side="right") - 1


def undecodable(data: bytes, records: Records, encoding: str) -> dict[int, dict[str, object]]:
    """Return the records with a byte that is not in the encoding: index -> detail of UNDECODABLE."""
    if data.isascii() or _decodes(data, encoding):
        return {}
    high = np.flatnonzero(np.frombuffer(data, np.uint8) >= 0x80)
    found: dict[int, dict[str, object]] = {}
    for row in np.unique(rows_at(records, high)).tolist():
        start = int(records.start[row])
        try:
            data[start : start + int(records.length[row])].decode(encoding)
        except UnicodeDecodeError as fault:
            byte = f"0x{fault.object[fault.start]:02x}"
            found[row] = {"byte": byte, "position": fault.start + 1, "encoding": encoding}
    return found


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        if encoding == "utf-8":
            # Arrow only looks; decoding would make a text four times the size of the data.
            ends = pa.py_buffer(np.array([0, len(data)], np.int64))
            pa.Array.from_buffers(pa.large_string(), 1, [None, ends, pa.py_buffer(data)]).validate(full=True)
        else:
            data.decode(encoding)
    except (UnicodeDecodeError, pa.ArrowInvalid):
        return False
    return True


def control_characters(data: bytes, records: Records) -> Iterator[tuple[int, str]]:
    """Yield (index of the record, character as U+....) for the first forbidden character of each record.

    Forbidden are the C0 controls except tab, CR and LF, and U+FFFE and U+FFFF.
    """
    found: dict[int, str] = {}
    values = np.frombuffer(data, np.uint8)
    mask: Mask = np.empty(min(STRIDE, values.size), np.bool_)
    for begin in range(0, values.size, STRIDE):
        stride = values[begin : begin + STRIDE]
        out = mask[: stride.size]
        # Line feeds are the only low bytes of most files: two counts tell without looking at each.
        if np.count_nonzero(np.less(stride, _BLANK, out=out)) == np.count_nonzero(np.equal(stride, LF, out=out)):
            continue
        at = np.flatnonzero((stride < _BLANK) & (stride != LF) & (stride != _TAB) & (stride != CR))
        for row, value in zip(rows_at(records, at + begin).tolist(), stride[at].tolist(), strict=True):
            found.setdefault(row, f"U+{value:04X}")
    if data.find(0xEF) >= 0:  # a byte is found at once, a sequence costs more than everything above
        for sequence, name in _NONCHARACTERS.items():
            at = np.array([match.start() for match in re.finditer(re.escape(sequence), data)], np.int64)
            for row in rows_at(records, at).tolist():
                found.setdefault(row, name)
    yield from sorted(found.items())


def maybe_mojibake(data: bytes, records: Records, encoding: str) -> list[int]:
    """Return the indices of records that may hold mojibake; `is_mojibake` tells for a cell."""
    if data.isascii():
        return []
    if encoding == "utf-8":
        # The first byte is frequent in some languages, the third behind it is not: two looks leave little to match.
        values = np.frombuffer(data, np.uint8)
        first = np.flatnonzero(values == _WESTERN)
        first = first[first < values.size - 2]
        places = first[_THIRD[values[first + 2]]].tolist()
        at = [place for place in places if _READ_AS_UTF8.match(data, place)]
    else:
        at = [match.start() for match in _UTF8_PAIR.finditer(data)]
    rows: list[int] = np.unique(rows_at(records, np.array(at, np.int64))).tolist()
    return rows


def is_mojibake(cell: str, encoding: str) -> bool:
    """Tell whether a decoded cell is UTF-8 text that was read as a Western European encoding.

    The whole cell must turn back into valid UTF-8, and into characters that people write: `CAFÉ”` would turn into a
    phonetic letter, so it is what it says.
    """
    if cell.isascii():
        return False
    try:
        again = _bytes_of(cell, encoding).decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return False
    foreign = [ord(character) for character in again if ord(character) >= 0x80]
    common = [point for point in foreign if 0xA0 <= point <= 0x17F or 0x2010 <= point <= 0x2122 or point >= 0x1F000]
    return bool(foreign) and (len(common) == len(foreign) or len(foreign) >= 3)


def _bytes_of(cell: str, encoding: str) -> bytes:
    if encoding != "utf-8":
        return cell.encode(encoding)
    return b"".join(_western(character) for character in cell)


def _western(character: str) -> bytes:
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        # Windows maps the five holes of cp1252 to the C1 controls, and so does latin-1.
        return character.encode("latin-1")
