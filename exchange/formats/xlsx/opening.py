"""A workbook before it is read: whether it is one, how large its sheets are, and where formulas failed.

The reader of workbooks takes a whole sheet into memory, as wide and as long as its farthest cell; this looks first.
"""

from __future__ import annotations

import html
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from exchange.formats.xlsx.shown import ShownCells, shown_otherwise
from exchange.kernel.limits import WORKBOOK_BYTES, WORKBOOK_CELLS
from exchange.kernel.problems import Problem

_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Begins every file of the old formats, and every encrypted workbook."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BOOK = "xl/workbook.xml"
_LINKS = "xl/_rels/workbook.xml.rels"
_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
_LINK = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
_BLOCK = 1024 * 1024
_OVERLAP = 4096
"""Longer than any opening tag of a cell."""
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?r="([A-Z]{1,3})(\d{1,7})"[^>]*>')
_FAILED = re.compile(rb'\st="e"')


@dataclass(frozen=True, slots=True)
class Extent:
    """What one look at the sheets found."""

    failed: Mapping[str, frozenset[str]]
    """Sheet -> its cells whose formula has no result: `B7`."""
    shown: Mapping[str, ShownCells]
    """Sheet -> its cells that show something else than the number they hold."""


def refusal(path: Path, mapping: str) -> Problem | None:
    """Return why the file cannot be a workbook that is read."""
    with path.open("rb") as stream:
        head = stream.read(_BLOCK)
    if head.startswith(_OLD):
        encrypted = _ENCRYPTED in head
        return Problem("WORKBOOK_ENCRYPTED") if encrypted else _other("it is one of the old format (.xls)", mapping)
    if not head.startswith(b"PK\x03\x04"):
        return _other("it is no zip archive, as each workbook is", mapping)
    try:
        with zipfile.ZipFile(path) as archive:
            return _unread(archive, mapping)
    except (zipfile.BadZipFile, NotImplementedError) as fault:
        return _other(f"it is damaged: {fault}", mapping)


def _unread(archive: zipfile.ZipFile, mapping: str) -> Problem | None:
    names = archive.namelist()
    if _BOOK not in names or not any(map(_is_sheet, names)):
        return _other("it is a zip archive without sheets", mapping)
    if any(member.flag_bits & 1 for member in archive.infolist()):
        return Problem("WORKBOOK_ENCRYPTED")
    size = sum(member.file_size for member in archive.infolist())
    if size > WORKBOOK_BYTES:
        detail = {"found": f"{size} bytes unpacked", "limit": f"{WORKBOOK_BYTES} bytes"}
        return Problem("WORKBOOK_TOO_LARGE", detail=detail)
    return None


def look(path: Path, mapping: str) -> Extent | Problem:
    """Return what the sheets hold, or why they are not read; memory is flat."""
    failed: dict[str, frozenset[str]] = {}
    shown: dict[str, ShownCells] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            formats = shown_otherwise(archive)
            for member, name in _sheets(archive):
                shown[name] = ShownCells(formats)
                wide, high, cells = _measure(archive, member, shown[name])
                if wide * high > WORKBOOK_CELLS:
                    found = f"a sheet of {high} rows by {wide} columns"
                    detail = {"found": found, "limit": f"{WORKBOOK_CELLS} cells"}
                    return Problem("WORKBOOK_TOO_LARGE", detail=detail)
                failed[name] = cells
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as fault:
        return _other(f"it is damaged: {fault}", mapping)
    return Extent(failed, shown)


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield (member, name) of each sheet; one that the workbook does not name is looked at all the same."""
    book = archive.read(_BOOK).decode("utf-8", "replace")
    links = archive.read(_LINKS).decode("utf-8", "replace") if _LINKS in archive.namelist() else ""
    targets = {_attribute(tag, "Id"): _attribute(tag, "Target") for tag in _LINK.findall(links)}
    names = {}
    for tag in _SHEET.findall(book):
        target = targets.get(_attribute(tag, r"\w+:id"), "")
        names["xl/" + target.removeprefix("/xl/").removeprefix("/")] = html.unescape(_attribute(tag, "name"))
    for member in filter(_is_sheet, archive.namelist()):
        yield member, names.get(member, member)


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf"""\s{name}=(["'])(.*?)\1""", tag)
    return found[2] if found else ""


def _measure(archive: zipfile.ZipFile, member: str, shown: ShownCells) -> tuple[int, int, frozenset[str]]:
    """Return the farthest column and row of a sheet, and its cells whose formula has no result; fill `shown`."""
    wide = high = 0
    failed: set[str] = set()
    styled = _styled(shown)
    for text in _pieces(archive, member):
        places = _CELL.findall(text)
        if places:
            wide = max(wide, *map(_number, {letters for letters, _ in places}))
            high = max(high, *map(int, {row for _, row in places}))
        if b't="e"' in text:
            cells = (tag for tag in _CELL.finditer(text) if _FAILED.search(tag[0]))
            failed.update((tag[1] + tag[2]).decode("ascii") for tag in cells)
        for tag in styled.finditer(text) if styled else ():
            place = _CELL.match(tag[0])
            if place is None:
                raise ValueError("its cells do not say where they stand")
            shown.take(tag[0], _number(place[1]), int(place[2]))
    return wide, high, frozenset(failed)


def _styled(shown: ShownCells) -> re.Pattern[bytes] | None:
    """Return what finds the tags of cells that may show something else; None where no style does."""
    if not shown.formats:
        return None
    styles = b"|".join(b"%d" % style for style in shown.formats)
    return re.compile(
        rb"<(?:\w+:)?c\s[^>]*>" if 0 in shown.formats else rb'<(?:\w+:)?c\s[^>]*?\bs="(?:%s)"[^>]*>' % styles
    )


def _pieces(archive: zipfile.ZipFile, member: str) -> Iterator[bytes]:
    """Yield the XML of a sheet in pieces that end with a whole tag; a tag without end is cut off."""
    left, done = b"", 0
    with archive.open(member) as stream:
        while block := stream.read(_BLOCK):
            done += len(block)
            if done > WORKBOOK_BYTES:
                raise ValueError("it unpacks to more than it says")
            text = left + block
            end = text.rfind(b">") + 1
            yield text[:end]
            left = text[max(end, len(text) - _OVERLAP) :]


def _is_sheet(name: str) -> bool:
    return name.startswith("xl/worksheets/") and name.endswith(".xml")


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _other(reason: str, mapping: str) -> Problem:
    return Problem("NOT_THIS_FORMAT", detail={"format": "a workbook (.xlsx)", "reason": reason, "mapping": mapping})
