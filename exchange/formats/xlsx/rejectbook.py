"""The workbook of rejects: whole orders in text cells, bad ones coloured and explained, and how to send it back."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from exchange.formats.delimited.exact import cells_of
from exchange.formats.xlsx.writer import CELL_CHARACTERS, ROWS
from exchange.kernel.layout import Layout
from exchange.kernel.reject_book import ACTION, ACTIONS, PROBLEMS, Book, BookRow

REJECTS, SUMMARY, HOW_TO, META, LISTS = "Rejects", "Summary", "How to", "_meta", "_lists"
OWN = ("_reject_id", "_line", ACTION, PROBLEMS)
"""Columns in front of the source's."""
TOO_LONG = "(too long for a spreadsheet: {length:,} characters, see the .rejects.csv)"
BOOK_ROWS = ROWS - 1
BOOK_CELLS = 60_000
"""Filled cells of a workbook, some 2,000 rows: what a person corrects in one go. Measured, a cell takes 30 microseconds
to write, so that a file that is rejected whole costs 2 s here; its other rows stand in the CSV."""
_COMMENTS = 20_000
"""Comments are drawn one by one: beyond so many the colour and the column of problems have to do."""
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)
_WIDTHS = {"_reject_id": 18, "_line": 7, ACTION: 9, PROBLEMS: 48}
_WIDEST, _LOOKED_AT = 40, 500
_LISTED = 255
"""Characters of a drop-down that stands in the cell itself; a longer list stands on a sheet of its own."""
_STEPS = (
    "How to correct these rows",
    "",
    "1. On the sheet Rejects, correct the coloured cells. Point at one to read what is wrong with it and what a good "
    "value looks like. All rows of an order stand together: leave them all there.",
    "2. In the column _action choose fix (the row is corrected), skip (another time: it stays open) or waive (nobody "
    "needs it any more). Leave the columns _reject_id and _line as they are.",
    "3. Save the workbook as .xlsx under the same name and drop it into the inbox where the source came in; or run "
    "`exchange rejects import FILE`.",
    "",
    "Rows that were not changed are left open. A row that is missing from the file is taken as it was. What fails "
    "again comes back in a new workbook.",
    "Work in this workbook and not in a CSV file: a spreadsheet takes zeros off numbers, shortens long ones and turns "
    "codes into dates when it opens CSV. Here every cell is text and stays what it is.",
)


@dataclass(slots=True)
class _Sheet:
    """What is being written to the sheet Rejects."""

    page: Worksheet
    text: Mapping[tuple[bool, bool], Format]
    """(bad, begins an order) -> format."""
    columns: tuple[str, ...]
    written: int = 0
    cells: int = 0
    comments: int = 0
    long: int = 0
    left: int = 0
    """Rows for which there was no room."""
    widths: list[int] = field(default_factory=list)


def write_book(target: Path, layout: Layout, book: Book, allowed: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Write the workbook and return what does not stand in it, for people; memory is flat in the number of rows.

    `allowed`: source column -> the values among which a person chooses. Raises OSError where the disk does.
    """
    try:
        return _write(target, layout, book, allowed)
    except FileCreateError as fault:  # the library's own word for what the disk said
        raise _of_disk(fault) from fault


def _of_disk(fault: FileCreateError) -> OSError:
    said = fault.args[0] if fault.args else None
    return said if isinstance(said, OSError) else OSError(errno.EIO, str(fault))


def _write(target: Path, layout: Layout, book: Book, allowed: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    options = {"constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}
    options |= {"strings_to_urls": False}
    with xlsxwriter.Workbook(str(target), options) as made:
        made.set_properties({"created": _CREATED})
        pages = {name: made.add_worksheet(name) for name in (REJECTS, SUMMARY, HOW_TO, META, LISTS)}
        sheet = _Sheet(pages[REJECTS], _formats(made), (*OWN, *layout.columns))
        plain, bold = made.add_format({"num_format": "@"}), made.add_format({"num_format": "@", "bold": True})
        _begin(sheet, bold)
        _rows(sheet, layout, book.rows)
        _end(sheet, pages[LISTS], plain, allowed)
        said = _said(sheet)
        _summary(pages[SUMMARY], book, (plain, bold))
        _how_to(pages[HOW_TO], said, made.add_format({"num_format": "@", "text_wrap": True}), bold)
        for row, pair in enumerate(book.meta.items()):
            for column, text in enumerate(pair):
                pages[META].write_string(row, column, _printable(text), plain)
        pages[META].very_hidden()
        pages[LISTS].very_hidden()
    return said


def _formats(made: xlsxwriter.Workbook) -> dict[tuple[bool, bool], Format]:
    found = {}
    for bad in (False, True):
        for first in (False, True):
            style: dict[str, object] = {"num_format": "@", "valign": "top"}
            style |= {"bg_color": "#FFC7CE", "font_color": "#9C0006"} if bad else {}
            style |= {"top": 1, "top_color": "#7F7F7F"} if first else {}
            found[bad, first] = made.add_format(style)
    return found


def _begin(sheet: _Sheet, bold: Format) -> None:
    sheet.page.freeze_panes(1, 1)
    for place, name in enumerate(sheet.columns):
        sheet.page.write_string(0, place, name[:CELL_CHARACTERS], bold)
    sheet.widths = [_WIDTHS.get(name, len(name)) for name in sheet.columns]


def _rows(sheet: _Sheet, layout: Layout, rows: Iterable[BookRow]) -> None:
    with layout.path.open("rb") as stream:
        for row in rows:
            # An order that has begun is written to its end: part of one could not be corrected.
            full = sheet.written >= BOOK_ROWS or (row.first and sheet.cells >= BOOK_CELLS)
            if sheet.left or full:
                sheet.left += 1
                continue
            start, length = row.place
            stream.seek(start)
            cells = cells_of(stream.read(length).decode("latin-1"), layout.delimiter)
            own = [cell.encode("latin-1").decode(layout.encoding, "replace") for cell in cells]
            _row(sheet, row, own[: len(layout.columns)])


def _row(sheet: _Sheet, row: BookRow, own: list[str]) -> None:
    sheet.written += 1
    cells = [row.reject_id, str(row.line), ACTIONS[0] if row.first else "", row.problems, *own]
    for place, cell in enumerate(cells):
        note = row.bad.get(sheet.columns[place])
        style = sheet.text[note is not None, row.first]
        if not cell:
            if note is not None or row.first:
                sheet.page.write_blank(sheet.written, place, None, style)
        else:
            sheet.cells += 1
            _text(sheet, place, cell, style)
            if sheet.written <= _LOOKED_AT:
                sheet.widths[place] = max(sheet.widths[place], min(len(cell), _WIDEST))
        if note is not None and sheet.comments < _COMMENTS:
            sheet.comments += 1
            sheet.page.write_comment(sheet.written, place, note, {"x_scale": 2.5, "y_scale": 1.5})


def _text(sheet: _Sheet, place: int, cell: str, style: Format) -> None:
    # Counted as spreadsheets do: a character outside the basic plane takes two.
    units = len(cell) if cell.isascii() else len(cell.encode("utf-16-le", "replace")) // 2
    if units > CELL_CHARACTERS:
        sheet.long += 1
        cell = TOO_LONG.format(length=len(cell))
    sheet.page.write_string(sheet.written, place, cell, style)


def _end(sheet: _Sheet, lists: Worksheet, plain: Format, allowed: Mapping[str, Sequence[str]]) -> None:
    last = max(1, sheet.written)
    for place, width in enumerate(sheet.widths):
        # The whole column is text, so that what is typed below or pasted stays what it is.
        sheet.page.set_column(place, place, min(width + 2, _WIDTHS[PROBLEMS]), plain)
    sheet.page.autofilter(0, 0, last, len(sheet.columns) - 1)
    place = OWN.index(ACTION)
    wrong = {"error_title": ACTION, "error_message": "fix, skip or waive"}
    sheet.page.data_validation(1, place, last, place, {"validate": "list", "source": list(ACTIONS), **wrong})
    columns = [(place, name) for place, name in enumerate(sheet.columns) if name in allowed]
    values = {name: [value for value in allowed[name] if len(value) <= CELL_CHARACTERS] for _, name in columns}
    listed = [(place, name) for place, name in columns if len(",".join(values[name])) > _LISTED or _odd(values[name])]
    for at, (_, name) in enumerate(listed):
        lists.write_string(0, at, name[:CELL_CHARACTERS], plain)
    most = max((len(values[name]) for _, name in listed), default=0)
    for row in range(most):  # row by row: what is written cannot be gone back to
        for at, (_, name) in enumerate(listed):
            if row < len(values[name]):
                lists.write_string(row + 1, at, values[name][row], plain)
    for place, name in columns:
        own = next((at for at, (_, other) in enumerate(listed) if other == name), None)
        source = list(values[name]) if own is None else _range(own, len(values[name]))
        # A value that is not listed may be right all the same (`Paid` for `paid`): the checks decide, this only helps.
        choice = {"validate": "list", "source": source, "show_error": False}
        sheet.page.data_validation(1, place, last, place, choice)


def _odd(values: Sequence[str]) -> bool:
    return any("," in value or value.startswith("=") for value in values)


def _range(column: int, size: int) -> str:
    letters = xlsxwriter.utility.xl_col_to_name(column)
    return f"={LISTS}!${letters}$2:${letters}${size + 1}"


def _said(sheet: _Sheet) -> tuple[str, ...]:
    said = []
    if sheet.left:
        said.append(f"{sheet.left:,} more rows do not fit into the workbook: they are in the .rejects.csv only")
    if sheet.long:
        said.append(
            f"cells longer than {CELL_CHARACTERS:,} characters: {sheet.long:,}; they are in the .rejects.csv only, and "
            "stay what they are where the workbook comes back"
        )
    return tuple(said)


def _printable(text: str) -> str:
    """Return text that a workbook can hold: a name that is no UTF-8 has its bytes spelled out."""
    return text.encode(errors="backslashreplace").decode()[:CELL_CHARACTERS]


def _summary(page: Worksheet, book: Book, formats: tuple[Format, Format]) -> None:
    plain, bold = formats
    page.freeze_panes(1, 0)
    for column, (name, width) in enumerate(
        (("Problem", 26), ("How many", 10), ("What is wrong", 44), ("What to do", 70), ("First lines", 24))
    ):
        page.set_column(column, column, width, plain)
        page.write_string(0, column, name, bold)
    for row, line in enumerate(book.summary, start=1):
        for column, text in enumerate((line.code, str(line.count), line.rule, line.hint, line.lines)):
            page.write_string(row, column, _printable(text), plain)


def _how_to(page: Worksheet, said: Sequence[str], wrapped: Format, bold: Format) -> None:
    page.set_column(0, 0, 110, wrapped)
    for row, text in enumerate((*_STEPS, *(("", *said) if said else ()))):
        if text:
            page.write_string(row, 0, text, wrapped if row else bold)
