"""Suggests the `format:` of a workbook: which of its sheets is read, and which row of it is the header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from exchange.assemble.infer_rows import cannot
from exchange.formats.xlsx.glance import Glance, glances
from exchange.infer.heading import doubts, header_row, telling_names
from exchange.kernel.plural import many, which

_ROWS = 50
"""Rows of each sheet that are looked at."""


@dataclass(frozen=True, slots=True)
class Book:
    """How a workbook is read."""

    form: dict[str, object]
    """`format:` of the mapping."""
    reasons: tuple[str, ...]
    told: tuple[str, ...]
    """Which sheet and which row were taken where others could be, and what a person has to look at."""


def workbook(path: Path, sheet: str) -> Book:
    """Return how a workbook is read; raises NotInferred. `sheet`: its name or number, blank for the first table."""
    found = glances(path, _ROWS)
    if isinstance(found, str):
        raise cannot(path, found)
    filled = [each for each in found if each.visible and any(map(any, each.rows))]
    taken = _named(path, found, sheet) if sheet else next(filter(_is_table, filled), next(iter(filled), None))
    at = header_row(taken.rows) if taken is not None else None
    if taken is None or at is None:
        raise cannot(path, f"its sheet {taken.name!r} is empty" if taken else "no sheet of it that is shown is filled")
    form: dict[str, object] = {"type": "xlsx"}
    told = []
    if sheet or len(filled) > 1:
        form["sheet"] = taken.name
        why = "as told by --sheet" if sheet else "the first that holds a table; --sheet takes another"
        told.append(f"sheet: {taken.name!r} was taken, {why}; {_others(found, taken)}")
    header = f"header: row {at + 1} was taken"
    if names := telling_names(taken.rows, at):
        form["header_has"] = names
        above = sum(map(any, taken.rows[:at]))
        told.append(f"{header}: {many(above, 'row')} above it {which(above, 'holds', 'hold')} something else")
        header = "header_has: names of the header, by which it is found below other rows"
    reasons = ("type: it is a workbook", header)
    return Book(form, reasons, (*told, *doubts(taken.rows[at])))


def _is_table(sheet: Glance) -> bool:
    at = header_row(sheet.rows)
    return at is not None and sum(map(bool, sheet.rows[at])) > 1 and any(map(any, sheet.rows[at + 1 :]))


def _named(path: Path, found: Sequence[Glance], sheet: str) -> Glance:
    """Return the sheet of a name, or of a number among those that are shown."""
    shown = [each for each in found if each.visible]
    by_name = next((each for each in found if each.name == sheet), None)
    if by_name is not None:
        return by_name
    if sheet.isdecimal() and 0 < int(sheet) <= len(shown):
        return shown[int(sheet) - 1]
    listed = ", ".join(f"{number} {each.name!r}" for number, each in enumerate(shown, start=1))
    raise cannot(path, f"it has no sheet {sheet!r}; its sheets are: {listed or 'none that is shown'}")


def _others(found: Sequence[Glance], taken: Glance) -> str:
    others = [_told(each) for each in found if each is not taken]
    return f"there {which(len(others), 'is', 'are')} also {', '.join(others)}" if others else "there is no other"


def _told(sheet: Glance) -> str:
    empty = "" if any(map(any, sheet.rows)) else " (empty)"
    return f"{sheet.name!r}{empty if sheet.visible else ' (hidden)'}"
