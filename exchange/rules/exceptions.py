"""The table of exceptions of computed stock: which line says what of an item, a class, a channel, a location."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from exchange.config.durations import parse_duration
from exchange.config.values import parse_percent
from exchange.kernel.table import Table

WHERE = ("sku", "item_number", "item_class", "channel", "location")
"""Columns that say where a line holds; those further left say more."""
STATES = ("active", "preorder", "discontinued", "hidden")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    row: int
    """From 0."""
    where: Mapping[str, str]
    """Only what is filled."""
    says: Mapping[str, object]
    """Only what is filled."""

    @property
    def weight(self) -> tuple[int, int]:
        """How much it says about where it holds; of two that say as much, the later one counts."""
        return sum(1 << (len(WHERE) - place) for place, name in enumerate(WHERE) if name in self.where), self.row


@dataclass(frozen=True, slots=True)
class Wrong:
    """A cell that cannot be read."""

    row: int
    """From 0; -1 for the header."""
    column: str
    what: str
    instead: str


def _number(text: str) -> Decimal:
    try:
        made = Decimal(text)
    except InvalidOperation as fault:
        raise ValueError("expected a number such as 12 or 2.5") from fault
    if not made.is_finite() or made < 0:
        raise ValueError("expected a number that is not less than nothing")
    return made


def _whole(text: str) -> int:
    if not text.isdecimal():
        raise ValueError("expected a whole number such as 5")
    return int(text)


def _share(text: str) -> object:
    return parse_percent(text)


def _duration(text: str) -> object:
    return timedelta(days=int(text)) if text.isdecimal() else parse_duration(text)


def _state(text: str) -> str:
    if text not in STATES:
        raise ValueError(f"expected one of {', '.join(STATES)}")
    return text


def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat()


SAYS: dict[str, Callable[[str], object]] = {
    "safety_stock": _number,
    "share": _share,
    "allocation": _number,
    "buffer": _whole,
    "cap": _whole,
    "state": _state,
    "preorder": _number,
    "available_from": _day,
    "reorder_point": _number,
    "lead_time": _duration,
    "lasts": _duration,
    "order_in": _whole,
    "tolerance": _number,
    "tolerance_share": _share,
}
"""Column -> what reads its cells. `order_in`: pieces that are bought together, for example a pallet of 480."""


def lines_of(table: Table) -> tuple[list[Line], list[Wrong]]:
    """Return the lines of the table, and what is wrong with it."""
    wrong = [
        Wrong(-1, name, f"nobody reads column {name!r}", f"use {', '.join((*WHERE, *SAYS))}")
        for name in table.columns
        if name not in WHERE and name not in SAYS and name != "comment"
    ]
    made = []
    columns = {name: table.rows[name].to_pylist() for name in table.columns if name in WHERE or name in SAYS}
    count = len(next(iter(columns.values()), []))
    for row in range(count):
        cells = {name: values[row].strip() for name, values in columns.items() if (values[row] or "").strip()}
        says: dict[str, object] = {}
        for name in cells.keys() & SAYS.keys():
            try:
                says[name] = SAYS[name](cells[name])
            except ValueError as fault:
                wrong.append(Wrong(row, name, f"{name} is {cells[name]!r}", str(fault)))
        if "allocation" in says and "channel" not in cells:
            wrong.append(Wrong(row, "allocation", "an allocation is kept for nobody", "name its `channel`"))
        if says.get("state") == "preorder" and "preorder" not in cells:
            wrong.append(Wrong(row, "state", "a pre-order has no limit", "say in column `preorder` how many are sold"))
        made.append(Line(row, {name: cells[name] for name in WHERE if name in cells}, says))
    return made, wrong


class Exceptions:
    """What the lines say of one thing, value by value."""

    def __init__(self, lines: list[Line], plain: Mapping[str, object]) -> None:
        self._lines: dict[tuple[str, str], list[Line]] = {}
        for line in sorted(lines, key=lambda line: line.weight):
            self._lines.setdefault(_of_one(line.where), []).append(line)
        self._plain = plain
        self._known: dict[tuple[tuple[str, str], ...], Mapping[str, object]] = {}

    def of(self, **where: str) -> Mapping[str, object]:
        """Return the values that hold there; a line that says more than is asked for does not fit."""
        key = tuple(sorted(where.items()))
        if key not in self._known:
            found: dict[str, object] = {}
            for line in self._near(where):
                if all(where.get(name) == value for name, value in line.where.items()):
                    found = {**found, **line.says}
            self._known[key] = {**self._plain, **found}
        return self._known[key]

    def channels(self, **where: str) -> Iterator[str]:
        """Yield the channels that have an allocation of their own there, in the order of the table."""
        found = {
            line.row: line.where["channel"]
            for line in self._near(where)
            if "allocation" in line.says
            and "channel" in line.where
            and all(where.get(name) == value for name, value in line.where.items() if name != "channel")
        }
        yield from dict.fromkeys(found[row] for row in sorted(found))

    def _near(self, where: Mapping[str, str]) -> list[Line]:
        """Return the lines that may fit, those that say most at the end: of neither, of the item, of the SKU."""
        keys = (_OF_ALL, ("item_number", where.get("item_number", "")), ("sku", where.get("sku", "")))
        return [line for key in keys for line in self._lines.get(key, ())]


_OF_ALL = ("", "")


def _of_one(where: Mapping[str, str]) -> tuple[str, str]:
    return next(((name, where[name]) for name in ("sku", "item_number") if name in where), _OF_ALL)
