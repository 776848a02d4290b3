"""Builds what a flow says of stock: what its figures mean, and which deliveries take from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from exchange.assemble.sources import Sources
from exchange.config.stock import Stock
from exchange.kernel.chunk import CellFailure
from exchange.kernel.pipeline import Check, Columns, ReserveRules, StockRules, Target


def stock_rules(sources: Sources) -> StockRules | None:
    """Return what the figures of the pick-up mean; None where it does not say."""
    stock = _stock(sources)
    if stock is None:
        return None
    sequence = stock.sequence
    return StockRules(
        stock.mode,
        stock.location,
        stock.missing,
        settles=stock.mode == "snapshot" or stock.counts_orders,
        sells=stock.use == "sell",
        number=sequence.number_in if sequence is not None and sequence.name else None,
        number_column=sequence.column if sequence is not None else "",
    )


def stock_columns(sources: Sources) -> tuple[str, ...]:
    """Return the source columns that `stock:` reads."""
    stock = _stock(sources)
    return (stock.sequence.column,) if stock and stock.sequence and stock.sequence.column else ()


def reserve_rules(sources: Sources, targets: Iterable[Target]) -> ReserveRules | None:
    """Return how what goes to these targets is subtracted from stock; None where the flow does not say so."""
    reserve = sources.flow.rules.reserved
    if reserve is None:
        return None
    every = tuple(targets)
    telling = [each for each in every if each.per_part or each.needs_shipping] or list(every)
    if reserve.to:
        telling = [each for each in every if each.endpoint in reserve.to]
    if any(each.per_part for each in telling):
        telling = [each for each in telling if each.per_part]  # the others get the same lines in one piece
    endpoints = tuple(dict.fromkeys(each.endpoint for each in telling))
    return ReserveRules(reserve.location, tuple(each.name for each in telling), endpoints, reserve.lag)


def checking_locations(check: Check, sources: Sources) -> Check:
    """Return a check of lines that refuses those of no warehouse, and of one that the pick-up does not name."""
    stock = _stock(sources)
    return check if stock is None else _Located(check, stock.location)


class _Located:
    def __init__(self, check: Check, locations: tuple[str, ...]) -> None:
        self._check = check
        self._locations = locations

    def __call__(self, columns: Columns) -> list[CellFailure]:
        return [*self._check(columns), *self._failures(columns)]

    def _failures(self, columns: Mapping[str, pa.Array]) -> Iterable[CellFailure]:
        column = columns.get("warehouse")
        if column is None:
            rows = len(next(iter(columns.values()))) if columns else 0
            column = pa.nulls(rows, pa.string())
        if len(self._locations) != 1:
            for row in pc.indices_nonzero(column.is_null()).to_pylist():
                yield CellFailure(row, "warehouse", None, None, "REQUIRED_MISSING")
        if self._locations:
            known = pc.or_kleene(pc.is_in(column, value_set=pa.array(self._locations)), column.is_null())
            for row in pc.indices_nonzero(pc.invert(known)).to_pylist():
                allowed = ", ".join(self._locations)
                yield CellFailure(row, "warehouse", None, column[row].as_py(), "NOT_ALLOWED", {"allowed": allowed})


def _stock(sources: Sources) -> Stock | None:
    return sources.flow.pick_up[sources.pick_up].stock
