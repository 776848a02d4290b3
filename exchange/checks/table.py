"""Checks the text of a partner's table by its table schema, before any step touches it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa

from exchange.checks.rules import Rule, RuleSet, longest, one_of, pattern, required, shortest
from exchange.config.models import SchemaField, TableSchema
from exchange.kernel.chunk import CellFailure, Mask

SchemaMistake = tuple[tuple[str | int, ...], str, str]
"""(path in the YAML file, what is wrong, what to write instead)."""


def schema_mistakes(schema: TableSchema) -> list[SchemaMistake]:
    """Return what cannot work in a table schema: repeated names, patterns that are none, lengths that exclude all."""
    mistakes: list[SchemaMistake] = []
    seen: set[str] = set()
    for at, column in enumerate(schema.fields):
        path = ("fields", at)
        if column.name in seen:
            mistakes.append(((*path, "name"), f"the column {column.name!r} is declared twice", "keep one of the two"))
        seen.add(column.name)
        mistakes += [((*path, "constraints", *where), what, instead) for where, what, instead in _faults(column)]
    return mistakes


def _faults(column: SchemaField) -> Iterator[SchemaMistake]:
    limits = column.constraints
    if limits.pattern is not None:
        try:
            pattern(limits.pattern)
        except ValueError as fault:
            yield ("pattern",), f"not a regular expression: {fault}", "write it in RE2 syntax, in single quotes"
    if limits.minLength is not None and limits.maxLength is not None and limits.minLength > limits.maxLength:
        yield ("minLength",), f"more than maxLength ({limits.maxLength})", "exchange the two"


class TableCheck:
    """A compiled table schema; holds compiled code, so each process makes its own.

    Raises ValueError where a pattern is not a regular expression (`schema_mistakes` says which).
    """

    def __init__(self, schema: TableSchema) -> None:
        self.every = RuleSet({f.name: tuple(_rules(f)) for f in schema.fields if not _on_first(f)})
        self.first = RuleSet({f.name: tuple(_rules(f)) for f in schema.fields if _on_first(f)})

    def check(self, columns: Mapping[str, pa.Array], first_rows: Mask) -> list[CellFailure]:
        """Return the first broken constraint of each cell, by row.

        `columns` are text; `first_rows` marks the rows that start a document: columns that are `required_on:
        first_row` are checked there only. A column that is not there is not checked.
        """
        failures = self.every.failures(columns)
        at = np.flatnonzero(first_rows)
        rows = pa.array(at)
        header = {name: columns[name].take(rows) for name in self.first.columns if name in columns}
        failures += [failure._replace(row=int(at[failure.row])) for failure in self.first.failures(header)]
        return sorted(failures, key=lambda failure: failure.row)


def _on_first(column: SchemaField) -> bool:
    return column.required_on == "first_row"


def _rules(column: SchemaField) -> Iterator[Rule]:
    limits = column.constraints
    if limits.required:
        yield required()
    if limits.enum:
        yield one_of(limits.enum)
    if limits.minLength is not None:
        yield shortest(limits.minLength)
    if limits.maxLength is not None:
        yield longest(limits.maxLength)
    if limits.pattern is not None:
        yield pattern(limits.pattern, column.example)
