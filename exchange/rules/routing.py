"""The routes of a flow: which warehouse ships a line, by what is known of the line and of its order."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.config.fulfilment import CHANNEL, LINE_WEIGHT, ORDER_WEIGHT, Between, Route
from exchange.kernel.chunk import Ints, Mask
from exchange.kernel.pipeline import Columns
from exchange.rules.amounts import ONE, to_decimals, to_ints

Routed = Callable[[tuple[Columns, Columns], Ints, Mask, str], dict[str, pa.Array]]


def router(routes: tuple[Route, ...]) -> Routed | None:
    """Return what sets the line fields that routes decide on; None where there are no routes."""
    return partial(route, routes=routes) if routes else None


def route(
    levels: tuple[Columns, Columns], owner: Ints, keep: Mask, channel: str, routes: tuple[Route, ...]
) -> dict[str, pa.Array]:
    """Return `warehouse` and `fulfiller` of each line: those of the first route that fits, else what they were.

    `levels`: header and line fields; `owner`: document of each line; `keep`: the lines that go anywhere.
    """
    asked = _Asked(levels, owner, keep, channel)
    open_ = np.ones(len(owner), bool)
    taken = np.full(len(owner), -1)
    for number, each in enumerate(routes):
        fits = open_.copy()
        for name, wanted in each.when.items():
            fits &= asked.fits(name, wanted)
        taken[fits] = number
        open_ &= ~fits
    made = {}
    for name in ("warehouse", "fulfiller"):
        said = [getattr(each, name) or None for each in routes]
        if any(said):
            chosen = pa.array(said, pa.string()).take(pa.array(taken, mask=taken < 0))
            before = levels[1].get(name)
            made[name] = chosen if before is None else pc.coalesce(chosen, before)
    return made


@dataclass(frozen=True, slots=True)
class _Asked:
    """The lines of some documents, and what routes ask of them."""

    levels: tuple[Columns, Columns]
    owner: Ints
    keep: Mask
    channel: str

    def fits(self, name: str, wanted: tuple[str, ...] | Between) -> Mask:
        """Return the lines that have one of the values, or a number within the limits; a blank never does."""
        column = self._column(name)
        if isinstance(wanted, Between):
            return _within(column, wanted)
        texts = column if pa.types.is_string(column.type) else column.cast(pa.string())
        made: Mask = pc.is_in(texts, value_set=pa.array(wanted, pa.string())).to_numpy(zero_copy_only=False)
        return made

    def _column(self, name: str) -> pa.Array:
        header, lines = self.levels
        if name in lines:
            return lines[name]
        if name in header:
            return header[name].take(pa.array(self.owner))
        if name == CHANNEL:
            return pa.repeat(pa.scalar(self.channel), len(self.owner))
        if name in {LINE_WEIGHT, ORDER_WEIGHT}:
            return self._weights(whole=name == ORDER_WEIGHT)
        return pa.nulls(len(self.owner), pa.string())

    def _weights(self, *, whole: bool) -> pa.Array:
        """Return the weight of each line, or of its whole order, in g; blank where one is not known."""
        _, lines = self.levels
        if "weight_g" not in lines or "quantity" not in lines:
            return pa.nulls(len(self.owner), pa.decimal128(18, 4))
        known = (lines["weight_g"].is_valid()).to_numpy(zero_copy_only=False)
        known = known & lines["quantity"].is_valid().to_numpy(zero_copy_only=False)
        weights = to_ints(lines["weight_g"]) * pc.fill_null(lines["quantity"], 0).to_numpy().astype(np.int64)
        if whole:
            size = int(self.owner.max(initial=-1)) + 1
            sums, unknown = np.zeros(size, np.int64), np.zeros(size, bool)
            np.add.at(sums, self.owner[self.keep], weights[self.keep])
            unknown[self.owner[self.keep & ~known]] = True
            weights, known = sums[self.owner], ~unknown[self.owner]
        return pc.if_else(pa.array(known), to_decimals(weights), pa.scalar(None, pa.decimal128(18, 4)))


def _within(column: pa.Array, limits: Between) -> Mask:
    fits: Mask = column.is_valid().to_numpy(zero_copy_only=False)
    if pa.types.is_string(column.type):
        return np.zeros(len(column), bool)  # nothing is mapped to the field
    whole = pa.types.is_integer(column.type)
    numbers = pc.fill_null(column, 0).to_numpy().astype(np.int64) * ONE if whole else to_ints(column)
    if limits.over is not None:
        fits = fits & (numbers > math.floor(limits.over * ONE))
    if limits.under is not None:
        fits = fits & (numbers < math.ceil(limits.under * ONE))
    return fits
