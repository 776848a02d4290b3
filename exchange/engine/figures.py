"""Guards that compare the items of a file with those of the last one: gone, at nothing, jumped, dearer; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import isnan

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.config.guards import Guards, Jump, Prices, Share
from exchange.engine.trip import Trip, share
from exchange.kernel.chunk import Ints, Mask
from exchange.kernel.plural import many, which

SHOWN = 20
"""Rows of what moved that are shown."""
_HUNDRED = 100.0
_MANY = {"price": "prices", "quantity": "quantities"}
_ROUNDED = 0.001
"""How far from exactly a hundred times a rounded price may be."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """The items of the file before, those that are in this one too, and what both say of them."""

    before: pa.Table
    now: pa.Table
    here: Ints
    """Row of `now` for each row of `before`, -1 where it is gone."""

    @property
    def both(self) -> Ints:
        """Rows of `before` that are in `now` too."""
        return np.flatnonzero(self.here >= 0)

    def figures(self, name: str, rows: Ints) -> tuple[np.ndarray, np.ndarray]:
        """Return what both files say of these rows of `before`; NaN where they say nothing."""
        then, now = (table.column(name).to_numpy() for table in (self.before, self.now))
        return then[rows], now[self.here[rows]]


def paired(before: pa.Table, now: pa.Table) -> Pairs:
    """Put the items of two files beside each other."""
    here = pc.index_in(before.column("item"), now.column("item").combine_chunks()).fill_null(-1)
    return Pairs(before, now, here.to_numpy().astype(np.int64))


def vanished(guards: Guards, pairs: Pairs) -> Iterator[Trip]:
    """Yield the trip where too many items of the last file are gone."""
    fresh = pairs.before.column("fresh").to_numpy()
    rows = np.flatnonzero(fresh & (pairs.here < 0))
    if guards.vanish is not None and _too_many(guards.vanish, len(rows), int(fresh.sum())):
        what = f"of {many(int(fresh.sum()), 'item')} of the last file {which(len(rows), 'is', 'are')} not in this one"
        then = pairs.before.column("quantity").to_numpy()[rows[:SHOWN]]
        yield _trip("vanish", (what, guards.vanish), pairs, rows, int(fresh.sum()), (then, np.full(len(then), np.nan)))


def emptied(guards: Guards, pairs: Pairs) -> Iterator[Trip]:
    """Yield the trip where too many items that had stock have none."""
    rows = _fresh(pairs)
    then, now = pairs.figures("quantity", rows)
    had = then > 0
    gone = had & (now <= 0)
    whole = int(had.sum())
    if guards.to_zero is not None and _too_many(guards.to_zero, int(gone.sum()), whole):
        what = f"of {many(whole, 'item')} that had stock {which(int(gone.sum()), 'has', 'have')} none now"
        yield _trip("to_zero", (what, guards.to_zero), pairs, rows[gone], whole, (then[gone], now[gone]))


def jumped(guards: Guards, pairs: Pairs) -> Iterator[Trip]:
    """Yield the trip where too many quantities go up or down by a factor."""
    limit = guards.jump
    if limit is None:
        return
    rows = _fresh(pairs)
    then, now = pairs.figures("quantity", rows)
    both = (then > 0) & (now > 0)
    far = both & ((now >= then * limit.factor) | (now * limit.factor <= then))
    if _too_many(limit, int(far.sum()), int(both.sum())):
        be, each = which(int(far.sum()), "is", "are"), which(int(both.sum()), "quantity", "quantities")
        what = f"of {int(both.sum()):,} {each} {be} {limit.factor:g} times as much, or as little"
        yield _trip("jump", (what, limit), pairs, rows[far], int(both.sum()), (then[far], now[far]))


def moved(guards: Guards, pairs: Pairs) -> Iterator[Trip]:
    """Yield the trip where too many prices move too far."""
    limit = guards.prices
    if limit is None:
        return
    rows = pairs.both
    then, now = pairs.figures("price", rows)
    both = (then > 0) & ~np.isnan(now)
    far = both & (np.abs(now - then) * _HUNDRED > limit.move * then * (1 + 1e-12))
    if _too_many(limit, int(far.sum()), int(both.sum())):
        what = f"of {many(int(both.sum()), 'price')} moved by more than {limit.move:g} %"
        yield _trip("prices", (what, limit), pairs, rows[far], int(both.sum()), (then[far], now[far]))


def hundredfold(guards: Guards, pairs: Pairs) -> Iterator[Trip]:
    """Yield the trips of figures that are a hundred times what they were, or a hundredth."""
    chosen = {"both": ("price", "quantity")}.get(guards.hundredfold or "", (guards.hundredfold,))
    for name in chosen:
        if name is None:
            continue
        rows = pairs.both if name == "price" else _fresh(pairs)
        then, now = pairs.figures(name, rows)
        positive = (then > 0) & (now > 0)
        up = positive & (np.abs(now - then * _HUNDRED) <= then * _HUNDRED * _ROUNDED)
        down = positive & (np.abs(now * _HUNDRED - then) <= then * _ROUNDED)
        far: Mask = up | down
        if far.any():
            number, how = int(far.sum()), "a hundred times" if up.any() else "a hundredth of"
            whole = int(positive.sum())
            far_off = f"{number:,} of {whole:,} {which(whole, name, _MANY[name])} {which(number, 'is', 'are')}"
            were = which(number, "it was", "they were")
            said = f"hundredfold: {far_off} {how} what {were}; none may be"
            yield Trip("hundredfold", said, _rows(pairs, rows[far], (then[far], now[far])), number)


COMPARING: dict[str, Callable[[Guards, Pairs], Iterator[Trip]]] = {
    "vanish": vanished,
    "to_zero": emptied,
    "jump": jumped,
    "prices": moved,
    "hundredfold": hundredfold,
}
"""Guard key -> what compares items."""


def _fresh(pairs: Pairs) -> Ints:
    rows = pairs.both
    made: Ints = rows[pairs.before.column("fresh").to_numpy()[rows]]
    return made


def _limit(limit: float | Share | Jump | Prices) -> tuple[float, int]:
    return (limit, 1) if isinstance(limit, float | int) else (limit.share, limit.at_least)


def _too_many(limit: float | Share | Jump | Prices, part: int, whole: int) -> bool:
    most, at_least = _limit(limit)
    return part >= at_least and part > most * whole * (1 + 1e-12)


def _trip(
    guard: str,
    what: tuple[str, float | Share | Jump | Prices],
    pairs: Pairs,
    rows: Ints,
    whole: int,
    figures: tuple[np.ndarray, np.ndarray],
) -> Trip:
    said, limit = what
    number = len(rows)
    most = f"the limit is {_limit(limit)[0]:.0%}"
    return Trip(
        guard, f"{guard}: {number:,} {said} ({share(number, whole)}), {most}", _rows(pairs, rows, figures), number
    )


def _rows(pairs: Pairs, rows: Ints, figures: tuple[np.ndarray, np.ndarray]) -> tuple[tuple[str, str, str], ...]:
    names = pairs.before.column("item").take(pa.array(rows[:SHOWN])).to_pylist()
    shown = [[plain(value) for value in side[:SHOWN].tolist()] for side in figures]
    return tuple(zip(names, *shown, strict=True))


def plain(value: float) -> str:
    """Return a figure as a person writes it; blank for none."""
    return "" if isnan(value) else f"{Decimal(format(value, '.6f')).normalize():f}"
