"""What must hold of amounts beside their sums: tax lines make the taxes, and no amount is finer than its currency."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from exchange.config.rules import Money
from exchange.kernel.chunk import CellFailure, Ints, Mask
from exchange.kernel.pipeline import Columns
from exchange.rules.amounts import to_ints, to_text
from exchange.rules.currency import coins

_TAX_LINE = re.compile(r"tax\d+_amount")
AMOUNTS = ("subtotal", "shipping", "shipping_tax", "taxes", "duties", "tips", "discount", "total", "refunded")
"""Amounts that are paid, and so are whole coins; a unit price may be finer."""


def amount_failures(header: Columns, asked: Mask, money: Money, tolerance: Ints) -> Iterator[CellFailure]:
    """Yield what is wrong with the amounts of some documents themselves; `tolerance`: of each, in ten-thousandths."""
    warning, count = money.on_mismatch == "warn", len(asked)
    yield from _too_fine(header, asked)
    lines = {name: to_ints(column) for name, column in header.items() if _TAX_LINE.fullmatch(name)}
    told = [name for name in lines if header[name].null_count < count]
    if not told or "taxes" not in header:
        return
    total, taxes = sum((lines[name] for name in told), np.zeros(count, np.int64)), to_ints(header["taxes"])
    given = np.zeros(count, bool)
    for name in told:
        given |= header[name].is_valid().to_numpy(zero_copy_only=False)
    for row in np.flatnonzero(asked & given & (np.abs(total - taxes) > tolerance)).tolist():
        formula = f"{' + '.join(name for name in told if header[name][row].is_valid)} = taxes"
        right = to_text(int(taxes[row]))
        detail = {"formula": formula, "left": to_text(int(total[row])), "right": right}
        detail["tolerance"] = to_text(int(tolerance[row]))
        yield CellFailure(row, "taxes", None, right, "TOTALS_MISMATCH", detail, warning=warning)


def _too_fine(header: Columns, asked: Mask) -> Iterator[CellFailure]:
    count = len(asked)
    step = coins(header, count)
    for name in AMOUNTS:
        if name in header and header[name].null_count < count:
            values = to_ints(header[name])
            for row in np.flatnonzero((values % step != 0) & asked).tolist():
                detail = {"currency": header["currency"][row].as_py() if "currency" in header else "the currency"}
                yield CellFailure(row, name, None, to_text(int(values[row])), "AMOUNT_TOO_FINE", detail)


def tolerances(header: Columns, lines: Ints, money: Money, one: int) -> Ints:
    """Return how far the sums of each document may differ, in ten-thousandths (`one` is 1).

    Where each line is rounded by itself, as much as half a coin is lost or gained on each. `lines`: how many there are.
    """
    fixed = np.full(len(lines), int(money.tolerance * one), np.int64)
    if money.rounding == "order":
        return fixed
    made: Ints = np.maximum(fixed, coins(header, len(lines)) * lines // 2)
    return made
