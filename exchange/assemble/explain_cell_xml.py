"""Finds the record, and the element in it, that stand at a place of a delivered XML file."""

from __future__ import annotations

from exchange.assemble.explain_choice import NotShown
from exchange.assemble.explain_remake import Entry
from exchange.assemble.explain_works import Place, Work
from exchange.formats.xml.at import Held, at, named
from exchange.kernel.plural import many


def element_at(work: Work, place: Place) -> tuple[Entry, Held]:
    """Return the record and the element at a place of an XML file."""
    content = work.content.read_bytes()
    if not work.exact:
        again = work.file.read_bytes()
        if _line(content, place.line) != _line(again, place.line) or content.count(b"\n") != again.count(b"\n"):
            raise NotShown(work.other(f"line {place.line} of it is another one"))
        content = again
    before = content.split(b"\n", place.line - 1)
    if len(before) < place.line or not before[-1]:
        raise NotShown(f"the file has no line {place.line}")
    begin = len(content) - len(before[-1])
    text = _line(content, place.line).decode()
    offset = begin + len(text[: _character(place, text)].encode())
    header = content.find(work.again.first)
    for entry in work.again.entries:
        first = header + entry.begin
        if first <= offset < first + entry.length:
            return entry, _held(content[first : first + entry.length], (begin - first, offset - first), text, place)
    raise NotShown(
        f"line {place.line} stands around the records: header or footer of the template write it for the whole file"
    )


def _held(record: bytes, places: tuple[int, int], line: str, place: Place) -> Held:
    """Return the element of a record; `places`: where the line and the character begin, in bytes from the record."""
    text = record.decode()
    begin, offset = (len(record[: max(0, byte)].decode(errors="ignore")) for byte in places)
    found = at(text, offset) if place.column.isdecimal() else named(text, place.column, (begin, begin + len(line)))
    if found is None:
        where = f"line {place.line}, column {place.column}"
        raise NotShown(f"there is no element at {where}; say a character of one, or its name, such as Quantity")
    return found


def _character(place: Place, text: str) -> int:
    """Return which character of its line a place is, from 0; for a name, the first that is no blank."""
    if not place.column.isdecimal():
        return len(text) - len(text.lstrip())
    if not 0 < int(place.column) <= max(1, len(text)):
        raise NotShown(f"line {place.line} has {many(len(text), 'character')}, so there is no column {place.column}")
    return int(place.column) - 1


def _line(content: bytes, line: int) -> bytes:
    lines = content.split(b"\n", line)
    return lines[line - 1] if line <= len(lines) else b""
