"""The workbook of rejects around its rows: header, widths, drop-downs, and the sheets beside them, by xlsxwriter."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from exchange.formats.xlsx.writer import CELL_CHARACTERS
from exchange.kernel.reject_book import ACTION, ACTIONS, PROBLEMS, REASON, Book
from exchange.kernel.returned import META, REJECTS

SUMMARY, HOW_TO, LISTS = "Summary", "How to", "_lists"
OWN = ("_reject_id", "_line", ACTION, REASON, PROBLEMS)
"""Columns in front of the source's."""
ROWS_PART, TEXTS_PART, SHAPES_PART = "xl/worksheets/sheet1.xml", "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"
"""Parts of the workbook that are written by us: the rows, the texts of comments and where these are drawn."""
WIDTHS = {"_reject_id": 18, "_line": 7, ACTION: 9, REASON: 14, PROBLEMS: 48}
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)
_LISTED = 255
"""Characters of a drop-down that stands in the cell itself; a longer list stands on a sheet of its own."""
_ROW = re.compile(r"<row\b.*?</row>", re.DOTALL)
_STYLE = re.compile(r'<c r="([A-Z]+)1" s="(\d+)"')
_DIMENSION = re.compile(r"<dimension\b[^>]*/>")
_STEPS = (
    "How to correct these rows",
    "",
    "1. On the sheet Rejects, correct the coloured cells. Point at one to read what is wrong with it and what a good "
    "value looks like. All rows of an order stand together: leave them all there.",
    "2. In the column _action choose fix (the row is corrected), skip (another time: it stays open) or waive (nobody "
    "needs it any more: say why in the column _reason). Leave the columns _reject_id and _line as they are.",
    "3. Save the workbook as .xlsx under the same name and drop it into the inbox where the source came in; or run "
    "`exchange rejects import FILE`.",
    "",
    "Rows that were not changed are left open. A row that is missing from the file is taken as it was. What fails "
    "again comes back in a new workbook.",
    "Work in this workbook and not in a CSV file: a spreadsheet takes zeros off numbers, shortens long ones and turns "
    "codes into dates when it opens CSV. Here every cell is text and stays what it is.",
)


@dataclass(frozen=True, slots=True)
class Extent:
    """What is known of the rows."""

    columns: tuple[str, ...]
    widths: tuple[int, ...]
    """Characters of each column."""
    rows: int = 0
    commented: bool = False
    said: tuple[str, ...] = ()
    """What stands on the sheet How to, behind the steps."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The parts of a workbook without its rows."""

    parts: Mapping[str, bytes]
    """Name -> content of the parts that are not written by us."""
    before: str
    """The sheet of rejects up to its rows."""
    behind: str
    header: str = ""
    """Number of the header's style."""
    styles: Mapping[tuple[bool, bool], str] = field(default_factory=dict)
    """(bad, begins a document) -> number of the style."""


def frame_of(extent: Extent, book: Book, allowed: Mapping[str, Sequence[str]]) -> Frame:
    """Return the workbook around rows of such an extent; the same styles have the same numbers each time.

    `allowed`: source column -> the values among which a person chooses.
    """
    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(made, options) as workbook:
        _fill(workbook, extent, book, allowed)
    with zipfile.ZipFile(made) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    page = _DIMENSION.sub("", parts.pop(ROWS_PART).decode())
    numbers = [number for _, number in _STYLE.findall(page)]
    before, behind = _ROW.sub("", page).split("</sheetData>")
    ours = {name: parts[name] for name in parts if name not in {TEXTS_PART, SHAPES_PART}}
    return Frame(ours, before, f"</sheetData>{behind}", numbers[0], dict(zip(_KINDS, numbers[1:], strict=True)))


_KINDS = tuple((bad, first) for bad in (False, True) for first in (False, True))


def _fill(made: xlsxwriter.Workbook, extent: Extent, book: Book, allowed: Mapping[str, Sequence[str]]) -> None:
    made.set_properties({"created": _CREATED})
    pages = {name: made.add_worksheet(name) for name in (REJECTS, SUMMARY, HOW_TO, META, LISTS)}
    plain, bold = made.add_format({"num_format": "@"}), made.add_format({"num_format": "@", "bold": True})
    rejects = pages[REJECTS]
    # One cell of each style: read for its number, and not kept.
    for place, style in enumerate((bold, *(_format(made, *kind) for kind in _KINDS))):
        rejects.write_blank(0, place, None, style)
    if extent.commented:
        rejects.write_comment(0, 0, "-")
    rejects.freeze_panes(1, 1)
    for place, width in enumerate(extent.widths):
        # The whole column is text, so that what is typed below or pasted stays what it is.
        rejects.set_column(place, place, width, plain)
    rejects.autofilter(0, 0, max(1, extent.rows), len(extent.columns) - 1)
    _choices(rejects, pages[LISTS], extent, (plain, allowed))
    _summary(pages[SUMMARY], book, (plain, bold))
    _how_to(pages[HOW_TO], extent.said, made.add_format({"num_format": "@", "text_wrap": True}), bold)
    for row, pair in enumerate(book.meta.items()):
        for column, text in enumerate(pair):
            pages[META].write_string(row, column, printable(text), plain)
    pages[META].very_hidden()
    pages[LISTS].very_hidden()


def _format(made: xlsxwriter.Workbook, bad: bool, first: bool) -> Format:  # noqa: FBT001 - a key of the table
    style: dict[str, object] = {"num_format": "@", "valign": "top"}
    style |= {"bg_color": "#FFC7CE", "font_color": "#9C0006"} if bad else {}
    style |= {"top": 1, "top_color": "#7F7F7F"} if first else {}
    return made.add_format(style)


def _choices(
    page: Worksheet, lists: Worksheet, extent: Extent, given: tuple[Format, Mapping[str, Sequence[str]]]
) -> None:
    (plain, allowed), last = given, max(1, extent.rows)
    place = OWN.index(ACTION)
    wrong = {"error_title": ACTION, "error_message": "fix, skip or waive"}
    page.data_validation(1, place, last, place, {"validate": "list", "source": list(ACTIONS), **wrong})
    columns = [(place, name) for place, name in enumerate(extent.columns) if name in allowed]
    listed = 0
    for place, name in columns:
        values = [value for value in allowed[name] if len(value) <= CELL_CHARACTERS]
        source: str | list[str] = values
        if len(",".join(values)) > _LISTED or any("," in value or value.startswith("=") for value in values):
            for row, text in enumerate((name[:CELL_CHARACTERS], *values)):
                lists.write_string(row, listed, text, plain)
            letters = xl_col_to_name(listed)
            source, listed = f"={LISTS}!${letters}$2:${letters}${len(values) + 1}", listed + 1
        # A value that is not listed may be right all the same (`Paid` for `paid`): the checks decide, this only helps.
        page.data_validation(1, place, last, place, {"validate": "list", "source": source, "show_error": False})


def printable(text: str) -> str:
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
            page.write_string(row, column, printable(text), plain)


def _how_to(page: Worksheet, said: Sequence[str], wrapped: Format, bold: Format) -> None:
    page.set_column(0, 0, 110, wrapped)
    for row, text in enumerate((*_STEPS, *(("", *said) if said else ()))):
        if text:
            page.write_string(row, 0, text, wrapped if row else bold)
