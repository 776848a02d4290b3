"""Rules over one column, each a vectorised mask, and what a set of them finds wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

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


def pattern(expression: str, example: str = "") -> Rule:
    """Refuse text that the RE2 expression does not match from end to end; ValueError where it is not one.

    `example`: a text that is right, for people who do not read expressions.
    """
    whole = rf"\A(?:{expression})\z"
    try:
        pc.match_substring_regex(pa.array([""]), whole)
    except pa.ArrowInvalid as fault:
        raise ValueError(str(fault)) from None
    told = f"{expression}, such as {example}" if example else expression
    return Rule("PATTERN_MISMATCH", lambda column: pc.match_substring_regex(column, whole), {"pattern": told})


def one_of(values: Sequence[str], code: str = "NOT_ALLOWED", *, told: bool = True) -> Rule:
    """Refuse text that is none of the values; `told`: the message lists them."""
    known = pa.array(values, pa.string())
    more = f" … ({len(values)} values)" if len(values) > _SHOWN else ""
    detail = {"allowed": ", ".join(values[:_SHOWN]) + more} if told else _NOTHING
    return Rule(code, lambda column: pc.or_(pc.is_in(column, value_set=known), pc.is_null(column)), detail)


class RuleSet:
    """Rules by column, run as masks over whole columns; `checks.declared` says the same to pandera."""

    def __init__(self, rules: Mapping[str, Sequence[Rule]]) -> None:
        self.rules = {name: tuple(own) for name, own in rules.items() if own}

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that have rules."""
        return tuple(self.rules)

    def failures(self, columns: Mapping[str, pa.Array]) -> list[CellFailure]:
        """Return the first broken rule of each cell, by row, then by column in the rules' order.

        Columns that have no rules, and rules for columns that are not there, count for nothing.
        """
        told: list[tuple[int, int, CellFailure]] = []
        for at, (name, rules) in enumerate(self.rules.items()):
            if name in columns:
                told += ((failure.row, at, failure) for failure in _told(name, rules, columns[name]))
        told.sort(key=itemgetter(0, 1))
        return [failure for _, _, failure in told]


def _told(name: str, rules: tuple[Rule, ...], column: pa.Array) -> Iterator[CellFailure]:
    masks = {number: mask for number, rule in enumerate(rules) if not _holds(mask := passing(rule, column))}
    if not masks:
        return
    failing = [_rows(mask) for mask in masks.values()]
    rule_of = np.repeat(list(masks), [len(rows) for rows in failing])
    rows, first = np.unique(np.concatenate(failing), return_index=True)
    cells = column.take(pa.array(rows)).to_pylist()
    for row, number, cell in zip(rows.tolist(), rule_of[first].tolist(), cells, strict=True):
        yield _failure(row, name, rules[number], cell)


def passing(rule: Rule, column: pa.Array) -> pa.Array:
    """Return which cells of a column satisfy a rule, without nulls."""
    mask = rule.passes(column)
    return mask.fill_null(True) if mask.null_count else mask  # noqa: FBT003 - a value, not a switch


def _holds(mask: pa.Array) -> bool:
    return bool(pc.all(mask, min_count=0).as_py())


def _rows(mask: pa.Array) -> Ints:
    return np.flatnonzero(~mask.to_numpy(zero_copy_only=False))


def _failure(row: int, name: str, rule: Rule, cell: object) -> CellFailure:
    value = None if cell is None else str(cell)
    detail = {**rule.detail, "length": len(value or "")} if rule.measured else rule.detail
    return CellFailure(row, name, None, value, rule.code, detail)
