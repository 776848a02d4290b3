"""The workbook of rejects: whole orders in text cells, bad ones coloured and explained, and how to send it back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path
from typing import IO

from exchange.formats.delimited.exact import cells_of
from exchange.formats.xlsx.comments import Comment, comment_shapes, comment_texts
from exchange.formats.xlsx.rejectframe import (
    OWN,
    ROWS_PART,
    SHAPES_PART,
    TEXTS_PART,
    WIDTHS,
    Extent,
    Frame,
    frame_of,
    printable,
)
from exchange.formats.xlsx.textrows import TextRows, escaped, is_odd
from exchange.formats.xlsx.writer import CELL_CHARACTERS, ROWS
from exchange.kernel.gathering import gathered
from exchange.kernel.layout import Layout
from exchange.kernel.limits import WORKBOOK_BYTES, WORKBOOK_CELLS
from exchange.kernel.plural import many, which
from exchange.kernel.reject_book import ACTIONS, PROBLEMS, Book, BookRow

TOO_LONG = "(too long for a spreadsheet: {length:,} characters, see the .rejects.csv)"
BOOK_ROWS = ROWS - 1
SHEET_BYTES = 2_000_000_000
"""Bytes of the rows unpacked: past 2 GiB an archive has a form of which spreadsheets complain. A million rows of 25
cells have some 1,800 MB."""
COMMENTS = 20_000
"""Comments are drawn one by one by the spreadsheet: beyond so many the colour and the column of problems have to do."""
_WIDEST, _LOOKED_AT = 40, 500
_BLOCK = 1024 * 1024
"""Characters of rows that are encoded and packed together."""
_FAST = 1
"""Level of packing: a tenth larger than the usual one, in a third of its time."""
_BETWEEN = "\x7f"
"""Stands between cells that are escaped together; no file has it, and one that does takes longer."""
_PIXELS = 7
"""Of a character, by which columns are measured."""


@dataclass(slots=True)
class _Sheet:
    """What is being written to the sheet Rejects."""

    layout: Layout
    columns: tuple[str, ...]
    most: int
    """Rows that there may be."""
    places: Mapping[str, int]
    """Column -> where it stands."""
    widths: list[int] = field(default_factory=list)
    written: int = 0
    size: int = 0
    comments: list[Comment] = field(default_factory=list)
    silent: int = 0
    """Bad cells without a comment."""
    long: int = 0
    left: int = 0
    """Rows for which there was no room."""

    def extent(self, said: tuple[str, ...] = ()) -> Extent:
        """Return what is known of the rows so far."""
        widths = tuple(min(width + 2, WIDTHS[PROBLEMS]) for width in self.widths)
        return Extent(self.columns, widths, self.written, bool(self.comments), said)


def write_book(
    target: Path, layout: Layout, book: Book, allowed: Mapping[str, Sequence[str]], most: int | None = None
) -> tuple[str, ...]:
    """Write the workbook and return what does not stand in it, for people; memory is flat in the number of rows.

    `allowed`: source column -> the values among which a person chooses; `most`: rows, where not as
    many as a sheet holds. Raises OSError where the disk
    does.
    """
    columns = (*OWN, *layout.columns)
    widths = [WIDTHS.get(name, min(len(name), _WIDEST)) for name in columns]
    sheet = _Sheet(layout, columns, min(most or BOOK_ROWS, BOOK_ROWS), _places(columns), widths)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=_FAST) as archive:
        with archive.open(ROWS_PART, "w") as stream:
            _stream(stream, sheet, book, allowed)
            said, hints = _said(sheet), _hints(sheet)
            frame = frame_of(sheet.extent((*said, *hints)), book, allowed)
            stream.write(frame.behind.encode())
        _put(archive, sheet, frame)
    return said


def _places(columns: Sequence[str]) -> dict[str, int]:
    return {name: place for place, name in reversed(list(enumerate(columns)))}


def _stream(stream: IO[bytes], sheet: _Sheet, book: Book, allowed: Mapping[str, Sequence[str]]) -> None:
    """Write the sheet up to the end of its rows: in blocks, the first of which tells how wide the columns are."""
    frame = frame_of(sheet.extent(), book, allowed)
    header = TextRows.of(len(sheet.columns), {(False, False): frame.header})
    names = header.row(1, [escaped(name[:CELL_CHARACTERS]) for name in sheet.columns])
    rows = _rows(sheet, book.rows, TextRows.of(len(sheet.columns), frame.styles))
    for number, block in enumerate(gathered(chain([names], rows), "", _BLOCK)):
        # What stands around the rows is made again: the widths come before them, how many there are behind them.
        before = "" if number else frame_of(sheet.extent(), book, allowed).before
        data = (before + block).encode(errors="backslashreplace")
        sheet.size += len(data)
        stream.write(data)


def _put(archive: zipfile.ZipFile, sheet: _Sheet, frame: Frame) -> None:
    for name, data in frame.parts.items():
        archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    if not sheet.comments:
        return
    pixels = [_PIXELS * width + 5 for width in sheet.extent().widths]
    parts = ((TEXTS_PART, comment_texts(sheet.comments)), (SHAPES_PART, comment_shapes(sheet.comments, pixels)))
    for name, pieces in parts:
        with archive.open(name, "w") as part, io.BufferedWriter(part, _BLOCK) as stream:
            stream.writelines(pieces)


def _rows(sheet: _Sheet, rows: Iterable[BookRow], made: TextRows) -> Iterator[str]:
    """Yield the XML of each row that there is room for."""
    with sheet.layout.path.open("rb") as stream:
        for row in rows:
            # Part of an order could not be corrected in one go: it stands there as a whole or not at all.
            room = sheet.most - sheet.written
            if sheet.left or room < (row.together if row.first else 1) or sheet.size >= SHEET_BYTES:
                sheet.left += 1
                continue
            start, length = row.place
            stream.seek(start)
            # Each encoding that is scanned as it is holds ASCII as it is: the cells may be told apart behind it.
            yield _row(sheet, row, stream.read(length).decode(sheet.layout.encoding, "replace"), made)


def _row(sheet: _Sheet, row: BookRow, text: str, made: TextRows) -> str:
    sheet.written += 1
    own = _cells(text, sheet.layout)
    cells = [row.reject_id, str(row.line), ACTIONS[0] if row.first else "", "", row.problems, *own]
    if len(text) + len(row.problems) > CELL_CHARACTERS // 2:
        cells = [_fitting(sheet, cell) for cell in cells]
    if sheet.written <= _LOOKED_AT:
        for place, cell in enumerate(cells):
            sheet.widths[place] = max(sheet.widths[place], min(len(cell), _WIDEST))
    if is_odd(text):
        # All cells of a row at once: a single `&`, in the name of a shop, is on each of its rows.
        together = escaped(_BETWEEN.join(cells)).split(_BETWEEN)
        cells = together if len(together) == len(cells) else [escaped(cell) for cell in cells]
    else:
        cells[len(OWN) - 1] = escaped(cells[len(OWN) - 1])
    bad = {sheet.places[name]: note for name, note in row.bad.items() if name in sheet.places}
    for place in sorted(bad):
        if len(sheet.comments) < COMMENTS:
            sheet.comments.append(Comment(sheet.written, place, printable(bad[place])))
        else:
            sheet.silent += 1
    # Looked for in the row first, cell by cell only where it may be.
    may = text != text.strip() or any(edge in text for edge in _edges(sheet.layout.delimiter))
    spaced = may and any(cell != cell.strip() for cell in own)
    return made.row(sheet.written + 1, cells, bad, first=row.first, spaced=spaced)


@cache
def _edges(delimiter: str) -> tuple[str, ...]:
    """Return what stands in a record where one of its cells begins or ends with a blank."""
    return (f" {delimiter}", f"{delimiter} ", '" ', ' "', "\t", "\n", "\r")


def _cells(text: str, layout: Layout) -> list[str]:
    """Return the cells of a record, as many as there are columns."""
    plain = '"' not in text and "\r" not in text and "\n" not in text
    cells = text.split(layout.delimiter) if plain else cells_of(text, layout.delimiter)
    missing = len(layout.columns) - len(cells)
    return [*cells, *[""] * missing] if missing > 0 else cells[: len(layout.columns)]


def _fitting(sheet: _Sheet, cell: str) -> str:
    # Counted as spreadsheets do: a character outside the basic plane takes two.
    units = len(cell) if cell.isascii() else len(cell.encode("utf-16-le", "replace")) // 2
    if units <= CELL_CHARACTERS:
        return cell
    sheet.long += 1
    return TOO_LONG.format(length=len(cell))


def _said(sheet: _Sheet) -> tuple[str, ...]:
    """Return what does not stand in the workbook."""
    said = []
    if sheet.left:
        do, they = which(sheet.left, "does", "do"), which(sheet.left, "it is", "they are")
        said.append(f"{many(sheet.left, 'more row')} {do} not fit into the workbook: {they} in the .rejects.csv only")
    if sheet.long:
        said.append(
            f"cells longer than {CELL_CHARACTERS:,} characters: {sheet.long:,}; they are in the .rejects.csv only, and "
            "stay what they are where the workbook comes back"
        )
    return tuple(said)


def _hints(sheet: _Sheet) -> tuple[str, ...]:
    """Return what only a person at this workbook wants to know."""
    hints = []
    if sheet.silent:
        hints.append(
            f"{many(sheet.silent, 'more coloured cell')} {which(sheet.silent, 'has', 'have')} no comment "
            f"(a workbook holds {COMMENTS:,}): the column {PROBLEMS} says what is wrong"
        )
    if (sheet.written + 1) * len(sheet.columns) > WORKBOOK_CELLS or sheet.size > WORKBOOK_BYTES:
        hints.append(
            "This workbook is larger than what can be taken back in one go: keep the orders that you correct, delete "
            f"the rows of the others (rows by columns: {WORKBOOK_CELLS:,} at most), and save; or correct the CSV file"
        )
    return tuple(hints)
