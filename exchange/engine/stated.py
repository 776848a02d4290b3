"""What a file says of itself, in its first or last line or its name, against what is in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.config.guards import COUNTED, Total
from exchange.engine.facts import VOID, SpanFacts
from exchange.engine.prepared import Prepared, Spool, as_ints
from exchange.engine.trip import Trip
from exchange.kernel.layout import Layout

_LOOKED_AT = 65_536
"""Bytes at an end of the file in which a line must stand; a multiple of the width of any encoding's unit."""
_PLACES = {"last_line": "its last line", "first_line": "its first line", "name": "its name"}

Sums = Callable[[str], Decimal | None]
"""Name -> how many there are, or the sum of that field; None where there is no such field."""


def disagreeing(totals: tuple[Total, ...], layout: Layout, name: str, sums: Sums) -> Iterator[Trip]:
    """Yield the trip of each total that is not what the file holds, or that cannot be found."""
    for total in totals:
        text = name if total.where == "name" else line_at(layout.path, layout.encoding, last=total.where == "last_line")
        place, shown = _PLACES[total.where], text if len(text) <= 100 else text[:100] + "…"
        found = re.fullmatch(total.pattern, text.strip())
        if found is None:
            said = f"totals: {place} is {shown!r}, which is not like {total.like!r}: the file may be cut off"
            yield Trip("totals", said)
            continue
        rows = []
        for which, stated in zip(total.names, found.groups(), strict=True):
            told, made = number(stated, total.decimal), sums(which)
            if made is None or told != made:
                rows.append(
                    (which, f"stated: {stated}", f"found: {'no such field' if made is None else f'{plainly(made)}'}")
                )
        if rows:
            said = "; ".join(f"{which} {told}, {made}" for which, told, made in rows)
            yield Trip(
                "totals",
                f"totals: {place} is {shown!r}, which is not what the file holds ({said})",
                tuple(rows),
                len(rows),
            )


def line_at(path: Path, encoding: str, *, last: bool) -> str:
    """Return the first or last line of a file that is not blank; blank where there is none near its end."""
    with path.open("rb") as stream:
        size = path.stat().st_size
        if last and size > _LOOKED_AT:
            stream.seek((size - _LOOKED_AT) // 4 * 4)
        data = stream.read(2 * _LOOKED_AT)
    lines = [line for line in data.decode(encoding, errors="replace").splitlines() if line.strip("\ufeff \t")]
    return lines[-1 if last else 0].strip("\ufeff") if lines else ""


def plainly(made: Decimal) -> str:
    """Return a number without the zeros behind its decimal sign."""
    return f"{made.normalize():f}"


def number(text: str, decimal: str) -> Decimal | None:
    """Return a number as it is written with this decimal sign; None where it is none."""
    thousands = "," if decimal == "." else "."
    try:
        return Decimal(text.replace(thousands, "").replace(decimal, "."))
    except InvalidOperation:
        return None


def sums_of(spool: Spool, spans: list[SpanFacts], counted: tuple[int, int]) -> Sums:
    """Return what counts and sums up the documents of a file; `counted`: its records and documents."""

    def made(name: str) -> Decimal | None:
        if name in COUNTED[:2]:
            return Decimal(counted[COUNTED.index(name)])
        found = [_sum(spool.get(index), facts, name) for index, facts in enumerate(spans)]
        known = [each for each in found if each is not None]
        return sum(known, Decimal(0)) if known or not found else None

    return made


def _sum(prepared: Prepared, facts: SpanFacts, name: str) -> Decimal | None:
    alive = facts.disposition != VOID
    of_lines = alive[as_ints(prepared.lines, "_owner")]
    if name == COUNTED[2]:
        return Decimal(int(np.count_nonzero(of_lines)))
    for table, rows in ((prepared.header, alive), (prepared.lines, of_lines)):
        if name in table.column_names and _is_number(table.schema.field(name).type):
            return Decimal(pc.sum(table.column(name).filter(pa.array(rows))).as_py() or 0)
    return None


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_decimal(kind) or pa.types.is_integer(kind))
