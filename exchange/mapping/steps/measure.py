"""The steps on units of measure: weights, lengths, areas, volumes, and pieces by the dozen; exact, by kind."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from decimal import Context as Precision
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.documents.units import Unit, ratio, unit
from exchange.kernel.chunk import Mask
from exchange.mapping import decimals
from exchange.mapping.kinds import valid_mask
from exchange.mapping.spec import (
    ArgumentError,
    Built,
    Context,
    Example,
    Inputs,
    Literally,
    Outcome,
    Parameter,
    Refused,
    Side,
    StepSpec,
    Wrong,
)
from exchange.mapping.steps.units import kinds_refused

_MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN, "up": ROUND_UP}
_PLACES = 4
_WIDE = decimals.WIDE.scale
_EXACT = Precision(prec=60)
_LARGEST = Decimal(10) ** (decimals.WIDE.precision - _WIDE)
_TEXT = pa.string()
Pair = tuple[str, str]


def _convert_unit(arguments: Mapping[str, Any], _context: Context) -> Built:
    source, target = arguments["from"], arguments["to"]
    places, mode = arguments["places"], _MODES[arguments["mode"]]
    if places is not None and not 0 <= places <= _PLACES:
        raise ArgumentError(Wrong("places", f"{places} decimal places cannot be held", f"write 0 to {_PLACES}"))
    _fit(source, target)

    def run(inputs: Inputs) -> Outcome:
        written = (_written(inputs, source), _written(inputs, target))
        pairs, number = _pairs(written, valid_mask(inputs.value))
        factors = [_factor(pair) for pair in pairs]
        known = np.array([isinstance(each, Fraction) for each in factors] or [False])[number]
        clash = np.array([each is None for each in factors] or [False])[number] & ~known
        there = valid_mask(inputs.value)
        values = pc.if_else(pa.array(there & known), decimals.as_decimal(inputs.value), None)
        made, inexact, huge = _converted(values, factors, number, (places, mode))
        unknown = there & ~known & ~clash
        outcome = decimals.held(made)
        refused = [*outcome.refused, decimals.inexact_refused(inexact), decimals.limit_refused(huge)]
        if unknown.any():
            refused.append(Refused(unknown, "UNIT_NOT_KNOWN", {}, {"unit": _unknown(written)}))
        if (there & clash).any():
            refused.append(kinds_refused(there & clash, written))
        return Outcome(outcome.values, tuple(refused))

    return Built(run, "decimal")


def _fit(source: Side | Literally, target: Side | Literally) -> None:
    """Refuse what is wrong whatever the rows are: a unit nobody knows, a weight that is to become a length."""
    known: list[Unit] = []
    for parameter, named in (("from", source), ("to", target)):
        if isinstance(named, Literally):
            found = unit(named.text)
            if found is None or found.factor is None:
                what = f"{named.text!r} is no unit that can be converted without knowing the item"
                raise ArgumentError(Wrong(parameter, what, "write a code such as KGM, GRM, MTR, LTR, or a column"))
            known.append(found)
    if len(known) == 2 and known[0].kind != known[1].kind:
        what = f"{known[0].name} is {known[0].kind}, {known[1].name} is {known[1].kind}"
        raise ArgumentError(Wrong("to", what, f"name another unit of {known[0].kind}"))


def _written(inputs: Inputs, named: Side | Literally) -> pa.Array:
    if isinstance(named, Side):
        return inputs.sides[named].cast(_TEXT)
    return pa.repeat(pa.scalar(named.text, _TEXT), inputs.rows)


def _pairs(written: tuple[pa.Array, pa.Array], there: Mask) -> tuple[list[Pair], Any]:
    """Return the distinct pairs of units as they are written, and the place of each row's pair among them."""
    if not len(there):
        return [], np.zeros(0, np.int64)
    coded = [column.fill_null("").dictionary_encode() for column in written]
    first, second = (np.asarray(each.indices, np.int64) for each in coded)
    names = [each.dictionary.to_pylist() for each in coded]
    distinct, number = np.unique(first * len(names[1]) + second, return_inverse=True)
    return [(names[0][one // len(names[1])], names[1][one % len(names[1])]) for one in distinct.tolist()], number


def _factor(pair: Pair) -> Fraction | str | None:
    """Return how many of the second unit one of the first is; None for other kinds, "" for a unit nobody knows."""
    source, target = (unit(name) for name in pair)
    if source is None or target is None or source.factor is None or target.factor is None:
        return ""
    return ratio(source, target)


def _unknown(written: tuple[pa.Array, pa.Array]) -> pa.Array:
    """Return, for each row, the unit that is not known."""
    source, target = (column.to_pylist() for column in written)
    good = {name for name in {*source, *target} if name is not None and (found := unit(name)) and found.factor}
    return pa.array([two if one in good else one for one, two in zip(source, target, strict=True)], _TEXT)


def _converted(
    values: pa.Array, factors: list[Fraction | str | None], number: Any, how: tuple[int | None, str]
) -> tuple[pa.Array, Mask, Mask]:
    """Return the values times the factor of each row (blank where it is none), which are inexact, and which too large.

    Distinct values are converted once each.
    """
    wide = pc.cast(values, decimals.WIDE)
    made = wide
    inexact, huge = np.zeros(len(values), bool), np.zeros(len(values), bool)
    for place, factor in enumerate(factors):
        rows = np.flatnonzero((number == place) & valid_mask(wide))
        if not isinstance(factor, Fraction) or (factor == 1 and how[0] is None) or not len(rows):
            continue
        coded = wide.take(pa.array(rows)).dictionary_encode()
        results = [_times(value, factor, *how) for value in coded.dictionary.to_pylist()]
        places = np.asarray(coded.indices, np.int64)
        inexact[rows] = np.array([why == "inexact" for _, why in results])[places]
        huge[rows] = np.array([why == "huge" for _, why in results])[places]
        mask = np.zeros(len(values), bool)
        mask[rows] = True
        found = pa.array([result for result, _ in results], decimals.WIDE).take(pa.array(places))
        made = pc.replace_with_mask(made, pa.array(mask), found)
    return made, inexact, huge


def _times(value: Decimal, factor: Fraction, places: int | None, mode: str) -> tuple[Decimal | None, str]:
    """Return an exact product, or the rounded one where rounding is said; None and why where there is none."""
    exact = Fraction(value) * factor
    digits = _WIDE if places is None else places
    scaled = exact * 10**digits
    if abs(exact) >= _LARGEST:
        return None, "huge"
    if scaled.denominator == 1:
        return Decimal(scaled.numerator).scaleb(-digits, _EXACT), ""
    return (None, "inexact") if places is None else (_rounded(scaled, mode).scaleb(-digits, _EXACT), "")


def _rounded(number: Fraction, mode: str) -> Decimal:
    """Return the whole number that is nearest by the rule; decided exactly, however long the digits run."""
    whole, rest = divmod(abs(number.numerator), number.denominator)
    twice = 2 * rest - number.denominator
    half = twice > 0 or (twice == 0 and (mode == ROUND_HALF_UP or whole % 2 == 1))
    up = rest > 0 if mode == ROUND_UP else mode != ROUND_DOWN and half
    return Decimal((whole + up) * (-1 if number < 0 else 1))


def _unit_code(arguments: Mapping[str, Any], _context: Context) -> Built:
    del arguments

    def run(inputs: Inputs) -> Outcome:
        coded = inputs.value.dictionary_encode()
        found = [unit(name) for name in coded.dictionary.to_pylist()]
        made = pa.array([None if each is None else each.code for each in found], _TEXT).take(coded.indices)
        unknown = valid_mask(inputs.value) & ~valid_mask(made)
        return Outcome(made, (Refused(unknown, "UNIT_CODE", per_row={"unit": inputs.value}),))

    return Built(run, "text")


_UNITS = {"from": "LBR", "to": "GRM"}

STEPS = (
    StepSpec(
        "convert_unit",
        "Converts a weight, length, area, volume or number of pieces to another unit of its kind, exactly; what cannot "
        "be written exactly is a problem unless `places` says how to round",
        _convert_unit,
        accepts=frozenset({"integer", "decimal"}),
        returns="decimal",
        parameters=(
            Parameter("from", "unit", "Column or field with the unit, or the unit itself: KGM, kg", required=True),
            Parameter("to", "unit", "Column or field with the wanted unit, or the unit itself", required=True),
            Parameter("places", "integer", "Decimal places to round to, 0 to 4; without it nothing is rounded"),
            Parameter("mode", "text", "How to round, where `places` is said", default="half_up", choices=tuple(_MODES)),
        ),
        examples=(
            Example({"from": "INH", "to": "CMT"}, (Decimal("2.5"),), Decimal("6.3500")),
            Example(_UNITS, (Decimal("1.5"),), problem="NOT_EXACT"),
            Example({**_UNITS, "places": 1}, (Decimal("1.5"),), Decimal("680.4000")),
            Example({"from": "kg", "to": "g"}, (Decimal("0.27"),), Decimal("270.0000")),
            Example({"from": "GRM", "to": "LBR"}, (Decimal(1000),), problem="NOT_EXACT"),
            Example({"from": "GRM", "to": "LBR", "places": 3}, (Decimal(1000),), Decimal("2.2050")),
            Example({"from": "unit", "to": "CMT"}, (Decimal(2),), Decimal("5.0800"), beside={"unit": "in"}),
            Example({"from": "unit", "to": "CMT"}, (Decimal(2),), problem="UNIT_KINDS", beside={"unit": "KGM"}),
            Example({"from": "unit", "to": "CMT"}, (Decimal(2),), problem="UNIT_NOT_KNOWN", beside={"unit": "PAL"}),
        ),
    ),
    StepSpec(
        "unit_code",
        "Writes a unit as its UN/ECE code (Recommendation 20; packages as Recommendation 21 with an X): `kg` becomes "
        "KGM, `pallet` XPX; a spelling that is not known, or means two things, is a problem",
        _unit_code,
        examples=(
            Example(None, ("kg",), "KGM"),
            Example(None, ("Pallet",), "XPX"),
            Example(None, ("EA",), "EA"),
            Example(None, ("PC",), problem="UNIT_CODE"),
        ),
    ),
)
