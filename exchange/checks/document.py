"""Checks the values of a canonical document by the constraints it declares."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pycountry

from exchange.checks.rules import Rule, RuleSet, longest, one_of, pattern, required, shortest
from exchange.documents.loader import Constraints, Field
from exchange.kernel.chunk import CellFailure, cells_of

_KOSOVO = "XK"
"""Not in ISO 3166 but reserved by it for users; shops, carriers and the EU write it."""
_DAMAGED = r"^\d(?:[.,]\d+[eE]\+?|[eE]\+)\d+$"
"""A long number as spreadsheets shorten it: `4.00638E+12`. `1E5` without a sign or a point may be an article."""
_MARKS = np.isin(np.arange(256), [ord(mark) for mark in ".,+"])
"""Byte -> whether it is one of those without which nothing is a shortened number; most columns hold none."""
_TEXT = frozenset({"text", "identifier", "country", "currency"})


class DocumentCheck:
    """The compiled checks of one level (header or lines) of a document; each process makes its own."""

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self._rules = RuleSet({name: tuple(_rules(field)) for name, field in fields.items()})

    def check(self, columns: Mapping[str, pa.Array]) -> list[CellFailure]:
        """Return the first broken rule of each cell, by row; columns are the level's fields in their Arrow types.

        A field that is not among the columns is not checked.
        """
        return self._rules.failures(columns)


def allowed_values(field: Field) -> tuple[str, ...]:
    """Return the only values that a field may have; none where it is not so narrow."""
    return _currencies() if field.type == "currency" else tuple(field.constraints.enum or ())


def _rules(field: Field) -> Iterator[Rule]:
    limits = field.constraints
    if limits.required:
        yield required()
    if field.type == "country":
        yield one_of(_countries(), "UNKNOWN_COUNTRY", told=False)
    if field.type == "currency":
        yield one_of(_currencies(), "UNKNOWN_CURRENCY", told=False)
    if field.type == "identifier":
        yield Rule("SPREADSHEET_DAMAGE", _undamaged)
    if field.type in _TEXT:
        yield from _text_rules(limits)
    else:
        yield from _range_rules(field)


def _text_rules(limits: Constraints) -> Iterator[Rule]:
    if limits.enum:
        yield one_of(limits.enum)
    if limits.minLength is not None:
        yield shortest(limits.minLength)
    if limits.maxLength is not None:
        yield longest(limits.maxLength)
    if limits.pattern is not None:
        yield pattern(limits.pattern)


def _range_rules(field: Field) -> Iterator[Rule]:
    low, high = field.constraints.minimum, field.constraints.maximum
    if low is not None:
        yield Rule("OUT_OF_RANGE", _bounded(pc.greater_equal, low), {"relation": "less than", "bound": low})
    if high is not None:
        yield Rule("OUT_OF_RANGE", _bounded(pc.less_equal, high), {"relation": "more than", "bound": high})


def _bounded(compare: Callable[[pa.Array, pa.Scalar], pa.Array], bound: int) -> Callable[[pa.Array], pa.Array]:
    return lambda column: compare(column, pa.scalar(Decimal(bound) if pa.types.is_decimal(column.type) else bound))


def _undamaged(column: pa.Array) -> pa.Array:
    offsets, data = cells_of(column)
    if not _MARKS[data[offsets[0] : offsets[-1]]].any():
        return pa.repeat(pa.scalar(True), len(column))  # noqa: FBT003 - a value, not a switch
    return pc.invert(pc.match_substring_regex(column, _DAMAGED))


@cache
def _countries() -> tuple[str, ...]:
    return (*(country.alpha_2 for country in pycountry.countries), _KOSOVO)


@cache
def _currencies() -> tuple[str, ...]:
    return tuple(currency.alpha_3 for currency in pycountry.currencies)
