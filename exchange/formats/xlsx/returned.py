"""Rows of a workbook of rejects that comes back, by the names of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import python_calamine as calamine

from exchange.formats.xlsx.flatten import Cell, text_of
from exchange.formats.xlsx.opening import look, refusal
from exchange.kernel.layout import REJECT_COLUMNS
from exchange.kernel.problems import Problem
from exchange.kernel.reject_book import ReturnedFile, ReturnedRow
from exchange.kernel.returned import META, REJECTS

_HEADER_ROWS = 10


def read_book(path: Path, mapping: str) -> ReturnedFile | Problem | None:
    """Return the rows of the sheet with a column `_reject_id`; None where none has it, a problem where it is broken."""
    found = refusal(path, mapping) or look(path, mapping)
    if isinstance(found, Problem):
        return found
    try:
        with calamine.CalamineWorkbook.from_path(str(path)) as book:
            rows = _sheet(book)
            meta = list(book.get_sheet_by_name(META).iter_rows()) if META in book.sheet_names else []
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError, OSError) as fault:
        detail = {"format": "a workbook (.xlsx)", "reason": f"it is damaged: {fault}", "mapping": mapping}
        return Problem("NOT_THIS_FORMAT", detail=detail)
    at = _header(rows)
    if at is None:
        return None
    texts = [tuple(text_of(cell) for cell in row) for row in rows]
    columns = tuple(cell.strip() for cell in texts[at])
    made = [ReturnedRow(line, cells) for line, cells in enumerate(texts[at + 1 :], start=at + 2) if any(cells)]
    known = {text_of(row[0]): text_of(row[1]) for row in meta if len(row) > 1}
    return ReturnedFile(columns, made, workbook=True, meta=known)


def _sheet(book: calamine.CalamineWorkbook) -> list[list[Cell]]:
    """Return the rows of the sheet of rejects, else of the first one that looks like it; else none."""
    for name in sorted(book.sheet_names, key=lambda name: name != REJECTS):
        rows: list[list[Cell]] = list(book.get_sheet_by_name(name).iter_rows())
        if _header(rows) is not None:
            return rows
    return []


def _header(rows: Sequence[Sequence[Cell]]) -> int | None:
    return next((at for at, cells in enumerate(rows[:_HEADER_ROWS]) if REJECT_COLUMNS[0] in cells), None)
