"""What bundles consist of: a table of bundles, nested ones taken apart, with each component's share of the price."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from exchange.documents.units import EACH, same_as
from exchange.kernel.table import Table

COLUMNS = ("bundle", "component", "quantity")
UNIT, SHARE = "unit", "price_share"
MOST = 10**6
"""Largest number of one component in one bundle."""
CIRCLE, INVALID = "BUNDLE_CIRCLE", "BUNDLE_INVALID"
_WHOLE, _NUMBER = re.compile(r"0*[1-9][0-9]{0,6}"), re.compile(r"[0-9]{1,14}(\.[0-9]{1,10})?")


@dataclass(frozen=True, slots=True)
class Piece:
    """One component of one bundle, however deep it lies."""

    component: str
    unit: str
    quantity: int
    """In one bundle."""
    share: Fraction
    """Of the bundle's price, for the whole quantity; those of a bundle add up to 1."""


Recipe = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in the table of bundles."""

    row: int
    """Row of the table, from 0; -1 for its header."""
    what: str
    instead: str
    code: str = INVALID


@dataclass(frozen=True, slots=True)
class _Line:
    row: int
    component: str
    unit: str
    quantity: int
    share: Decimal | None


def recipes(table: Table, by: str, prices: Mapping[str, Decimal]) -> tuple[dict[str, Recipe], list[Fault]]:
    """Return bundle -> what it consists of, and the faults of the table; bundles with a fault are left out.

    `by`: `price_share`, `price` or `evenly`; `prices`: component -> price of one.
    """
    lines, faults = _lines(table, by)
    circles = list(_circles(lines))
    faults += circles
    if faults:
        return {}, faults
    weights = _Weights(lines, by, prices)
    made: dict[str, Recipe] = {}
    for bundle in _inner_first(lines):
        made[bundle] = _flat(lines[bundle], weights.shares(bundle), made)
        for piece in made[bundle]:
            if piece.quantity > MOST:
                what = f"one {bundle} comes to {piece.quantity} {piece.component}, more than {MOST}"
                faults.append(Fault(lines[bundle][0].row, what, "correct the quantities"))
    faults += [
        Fault(row, f"{name} has no price, and the price of {bundle} is shared out by those", "add it to the items")
        for bundle, name, row in weights.unpriced
    ]
    return ({}, faults) if faults else (made, [])


def share_column(table: Table, items: Table | None, said: str | None) -> str:
    """Return what the price of a bundle is shared out by where nothing, or something, is said."""
    if said is not None:
        return said
    if SHARE in table.columns:
        return SHARE
    return "price" if items is not None and "price" in items.columns else "evenly"


def _lines(table: Table, by: str) -> tuple[dict[str, list[_Line]], list[Fault]]:
    wanted = (*COLUMNS, *((SHARE,) if by == SHARE else ()))
    missing = [name for name in wanted if name not in table.columns]
    if missing:
        return {}, [Fault(-1, f"there is no column {name}", f"add the column {name}") for name in missing]
    rows = len(table.rows["bundle"])
    cells = {name: table.rows[name].to_pylist() if name in table.rows else [None] * rows for name in (*wanted, UNIT)}
    found: dict[str, list[_Line]] = {}
    faults: list[Fault] = []
    for row in range(rows):
        said = {name: (column[row] or "").strip() for name, column in cells.items()}
        if not any(said[name] for name in COLUMNS):
            continue
        fault = _wrong(said)
        if fault:
            faults.append(Fault(row, *fault))
            continue
        share = Decimal(said[SHARE]) if said.get(SHARE) else None
        line = _Line(row, said["component"], said[UNIT] or EACH, int(said["quantity"]), share)
        found.setdefault(said["bundle"], []).append(line)
    faults += [fault for fault in _uneven(found) if by == SHARE]
    faults += _packed(found)
    return found, faults


def _wrong(said: Mapping[str, str]) -> tuple[str, str] | None:
    """Return what is wrong with one line, and what to do."""
    for name in ("bundle", "component"):
        if not said[name]:
            return f"the line has no {name}", "complete the line, or remove it"
    if not _WHOLE.fullmatch(said["quantity"]) or int(said["quantity"]) > MOST:
        return f"the quantity {said['quantity']!r} is not a whole number from 1 to {MOST}", "write how many, such as 2"
    if said.get(SHARE) and not _NUMBER.fullmatch(said[SHARE]):
        return f"the price_share {said[SHARE]!r} is not a number of 0 or more", 'write it like 2 or "12.50"'
    return None


def _uneven(lines: Mapping[str, Sequence[_Line]]) -> Iterator[Fault]:
    """Yield the lines without a share in bundles where others have one."""
    for bundle, own in lines.items():
        blank = [line.row for line in own if line.share is None]
        if blank and len(blank) < len(own):
            yield Fault(blank[0], f"other lines of {bundle} have a price_share", "write one here too, 0 for nothing")


def _packed(lines: Mapping[str, Sequence[_Line]]) -> Iterator[Fault]:
    """Yield bundles within bundles that are counted by anything but pieces."""
    for bundle, own in lines.items():
        for line in own:
            if line.component in lines and same_as(line.unit) != EACH:
                what = f"{bundle} holds the bundle {line.component} by the {line.unit}"
                yield Fault(line.row, what, "write how many single ones, in EA")


def _circles(lines: Mapping[str, Sequence[_Line]]) -> Iterator[Fault]:
    """Yield each way on which a bundle leads back to itself, once, at the line that closes it."""
    done: set[str] = set()
    for start in lines:
        path: list[str] = []
        walk = [(start, iter(lines[start]))] if start not in done else []
        path += [start] * len(walk)
        while walk:
            line = next((each for each in walk[-1][1] if each.component in lines and each.component not in done), None)
            if line is None:
                done.add(walk.pop()[0])
                path.pop()
            elif line.component in path:
                way = " > ".join([*path[path.index(line.component) :], line.component])
                yield Fault(line.row, f"the bundle holds itself: {way}", "remove the line that leads back", CIRCLE)
            else:
                walk.append((line.component, iter(lines[line.component])))
                path.append(line.component)


def _inner_first(lines: Mapping[str, Sequence[_Line]]) -> list[str]:
    """Return the bundles, those within others before them."""
    order: dict[str, None] = {}
    for start in lines:
        walk = [start]
        while walk:
            inner = [line.component for line in lines[walk[-1]] if line.component in lines]
            left = [name for name in inner if name not in order]
            if left and walk[-1] not in order:
                walk += left
            else:
                order.setdefault(walk.pop())
    return list(order)


class _Weights:
    """What the lines of each bundle weigh in its price."""

    def __init__(self, lines: Mapping[str, Sequence[_Line]], by: str, prices: Mapping[str, Decimal]) -> None:
        self._lines, self._by = lines, by
        self._prices = {name: Fraction(price) for name, price in prices.items()}
        self.unpriced: list[tuple[str, str, int]] = []
        """(bundle, component, row) of components whose price is not known."""
        if by == "price":
            for bundle in _inner_first(lines):
                self._prices[bundle] = sum((self._worth(bundle, line) for line in lines[bundle]), Fraction(0))

    def shares(self, bundle: str) -> list[Fraction]:
        """Return the share of each line; they add up to 1."""
        own = self._lines[bundle]
        if self._by == SHARE:
            weights = [Fraction(line.share or 0) for line in own]
        elif self._by == "price":
            weights = [self._prices.get(line.component, Fraction(0)) * line.quantity for line in own]
        else:
            weights = [Fraction(1)] * len(own)
        whole = sum(weights, Fraction(0))
        return [weight / whole for weight in weights] if whole else [Fraction(1, len(own))] * len(own)

    def _worth(self, bundle: str, line: _Line) -> Fraction:
        if line.component not in self._prices:
            self.unpriced.append((bundle, line.component, line.row))
        return self._prices.get(line.component, Fraction(0)) * line.quantity


def _flat(lines: Sequence[_Line], shares: Sequence[Fraction], made: Mapping[str, Recipe]) -> Recipe:
    """Return the components of a bundle whose inner bundles are flat already; one that lies in several is one."""
    found: dict[tuple[str, str], Piece] = {}
    for line, share in zip(lines, shares, strict=True):
        whole = (Piece(line.component, line.unit, 1, Fraction(1)),)
        for inner in made.get(line.component, whole):
            key = (inner.component, same_as(inner.unit))
            before = found.get(key)
            count, part = line.quantity * inner.quantity, share * inner.share
            if before is not None:
                count, part = count + before.quantity, part + before.share
            found[key] = Piece(inner.component, inner.unit if before is None else before.unit, count, part)
    return tuple(found.values())
