"""What one unit of an item holds, by the lines of a table of packs: alone says how such a line is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from exchange.documents.units import EACH, ratio, same_as, unit

COLUMNS = ("item_number", "unit", "quantity")
"""Columns of a table of packs: one of `unit` of an item holds `quantity` base units of it."""
MOST = 10**9
"""Largest pack size; with quantities below it, products stay within 64 bits."""
SIZE = "^0*[1-9][0-9]{0,8}$"
"""What the quantity of a line looks like: a whole number from 1 to MOST - 1."""
_SIZE = re.compile(SIZE)


class Fault(NamedTuple):
    """A line that does not count."""

    row: int
    """From 0."""
    what: str


@dataclass(frozen=True, slots=True)
class PackSizes:
    """What each item's units hold."""

    of: Mapping[str, Mapping[str, int]]
    """Item -> its units, in one spelling each (`units.same_as`) -> base units in one."""

    def ratio(self, item: str | None, source: str, target: str) -> Fraction | None:
        """Return how many of one unit one of another is, by the item's lines and by what measures are worth.

        Both units in one spelling; None where nothing says it.
        """
        sizes = self.of.get(item or "", {})
        here, there = _size(sizes, source), _size(sizes, target)
        if here is not None and there is not None:
            return here / there
        both = unit(source), unit(target)
        return None if both[0] is None or both[1] is None else ratio(both[0], both[1])

    def knows(self, item: str, written: str) -> bool:
        """Tell whether something says what one unit holds, however it is written."""
        return _size(self.of.get(item, {}), same_as(written)) is not None

    def size(self, item: str, written: str) -> int | None:
        """Return how many base units one unit holds, however it is written; None where that is no whole number, or
        nothing says it.

        A line for the base unit itself counts: an item that is kept in metres may be sold by the piece.
        """
        found = _size(self.of.get(item, {}), same_as(written or EACH))
        return found.numerator if found is not None and found.denominator == 1 else None


NO_PACKS = PackSizes({})


def pack_sizes(lines: Iterable[tuple[str | None, str | None, str | None]]) -> tuple[PackSizes, list[Fault]]:
    """Return what the lines (item, unit, quantity) of a table say, and those that say nothing.

    Of two lines for one unit of an item that differ, the first counts.
    """
    found: dict[str, dict[str, int]] = {}
    faults = []
    for row, (item, name, quantity) in enumerate(lines):
        if item is None or name is None:
            continue  # nothing is asked for by a blank
        if not _SIZE.match(quantity or ""):
            what = f"the quantity {quantity or ''!r} is not a whole number from 1 to {MOST - 1}"
            faults.append(Fault(row, what))
            continue
        known = found.setdefault(item, {}).setdefault(same_as(name), int(quantity or ""))
        if known != int(quantity or ""):
            faults.append(Fault(row, f"another line says that one {name} of {item} holds {known}, this one {quantity}"))
    return PackSizes(found), faults


def _size(sizes: Mapping[str, int], name: str) -> Fraction | None:
    """Return the size of a unit by its own line, else by that of a unit of the same kind: metres for centimetres."""
    if name in sizes:
        return Fraction(sizes[name])
    wanted = unit(name)
    if wanted is None:
        return None
    for other, size in sizes.items():
        found = unit(other)
        times = None if found is None else ratio(wanted, found)
        if times is not None:
            return size * times
    return wanted.factor if wanted.kind == "count" else None
