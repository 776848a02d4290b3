"""Divides an amount over lines by value, to the cent, so that the parts add up to it exactly."""

from __future__ import annotations

import numpy as np

from exchange.kernel.chunk import Ints, Mask
from exchange.rules.amounts import ONE

CENT = ONE // 100
MILL = ONE // 1000
UNITS = (ONE, CENT, MILL, 1)
"""Steps in which an amount is divided: whole units where a currency has no cents, cents, thousandths where a currency
has such coins (dinars), and the smallest there is where amount or values are finer than the coins of their currency."""
_SAFE = 2.0**62
"""Products beyond this are computed with Python's integers."""


def allocate(amounts: Ints, values: Ints, owner: Ints, units: Ints) -> Ints:
    """Return the share of each line in its order's amount, by largest remainder; ties go to the earlier line.

    `amounts` and `units` (one of UNITS: the coarsest step wanted) hold one entry per order, `values` and `owner`
    (ascending) one per line; 0 <= amount <= sum of the order's values. No share exceeds its line's value.
    """
    shares = np.zeros(len(values), np.int64)
    pending = amounts > 0
    for unit in UNITS:
        wanted = (units == unit) if unit == MILL else (units >= unit)
        now = pending & wanted & (amounts % unit == 0)
        lines = np.flatnonzero(now[owner])
        if not len(lines):
            continue
        orders, own = np.unique(owner[lines], return_inverse=True)
        found, fits = _divided(amounts[orders], values[lines], own, unit)
        shares[lines[fits[own]]] = found[fits[own]]
        pending[orders[fits]] = False
    return shares


def _divided(amounts: Ints, values: Ints, owner: Ints, unit: int) -> tuple[Ints, Mask]:
    """Return the shares in one step size, and for which orders it is fine enough."""
    starts = np.searchsorted(owner, np.arange(len(amounts)))
    worth = np.add.reduceat(values, starts)
    parts = amounts // unit
    products = parts[owner].astype(np.float64) * values
    if products.max() > _SAFE:
        base, rest = _exact_quotas(parts[owner], values, worth[owner])
    else:
        base, rest = np.divmod(parts[owner] * values, worth[owner])
    left = parts - np.add.reduceat(base, starts)
    able = (rest > 0) & ((base + 1) * unit <= values)
    rank = np.empty(len(values), np.int64)
    order = np.lexsort((np.arange(len(values)), -rest, ~able, owner))
    rank[order] = np.arange(len(values)) - starts[owner[order]]
    fits: Mask = np.add.reduceat(able.astype(np.int64), starts) >= left
    extra = able & (rank < left[owner])
    return (base + extra) * unit, fits


def _exact_quotas(parts: Ints, values: Ints, worth: Ints) -> tuple[Ints, Ints]:
    pairs = [divmod(p * v, w) for p, v, w in zip(parts.tolist(), values.tolist(), worth.tolist(), strict=True)]
    return np.array([pair[0] for pair in pairs], np.int64), np.array([pair[1] for pair in pairs], np.int64)
