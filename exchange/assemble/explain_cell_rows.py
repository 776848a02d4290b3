"""Finds the document, and the field of it, that a cell of a delivered file of rows was made of."""

from __future__ import annotations

from exchange.assemble.explain_choice import NotShown
from exchange.assemble.explain_outbound import Outbound
from exchange.assemble.explain_remake import Entry
from exchange.assemble.explain_shown import Shown
from exchange.assemble.explain_spot import Spot, records_of
from exchange.assemble.explain_works import Work
from exchange.config.formats import FixedFormat
from exchange.kernel.plural import many


def entry_at(work: Work, where: Spot) -> tuple[Entry, int]:
    """Return the entry that a record of the file belongs to, and which record of it that is."""
    total = sum(entry.records for entry in work.again.entries)
    if total != work.made.delivery.artifact.records and not work.exact:
        raise NotShown(work.other("it has another number of records"))
    behind = 0
    for entry in work.again.entries:
        if where.ordinal < behind + entry.records:
            return entry, where.ordinal - behind
        behind += entry.records
    raise NotShown(f"the file has {many(total, 'record')}, and none on that line")


def field_at(work: Work, made: Outbound, part: int, place: tuple[int, Spot]) -> Shown:
    """Return the field of a cell: of the document (or part), or of the line that stands on its row."""
    (row, where), form = place, work.outbound.format
    in_lines = where.field in work.outbound.lines
    if isinstance(form, FixedFormat):
        heads, tails = records_of(form)
        in_lines = in_lines and row >= len(heads)
        row = (row - len(heads)) // max(1, len(tails))
    row = where.entry - 1 if where.entry else row
    return field_of(made, part, row if in_lines else -1, where.field)


def field_of(made: Outbound, part: int, line: int, name: str) -> Shown:
    """Return a field of a part, or of one of its lines."""
    if line < 0:
        found = [shown for shown in made.header if shown.field == name and shown.row == part + 1]
    else:
        rows = [row for row, owner in enumerate(made.handed.owner.tolist()) if owner == part]
        wanted = rows[line] + 1 if line < len(rows) else 0
        found = [shown for shown in made.lines if shown.field == name and shown.row == wanted]
    if not found:
        raise NotShown(f"no mapping fills {name} there: what stands in it is a constant of the mapping's format")
    return found[0]
