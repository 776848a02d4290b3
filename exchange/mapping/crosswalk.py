"""What a table has under one or several key columns, and what is wrong with asking for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.config.suggest import suggest
from exchange.kernel.chunk import Ints
from exchange.kernel.table import Table
from exchange.mapping.spec import ArgumentError, Wrong

_BETWEEN = "\x1f"
"""Stands between the parts of a composite key; a control character, which no readable cell holds."""


def table_of(tables: Mapping[str, Table], name: str) -> Table:
    """Return a table; raises ArgumentError where there is none."""
    if name not in tables:
        what = f"there is no table {name}"
        instead = suggest(name, tables, f"add mappings/tables/{name}.csv")
        raise ArgumentError(Wrong("table", what, instead, "UNKNOWN_TABLE"))
    return tables[name]


def missing_columns(table: Table, wanted: Sequence[tuple[str, str]]) -> list[Wrong]:
    """Return a mistake for each (parameter, column) that the table does not have."""
    return [
        Wrong(parameter, f"table {table.name} has no column {column}", suggest(column, table.columns), "UNKNOWN_COLUMN")
        for parameter, column in wanted
        if column not in table.columns
    ]


def joined(columns: Sequence[pa.Array]) -> pa.Array:
    """Return the parts of a key as one text; a blank part makes it blank."""
    return columns[0] if len(columns) == 1 else pc.binary_join_element_wise(*columns, _BETWEEN)


def shown_key(key: str) -> str:
    """Return a key as people read it: its parts with a comma between them."""
    return key.replace(_BETWEEN, ", ")


def lines_of(table: Table, key: Sequence[str], wanted: Sequence[pa.Array]) -> Ints:
    """Return the line of a table (from 0) that each row finds; -1 where it finds none. For people: not for speed."""
    found = pc.index_in(joined(wanted), value_set=joined([table.rows[name] for name in key]), skip_nulls=True)
    return np.asarray(found.fill_null(-1), dtype=np.int64)


def keyed(table: Table, key: Sequence[str], value: str) -> tuple[pa.Array, pa.Array]:
    """Return (distinct keys, their values) of a table; lines without a key are left out.

    Raises ArgumentError where one key has two values: which is meant cannot be known.
    """
    cells, column = joined([table.rows[name] for name in key]), table.rows[value]
    keys = pc.unique(cells.filter(cells.is_valid()))
    values = column.take(pc.index_in(keys, value_set=cells))
    chosen = values.take(pc.index_in(cells, value_set=keys, skip_nulls=True))
    differs = pc.not_equal(chosen.fill_null(""), column.fill_null(""))
    twice = cells.filter(pc.and_(differs, cells.is_valid()))
    if len(twice):
        shown = shown_key(twice[0].as_py())
        what = f"table {table.name} has {shown} in {', '.join(key)} on several lines with different {value}"
        instead = "look up by a column that tells the lines apart, or correct the table"
        raise ArgumentError(Wrong("key", what, instead, "LOOKUP_NOT_UNIQUE"))
    return keys, values
