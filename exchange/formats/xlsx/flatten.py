"""One sheet of a workbook into rows of text: numbers without exponents, dates as ISO 8601, formulas by their value."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import python_calamine as calamine

from exchange.formats.delimited.flat import FlatCopy
from exchange.formats.xlsx.numberformat import NumberFormat
from exchange.formats.xlsx.opening import Extent, look, refusal
from exchange.kernel.layout import columns_named
from exchange.kernel.problems import Problem

Cell = int | float | str | bool | time | date | datetime | timedelta
_EXACT = 10**15
"""Spreadsheets keep fifteen digits of a number."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """Flattens the files of one mapping; picklable, without state."""

    sheet: str
    """Name of the sheet; blank: the only filled one."""
    header_has: tuple[str, ...]
    """Columns by which the header is found; empty: the first row that is not empty."""
    wanted: tuple[str, ...]
    """The columns that are read, or patterns of them: what is wrong with a cell of another one is nobody's trouble."""
    mapping: str
    """The mapping file's path, for messages."""

    def __call__(self, path: Path, copy: FlatCopy) -> Iterable[Problem]:
        """Write the sheet's rows into the copy; yield why that cannot be done."""
        found = refusal(path, self.mapping) or look(path, self.mapping)
        if isinstance(found, Problem):
            yield found
            return
        try:
            with calamine.CalamineWorkbook.from_path(str(path)) as book:
                sheet = self._sheet(book)
                if isinstance(sheet, Problem):
                    yield sheet
                else:
                    yield from self._write(sheet, found, copy)
        except calamine.PasswordError:
            yield Problem("WORKBOOK_ENCRYPTED")
        except (calamine.CalamineError, calamine.XmlError, calamine.ZipError, OSError) as fault:
            detail = {"format": "a workbook (.xlsx)", "reason": f"it is damaged: {fault}", "mapping": self.mapping}
            yield Problem("NOT_THIS_FORMAT", detail=detail)

    def _sheet(self, book: calamine.CalamineWorkbook) -> calamine.CalamineSheet | Problem:
        shown = [
            meta.name
            for meta in book.sheets_metadata
            if meta.typ == calamine.SheetTypeEnum.WorkSheet and meta.visible == calamine.SheetVisibleEnum.Visible
        ]
        sheets = ", ".join(map(repr, shown)) or "none"
        if self.sheet and self.sheet not in book.sheet_names:
            detail = {"reason": f"there is no sheet {self.sheet!r}", "sheets": sheets, "mapping": self.mapping}
            return Problem("WHICH_SHEET", detail=detail)
        if self.sheet:
            return book.get_sheet_by_name(self.sheet)
        filled = [sheet for sheet in map(book.get_sheet_by_name, shown) if sheet.height]
        if len(filled) > 1:
            detail = {"reason": "more than one sheet is filled", "sheets": sheets, "mapping": self.mapping}
            return Problem("WHICH_SHEET", detail=detail)
        return filled[0] if filled else Problem("FILE_EMPTY")

    def _write(self, sheet: calamine.CalamineSheet, extent: Extent, copy: FlatCopy) -> Iterator[Problem]:
        rows = enumerate(sheet.iter_rows(), start=1)
        seen, header = 0, None
        for number, cells in rows:
            seen = number
            names = [text_of(cell).strip() for cell in cells]
            if any(names) and set(self.header_has) <= set(names):
                header = (number, names)
                break
        if header is None:
            empty = not self.header_has or not seen
            detail = {"names": ", ".join(self.header_has), "lines": seen}
            yield Problem("FILE_EMPTY") if empty else Problem("HEADER_NOT_FOUND", detail=detail)
            return
        at, names = header
        while names and not names[-1]:
            names.pop()
        copy.header(names)
        merged = _merged(sheet, at, len(names))
        failed = _failed(extent.failed.get(sheet.name, frozenset()), len(names))
        shown = extent.shown.get(sheet.name)
        wanted = set(columns_named(names, self.wanted))
        own = len(copy.columns) - len(names)  # 0 where the sheet has the column `_record` itself
        for number, cells in rows:
            texts = [text_of(cell) for cell in cells]
            if not any(texts):
                continue
            found = [*_failures(failed.get(number, ()), names), *_long(cells, names)]
            found += _as_shown(shown.of(number), cells, texts, names) if shown else ()
            problems = [*merged.get(number, ()), *(problem for problem in found if problem.field in wanted)]
            texts = [*texts[: len(names)], *[""] * (len(names) - len(texts))]
            if any(text_of(cell) for cell in cells[len(names) :]):
                detail = {"cells": _last(cells), "columns": len(names)}
                copy.add_broken(",".join(map(text_of, cells)), number, Problem("ROW_TOO_LONG", detail=detail))
                continue
            copy.add([*([str(number)] * own), *texts], number, problems)


def _last(cells: list[Cell]) -> int:
    return max(place for place, cell in enumerate(cells, start=1) if text_of(cell))


def text_of(cell: Cell) -> str:
    """Return a cell as text: exact, and never with an exponent."""
    match cell:
        case str():
            return cell
        case bool():
            return "true" if cell else "false"
        case int() | float():
            return _number(cell)
        case _:
            return _moment(cell)


def _moment(cell: time | date | timedelta) -> str:
    match cell:
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
        case timedelta():
            return _duration(cell)
        case _:
            return cell.isoformat()


def _number(value: float) -> str:
    if not math.isfinite(value):
        return ""
    text = format(Decimal(repr(value)), "f")
    return text.removesuffix(".0") if "." in text else text


def _duration(value: timedelta) -> str:
    seconds = int(value.total_seconds())
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _long(cells: list[Cell], names: list[str]) -> Iterator[Problem]:
    for name, cell in zip(names, cells, strict=False):
        if isinstance(cell, int | float) and abs(cell) >= _EXACT and not isinstance(cell, bool):
            yield Problem("NUMBER_TOO_LONG", field=name, value=text_of(cell))


def _as_shown(
    shown: Iterable[tuple[int, NumberFormat]], cells: list[Cell], texts: list[str], names: list[str]
) -> Iterator[Problem]:
    """Put in the place of numbers what their cells show; yield where that is not all that they hold."""
    for column, how in shown:
        cell = cells[column] if column < len(cells) else ""
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            text = how.text(cell)
            if text is not None:
                texts[column] = text
            elif column < len(names):
                yield Problem("NUMBER_FORMAT", field=names[column], value=texts[column], detail={"code": how.code})


def _merged(sheet: calamine.CalamineSheet, header: int, columns: int) -> dict[int, list[Problem]]:
    """Return the problems of rows below the header in which a merged cell stands for several rows."""
    found: dict[int, list[Problem]] = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if bottom < header or left >= columns or top == bottom:
            continue
        problem = Problem("MERGED_CELLS", value=f"{_letters(left)}{top + 1}:{_letters(right)}{bottom + 1}")
        for row in range(max(top + 1, header + 1), bottom + 2):
            found.setdefault(row, []).append(problem)
    return found


def _failed(cells: frozenset[str], columns: int) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = {}
    for cell in cells:
        letters = cell.rstrip("0123456789")
        column = sum((ord(letter) - 64) * 26**power for power, letter in enumerate(reversed(letters))) - 1
        if column < columns:
            found.setdefault(int(cell[len(letters) :]), []).append((column, cell))
    return found


def _failures(cells: Iterable[tuple[int, str]], names: list[str]) -> Iterator[Problem]:
    for column, cell in sorted(cells):
        yield Problem("FORMULA_ERROR", field=names[column], value=cell)


def _letters(column: int) -> str:
    """Return the letters of a column, from 0."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
