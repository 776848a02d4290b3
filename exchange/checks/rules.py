"""Rules over one column, each a vectorised mask; a set of them compiles to one pandera schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import pyarrow.compute as pc
from pandera.errors import SchemaError, SchemaErrorReason, SchemaErrors

from exchange.kernel.chunk import CellFailure, Ints

_SHOWN = 30
_NOTHING: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that a cell must satisfy."""

    code: str
    """Code of the problem where it does not."""
    passes: Callable[[pa.Array], pa.Array]
    """Column -> mask, true where the cell is fine; a null in the mask (as from a null cell) is fine too."""
    detail: Mapping[str, object] = field(default_factory=dict)
    """What the problem's message needs beyond field and value."""
    measured: bool = False
    """Whether the detail gets the cell's `length` in characters."""


def required() -> Rule:
    """Refuse nulls."""
    return Rule("REQUIRED_MISSING", pc.is_valid)


def longest(limit: int) -> Rule:
    """Refuse text of more characters than `limit`."""
    return Rule(
        "TOO_LONG", lambda column: pc.less_equal(pc.utf8_length(column), limit), {"limit": limit}, measured=True
    )


def shortest(limit: int) -> Rule:
    """Refuse text of fewer characters than `limit`."""
    passes = lambda column: pc.greater_equal(pc.utf8_length(column), limit)  # noqa: E731
    return Rule("TOO_SHORT", passes, {"limit": limit}, measured=True)


def pattern(expression: str) -> Rule:
    """Refuse text that the RE2 expression does not match from end to end; ValueError where it is not one."""
    whole = rf"\A(?:{expression})\z"
    try:
        pc.match_substring_regex(pa.array([""]), whole)
    except pa.ArrowInvalid as fault:
        raise ValueError(str(fault)) from None
    return Rule("PATTERN_MISMATCH", lambda column: pc.match_substring_regex(column, whole), {"pattern": expression})


def one_of(values: Sequence[str], code: str = "NOT_ALLOWED", *, told: bool = True) -> Rule:
    """Refuse text that is none of the values; `told`: the message lists them."""
    known = pa.array(values, pa.string())
    more = f" … ({len(values)} values)" if len(values) > _SHOWN else ""
    detail = {"allowed": ", ".join(values[:_SHOWN]) + more} if told else _NOTHING
    return Rule(code, lambda column: pc.or_(pc.is_in(column, value_set=known), pc.is_null(column)), detail)


class RuleSet:
    """Rules by column, compiled to a pandera schema that is lazy and works on whole columns."""

    def __init__(self, rules: Mapping[str, Sequence[Rule]]) -> None:
        self._rules = {name: tuple(own) for name, own in rules.items() if own}
        self._schema = pandera.DataFrameSchema(
            {
                name: pandera.Column(None, [_check(rule) for rule in own], nullable=True, required=False)
                for name, own in self._rules.items()
            }
        )

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that have rules."""
        return tuple(self._rules)

    def failures(self, frame: pd.DataFrame) -> list[CellFailure]:
        """Return the first broken rule of each cell, by row, then by column in the rules' order.

        The frame must count its rows from 0; columns it lacks are not checked.
        """
        if not len(frame) or not any(name in frame.columns for name in self._rules):
            return []
        try:
            self._schema.validate(frame, lazy=True)
        except SchemaErrors as fault:
            return self._told(frame, [_broken(error) for error in fault.schema_errors])
        return []

    def _told(self, frame: pd.DataFrame, broken: list[tuple[str, int]]) -> list[CellFailure]:
        told: list[tuple[int, int, CellFailure]] = []
        for at, (name, rules) in enumerate(self._rules.items()):
            numbers = sorted(number for column, number in broken if column == name)
            if not numbers:
                continue
            column = pa.array(frame[name].array)
            failing = [_rows(rules[number], column) for number in numbers]
            rule_of = np.repeat(numbers, [len(rows) for rows in failing])
            rows, first = np.unique(np.concatenate(failing), return_index=True)
            cells = column.take(pa.array(rows)).to_pylist()
            told += [
                (row, at, _failure(row, name, rules[number], cell))
                for row, number, cell in zip(rows.tolist(), rule_of[first].tolist(), cells, strict=True)
            ]
        told.sort(key=itemgetter(0, 1))
        return [failure for _, _, failure in told]


def _broken(error: SchemaError) -> tuple[str, int]:
    """Return the column and the number of the rule that pandera found broken."""
    if error.reason_code is not SchemaErrorReason.DATAFRAME_CHECK:
        raise error  # a rule that cannot be computed is a bug, not a fault of the data
    return error.schema.name, error.check_index


def _rows(rule: Rule, column: pa.Array) -> Ints:
    return np.flatnonzero(~_mask(rule, column).to_numpy(zero_copy_only=False))


def _mask(rule: Rule, column: pa.Array) -> pa.Array:
    return pc.fill_null(rule.passes(column), fill_value=True)


def _failure(row: int, name: str, rule: Rule, cell: object) -> CellFailure:
    value = None if cell is None else str(cell)
    detail = {**rule.detail, "length": len(value or "")} if rule.measured else rule.detail
    return CellFailure(row, name, None, value, rule.code, detail)


def _check(rule: Rule) -> pandera.Check:
    # One answer for the whole column: pandera would write out every failing cell, at several microseconds each; the
    # rows are found by the same mask afterwards. The short `error` keeps the rule's arguments out of its messages.
    def passes(column: pd.Series[Any]) -> bool:
        return bool(pc.all(_mask(rule, pa.array(column.array)), min_count=0).as_py())

    return pandera.Check(passes, error=rule.code, ignore_na=False)
