"""The first rows of each sheet of a workbook, as its reader takes them: for choosing a sheet and finding its header."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import python_calamine as calamine

from exchange.formats.xlsx.flatten import text_of
from exchange.formats.xlsx.opening import look, refusal
from exchange.kernel.problems import Problem


@dataclass(frozen=True, slots=True)
class Glance:
    """What one look at a sheet shows."""

    name: str
    visible: bool
    """Whether people see it, and it is read where no sheet is named."""
    rows: tuple[tuple[str, ...], ...]
    """Its first rows as text, from row 1 on; none where the sheet is empty."""


def glances(path: Path, rows: int) -> tuple[Glance, ...] | str:
    """Return the sheets of a workbook with their first rows, in its own order; or why it cannot be read."""
    found = refusal(path, "") or look(path, "")
    if isinstance(found, Problem):
        return str(found.detail.get("reason", found.message))
    try:
        with calamine.CalamineWorkbook.from_path(str(path)) as book:
            pages = (meta for meta in book.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet)
            return tuple(_glance(book, meta, rows) for meta in pages)
    except calamine.PasswordError:
        return Problem("WORKBOOK_ENCRYPTED").message
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError, OSError) as fault:
        return f"it is damaged: {fault}"


def _glance(book: calamine.CalamineWorkbook, meta: calamine.SheetMetadata, rows: int) -> Glance:
    sheet = book.get_sheet_by_name(meta.name)
    cells = islice(sheet.iter_rows(), rows if sheet.height else 0)
    texts = tuple(tuple(text_of(cell).strip() for cell in row) for row in cells)
    return Glance(meta.name, meta.visible == calamine.SheetVisibleEnum.Visible, texts)
