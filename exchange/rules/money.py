"""Makes the amounts of an order agree: allocates its discount to the lines and checks the sums."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.config.rules import Money
from exchange.kernel.chunk import CellFailure, Ints, Mask
from exchange.kernel.pipeline import Columns, Settled
from exchange.rules.allocation import allocate
from exchange.rules.amounts import AMOUNT, LARGEST, ONE, to_decimals, to_ints, to_text
from exchange.rules.currency import coins
from exchange.rules.taxes import amount_failures, tolerances

_BESIDE = ("shipping", "shipping_tax", "taxes", "duties", "tips")
"""What comes to the subtotal to make the total."""


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of all orders, in ten-thousandths."""

    owner: Ints
    gross: Ints
    """quantity x unit_price."""
    discount: Ints
    """What the source gives as discount of the line."""

    def sums(self, values: Ints, orders: int) -> Ints:
        """Add up `values` per order."""
        ends = np.concatenate([[0], np.cumsum(values)])
        borders = np.searchsorted(self.owner, np.arange(orders + 1))
        added: Ints = np.diff(ends[borders])
        return added


def settle(header: Columns, lines: Columns, owner: Ints, bad: Mask, money: Money) -> Settled:
    """Allocate each order's discount to its lines and check its sums; amounts that are null count as 0.

    `header` holds subtotal, discount, shipping, taxes, duties, tips, total (decimals) and currency, `lines` holds
    quantity (integer), unit_price and line_discount (decimals); `owner` is the header row of each line row,
    ascending. A missing column counts as all null. Without subtotal or total the check that needs it is left out.
    The returned columns have one entry per line; failures are of header rows, and of none that is `bad` already: what
    was read wrong adds up to nothing. The order's discount contains the
    discounts of its lines where the subtotal says so, else it comes to them.
    """
    count = len(next(iter(header.values()), ()))
    amounts = {name: _amounts(header, name, count) for name in ("subtotal", "discount", "total", *_BESIDE)}
    read, huge = _lines(lines, owner, count)
    tolerance = tolerances(header, np.bincount(owner, minlength=count), money, ONE)
    given = _given(header, "subtotal", count), _given(header, "total", count)
    order = _Orders(amounts, given, read, money, tolerance)
    failures = [_out_of_range(lines, owner, int(row)) for row in np.flatnonzero(huge & ~bad)]
    failures += order.failures(~huge & ~bad)
    # Wrong taxes that come to the total are told by it; inclusive ones are no part of it.
    told = {failure.row for failure in failures if failure.field == "total" and money.taxes == "exclusive"}
    beside = amount_failures(header, ~bad, money, tolerance)
    failures += [failure for failure in beside if failure.field != "taxes" or failure.row not in told]
    shares = np.zeros(len(owner), np.int64)
    if money.allocate_discount == "by_value":
        wanted = np.where(order.too_large | order.line_too_large | huge, 0, order.to_allocate)
        values = np.maximum(read.gross - read.discount, 0)
        shares = allocate(wanted, values, owner, coins(header, count))
    discount = read.discount + shares
    failures.sort(key=lambda failure: failure.row)
    return Settled(to_decimals(discount), to_decimals(read.gross - discount), failures)


def unsettled(header: Columns, lines: Columns, owner: Ints, bad: Mask) -> Settled:
    """Return no amounts: of documents that have no total, such as stock."""
    del header, lines, bad
    nothing = pa.nulls(len(owner), AMOUNT)
    return Settled(nothing, nothing, [])


class _Orders:
    """The sums of all orders, computed at once."""

    def __init__(
        self, amounts: dict[str, Ints], given: tuple[Mask, Mask], lines: _Lines, money: Money, tolerance: Ints
    ) -> None:
        self._amounts, self._lines, self._money, self._tolerance = amounts, lines, money, tolerance
        has_subtotal, has_total = given
        beside = [name for name in _BESIDE if "tax" not in name or money.taxes == "exclusive"]
        extra = sum((amounts[name] for name in beside), np.zeros_like(amounts["total"]))
        discount, count = amounts["discount"], len(extra)
        self._gross = lines.sums(lines.gross, count)
        self._given = lines.sums(lines.discount, count)
        # Without a subtotal the total still tells whether the lines' discounts are part of the order's.
        subtotal = np.where(has_subtotal, amounts["subtotal"], amounts["total"] - extra)
        self._contains = discount >= self._given
        contained = self._contains & self._near(self._gross - discount, subtotal)
        beside_them = self._near(self._gross - self._given - discount, subtotal)
        known = has_subtotal | has_total
        apart = ~self._contains | (known & beside_them & ~contained)
        self._left = np.where(apart, self._gross - self._given, self._gross) - discount
        self.to_allocate: Ints = np.maximum(np.where(apart, discount, discount - self._given), 0)
        self._apart = apart
        self.too_large: Mask = self.to_allocate > self._gross - self._given
        self.line_too_large: Mask = lines.sums((lines.discount > lines.gross).astype(np.int64), count) > 0
        wrong = has_subtotal & ~contained & ~beside_them
        self._wrong_subtotal: Mask = wrong & ~self.too_large & ~self.line_too_large
        self._sum = amounts["subtotal"] + extra
        self._wrong_total: Mask = has_subtotal & has_total & ~self._near(self._sum, amounts["total"])

    def failures(self, asked: Mask) -> Iterator[CellFailure]:
        """Return what does not add up of the orders that are asked for."""
        for row in np.flatnonzero(self.line_too_large & asked).tolist():
            yield self._line_discount(row)
        for row in np.flatnonzero(self.too_large & ~self.line_too_large & asked).tolist():
            worth = to_text(int(self._gross[row] - self._given[row]))
            yield CellFailure(
                row, "discount", None, self._text("discount", row), "DISCOUNT_TOO_LARGE", {"worth": worth}
            )
        for row in np.flatnonzero(self._wrong_subtotal & asked).tolist():
            inner = "quantity x unit_price - line_discount" if self._apart[row] and self._given[row] else None
            formula = f"sum({inner or 'quantity x unit_price'}) - discount = subtotal"
            yield self._mismatch(row, "subtotal", formula, int(self._left[row]))
        for row in np.flatnonzero(self._wrong_total & asked).tolist():
            yield self._mismatch(row, "total", self._total_formula(row), int(self._sum[row]))

    def _near(self, left: Ints, right: Ints) -> Mask:
        close: Mask = np.abs(left - right) <= self._tolerance
        return close

    def _text(self, name: str, row: int) -> str:
        return to_text(int(self._amounts[name][row]))

    def _total_formula(self, row: int) -> str:
        named = ["subtotal", "shipping", *(["taxes"] if self._money.taxes == "exclusive" else [])]
        extra = ("duties", "tips", *(["shipping_tax"] if self._money.taxes == "exclusive" else []))
        named += [name for name in extra if self._amounts[name][row]]
        return f"{' + '.join(named)} = total"

    def _mismatch(self, row: int, field: str, formula: str, left: int) -> CellFailure:
        right = self._text(field, row)
        tolerance = to_text(int(self._tolerance[row]))
        detail = {"formula": formula, "left": to_text(left), "right": right, "tolerance": tolerance}
        warning = self._money.on_mismatch == "warn"
        return CellFailure(row, field, None, right, "TOTALS_MISMATCH", detail, warning=warning)

    def _line_discount(self, row: int) -> CellFailure:
        own = self._lines.owner == row
        line = int(np.flatnonzero(own & (self._lines.discount > self._lines.gross))[0])
        value, worth = int(self._lines.discount[line]), int(self._lines.gross[line])
        detail = {"worth": to_text(worth)}
        return CellFailure(row, "line_discount", None, to_text(value), "DISCOUNT_TOO_LARGE", detail)


def _amounts(columns: Columns, name: str, count: int) -> Ints:
    return to_ints(columns[name]) if name in columns else np.zeros(count, np.int64)


def _given(columns: Columns, name: str, count: int) -> Mask:
    if name not in columns:
        return np.zeros(count, np.bool_)
    given: Mask = pc.is_valid(columns[name]).to_numpy(zero_copy_only=False)
    return given


def _lines(columns: Columns, owner: Ints, count: int) -> tuple[_Lines, Mask]:
    """Return the lines' amounts, and the orders that are worth more than an amount can say (their lines are 0)."""
    price, discount = (_amounts(columns, name, len(owner)) for name in ("unit_price", "line_discount"))
    quantity = _quantities(columns, len(owner))
    size = np.abs(quantity.astype(np.float64) * price) + np.abs(discount)
    huge: Mask = np.bincount(owner, weights=size, minlength=count) >= LARGEST
    kept = ~huge[owner]
    return _Lines(owner, np.where(kept, quantity, 0) * price, np.where(kept, discount, 0)), huge


def _quantities(columns: Columns, count: int) -> Ints:
    if "quantity" not in columns:
        return np.zeros(count, np.int64)
    quantities: Ints = pc.fill_null(columns["quantity"].cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
    return quantities


def _out_of_range(lines: Columns, owner: Ints, row: int) -> CellFailure:
    own = np.flatnonzero(owner == row)
    price, quantity = _amounts(lines, "unit_price", len(owner)), _quantities(lines, len(owner))
    worth = sum(int(price[line]) * int(quantity[line]) for line in own)
    detail = {"relation": "more than", "bound": to_text(LARGEST)}
    return CellFailure(row, "line_total", None, to_text(worth), "OUT_OF_RANGE", detail)
