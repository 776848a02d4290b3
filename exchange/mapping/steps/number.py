"""Steps on numbers; all arithmetic is exact."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from decimal import Context as Precision
from functools import reduce
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.kernel.chunk import Ints, cells_of
from exchange.mapping import decimals
from exchange.mapping.kinds import Kind, mask_of, valid_mask, without
from exchange.mapping.spec import (
    ArgumentError,
    Built,
    Context,
    Example,
    Inputs,
    Outcome,
    Parameter,
    Refused,
    StepSpec,
    Wrong,
)

_NUMBERS: frozenset[Kind] = frozenset({"integer", "decimal"})
_MODES = {
    "half_up": "half_towards_infinity",
    "half_even": "half_to_even",
    "down": "towards_zero",
    "up": "towards_infinity",
}
_PLACES = 4
_DIVISION = Precision(prec=60)
_FACTOR_DIGITS = 18
_INTEGER_DIGITS = 18
_DIGIT = np.isin(np.arange(256), range(ord("0"), ord("9") + 1))
"""Byte -> whether it is a digit."""
_FACTOR_PLACES = 10


def to_integer(inputs: Inputs) -> Outcome:
    """Read an optional sign and digits."""
    values, valid = inputs.value, valid_mask(inputs.value)
    offsets, data = cells_of(values)
    length = np.diff(offsets)
    good = valid & (length > 0) & (length <= _INTEGER_DIGITS)
    other = np.flatnonzero(~_DIGIT[data[offsets[0] : offsets[-1]]]) + offsets[0]
    good[np.searchsorted(offsets, other, side="right") - 1] = False
    odd = valid & ~good
    if odd.any():
        # Signs and long rows of zeros are looked at where they are, not in every cell.
        cells = values.filter(pa.array(odd))
        signed = mask_of(pc.match_substring_regex(cells, r"^[+-]?0*[0-9]{1,18}$"))
        plain = pc.replace_substring_regex(without(cells, ~signed), r"^\+?(-?)0*([0-9])", r"\1\2")
        values = pc.replace_with_mask(values, pa.array(odd), plain)
        good[odd] = signed
    return Outcome(pc.cast(values, pa.int64()), (Refused(valid & ~good, "NOT_AN_INTEGER"),))


def _integer(_arguments: Mapping[str, Any], _context: Context) -> Built:
    return Built(to_integer, "integer")


def _decimal(arguments: Mapping[str, Any], _context: Context) -> Built:
    point, group = arguments["point"], arguments["group"]
    if len(point) != 1 or point.isalnum() or point in "+-":
        raise ArgumentError(Wrong("point", f"{point!r} is not a decimal separator", 'write "." or ","'))
    if group and (len(group) != 1 or group.isalnum() or group in "+-" or group == point):
        what = f"{group!r} does not do as a group separator beside {point!r}"
        raise ArgumentError(Wrong("group", what, "write another character, or leave it out"))
    return Built(lambda inputs: decimals.parse(inputs.value, point, group), "decimal")


def _scale(arguments: Mapping[str, Any], _context: Context) -> Built:
    factor = Decimal(arguments["factor"])
    places = max(0, -int(factor.as_tuple().exponent))
    if places > _FACTOR_PLACES or factor.adjusted() + 1 + places > _FACTOR_DIGITS:
        instead = f"write at most {_FACTOR_DIGITS} digits, {_FACTOR_PLACES} of them behind the point"
        raise ArgumentError(Wrong("factor", f"{factor} has too many digits", instead))
    constant = pa.scalar(factor, pa.decimal128(_FACTOR_DIGITS, places))

    def run(inputs: Inputs) -> Outcome:
        return decimals.held(decimals.product(inputs.value, constant))

    return Built(run, "decimal")


def _round(arguments: Mapping[str, Any], _context: Context) -> Built:
    places, mode = arguments["places"], _MODES[arguments["mode"]]
    if not 0 <= places <= _PLACES:
        raise ArgumentError(Wrong("places", f"{places} decimal places cannot be held", f"write 0 to {_PLACES}"))

    def run(inputs: Inputs) -> Outcome:
        wide = pc.cast(decimals.as_decimal(inputs.value), decimals.WIDE)
        return decimals.held(pc.round(wide, ndigits=places, round_mode=mode))

    return Built(run, "decimal")


def _whole(outcome: Outcome) -> Outcome:
    """Bring a decimal result of whole numbers back to integers."""
    return Outcome(pc.cast(outcome.values, pa.int64()), outcome.refused)


def _sum(_arguments: Mapping[str, Any], context: Context) -> Built:
    if set(context.kinds) == {"integer"}:
        return Built(lambda inputs: _whole(decimals.held(decimals.total(inputs.values))), "integer")
    return Built(lambda inputs: decimals.held(decimals.total(inputs.values)), "decimal")


def _multiplied(inputs: Inputs) -> Outcome:
    refused: list[Refused] = []

    def both(left: pa.Array, right: pa.Array) -> pa.Array:
        outcome = decimals.held(decimals.product(left, right))
        refused.extend(outcome.refused)
        return outcome.values

    return Outcome(reduce(both, inputs.values), tuple(refused))


def _multiply(_arguments: Mapping[str, Any], context: Context) -> Built:
    if set(context.kinds) == {"integer"}:
        return Built(lambda inputs: _whole(_multiplied(inputs)), "integer")
    return Built(_multiplied, "decimal")


def _divide(arguments: Mapping[str, Any], context: Context) -> Built:
    places = arguments["places"]
    if places is not None and not 0 <= places <= _PLACES:
        raise ArgumentError(Wrong("places", f"{places} decimal places cannot be held", f"write 0 to {_PLACES}"))

    if len(context.kinds) != 2:
        what = f"it divides one column by another, and {len(context.kinds)} come in"
        raise ArgumentError(Wrong(None, what, "write two under `from:`"))

    def run(inputs: Inputs) -> Outcome:
        divided, by = (pc.cast(decimals.as_decimal(each), decimals.WIDE) for each in inputs.values)
        one = pc.fill_null(pc.equal(by, pa.scalar(Decimal(1), decimals.WIDE)), fill_value=True)
        odd = np.flatnonzero(valid_mask(divided) & ~mask_of(one))
        if not len(odd):
            return decimals.held(divided)
        rows = pa.array(odd)
        pairs = zip(divided.take(rows).to_pylist(), by.take(rows).to_pylist(), strict=True)
        found = [_quotient(left, right, places) for left, right in pairs]
        made = pc.replace_with_mask(divided, _at(odd, len(divided)), pa.array([q for q, _ in found], decimals.WIDE))
        zero, inexact = (_at(odd[[why == code for _, why in found]], len(divided)) for code in ("zero", "inexact"))
        outcome = decimals.held(made)
        refused = (Refused(mask_of(zero), "DIVIDED_BY_ZERO"), decimals.inexact_refused(mask_of(inexact)))
        return Outcome(outcome.values, (*refused, *outcome.refused))

    return Built(run, "decimal")


def _quotient(left: Decimal, right: Decimal, places: int | None) -> tuple[Decimal | None, str]:
    """Return a quotient, or None and why there is none."""
    if not right:
        return None, "zero"
    if places is not None:
        return _DIVISION.divide(left, right).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _DIVISION), ""
    made = _DIVISION.divide(left, right)
    exact = made.quantize(Decimal(1).scaleb(-decimals.WIDE.scale), ROUND_HALF_UP, _DIVISION)
    return (exact, "") if made == exact else (None, "inexact")


def _at(rows: Ints, size: int) -> pa.Array:
    mask = np.zeros(size, np.bool_)
    mask[rows] = True
    return pa.array(mask)


STEPS = (
    StepSpec(
        "integer",
        "Reads a whole number: an optional sign and digits",
        _integer,
        returns="integer",
        examples=(
            Example(None, ("12",), 12),
            Example(None, ("-3",), -3),
            Example(None, ("+0012",), 12),
            Example(None, ("1.5",), problem="NOT_AN_INTEGER"),
            Example(None, ("two",), problem="NOT_AN_INTEGER"),
            Example(None, ("1e3",), problem="NOT_AN_INTEGER"),
            Example(None, ("0x1F",), problem="NOT_AN_INTEGER"),
            Example(None, (None,), None),
        ),
    ),
    StepSpec(
        "decimal",
        "Reads a number with declared separators, exactly; no exponent",
        _decimal,
        parameters=(
            Parameter("point", "text", "Decimal separator", default="."),
            Parameter("group", "text", "Separator of thousands; empty for none", default=""),
        ),
        returns="decimal",
        examples=(
            Example(None, ("12.50",), Decimal("12.5000")),
            Example(None, ("-0.0001",), Decimal("-0.0001")),
            Example({"point": ".", "group": ","}, ("1,234.50",), Decimal("1234.5000")),
            Example({"point": ",", "group": "."}, ("1.234,50",), Decimal("1234.5000")),
            Example({"point": ".", "group": ","}, ("12,50",), problem="NOT_A_NUMBER"),
            Example(None, ("12,50",), problem="NOT_A_NUMBER"),
            Example(None, ("1e3",), problem="NOT_A_NUMBER"),
            Example(None, ("1.23456",), problem="NOT_EXACT"),
            Example(None, ("123456789012345",), problem="OUT_OF_RANGE"),
        ),
    ),
    StepSpec(
        "scale",
        "Multiplies by a constant",
        _scale,
        accepts=_NUMBERS,
        parameters=(Parameter("factor", "number", 'The constant, as text: "0.001"', required=True),),
        returns="decimal",
        examples=(
            Example("0.001", (1500,), Decimal("1.5000")),
            Example("1000", (Decimal("0.25"),), Decimal("250.0000")),
            Example("0.001", (Decimal("0.01"),), problem="NOT_EXACT"),
        ),
    ),
    StepSpec(
        "round",
        "Rounds; nothing is ever rounded unless this is written",
        _round,
        accepts=_NUMBERS,
        parameters=(
            Parameter("places", "integer", "Decimal places to keep, 0 to 4", required=True),
            Parameter("mode", "text", "What happens to the rest", default="half_up", choices=tuple(_MODES)),
        ),
        returns="decimal",
        examples=(
            Example(2, (Decimal("1.005"),), Decimal("1.0100")),
            Example(2, (Decimal("-1.005"),), Decimal("-1.0100")),
            Example({"places": 0, "mode": "half_even"}, (Decimal("2.5"),), Decimal("2.0000")),
            Example({"places": 2, "mode": "down"}, (Decimal("1.0199"),), Decimal("1.0100")),
        ),
    ),
    StepSpec(
        "sum",
        "Adds up several columns; blank ones count as nothing",
        _sum,
        accepts=_NUMBERS,
        takes="many",
        returns="same",
        examples=(
            Example(None, (Decimal("1.10"), None, Decimal("2.2")), Decimal("3.3000")),
            Example(None, (1, 2), 3),
        ),
    ),
    StepSpec(
        "multiply",
        "Multiplies several columns; one blank makes the result blank",
        _multiply,
        accepts=_NUMBERS,
        takes="many",
        returns="same",
        examples=(
            Example(None, (3, Decimal("1.25")), Decimal("3.7500")),
            Example(None, (6, 7), 42),
            Example(None, (Decimal("1.01"), Decimal("0.001")), problem="NOT_EXACT"),
        ),
    ),
    StepSpec(
        "divide",
        "Divides the first of two columns by the second; a blank second one leaves the first as it is",
        _divide,
        accepts=_NUMBERS,
        takes="many",
        parameters=(Parameter("places", "integer", "Decimal places to round to; without it only exact results count"),),
        returns="decimal",
        examples=(
            Example(None, (Decimal("12.50"), 10), Decimal("1.2500")),
            Example(None, (Decimal("12.50"), None), Decimal("12.5000")),
            Example(None, (None, 10), None),
            Example({"places": 2}, (Decimal("10.00"), 3), Decimal("3.3300")),
            Example(None, (Decimal("10.00"), 3), problem="NOT_EXACT"),
            Example(None, (Decimal("10.00"), 0), problem="DIVIDED_BY_ZERO"),
        ),
    ),
)
