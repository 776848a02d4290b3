"""The step that reads crosswalk tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.kernel.chunk import Ints, Mask
from exchange.kernel.limits import MISTAKE_VALUE
from exchange.kernel.plural import many
from exchange.kernel.table import Table
from exchange.mapping.crosswalk import joined, keyed, lines_of, missing_columns, table_of
from exchange.mapping.keys import Keys
from exchange.mapping.kinds import valid_mask
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
    TableRead,
    Wrong,
)


def _lookup(arguments: Mapping[str, Any], context: Context) -> Built:
    table = table_of(context.tables, arguments["table"])
    key, value, default, keep = arguments["key"], arguments["value"], arguments["default"], arguments["keep"]
    wrongs = missing_columns(table, [*(("key", name) for name in key), ("value", value)])
    wrongs += _fit(key, len(context.kinds), keep=keep, default=default)
    if wrongs:
        raise ArgumentError(*wrongs)
    keys, values = keyed(table, key, value)
    index, place = Keys(keys), (table.name, key)
    detail = {"key": ", ".join(key), "columns": key, "table": table.name}

    def run(inputs: Inputs) -> Outcome:
        wanted = joined(inputs.values)
        shared = (place, tuple(map(id, inputs.values)))
        if shared not in inputs.memo:  # the inputs are kept with it: an id means something only while they live
            inputs.memo[shared] = (inputs.values, index.find(wanted))
        places: Ints = inputs.memo[shared][1]
        found = values.take(pa.array(places, mask=places < 0))
        missed = valid_mask(wanted) & (places < 0)
        if not missed.any():
            return Outcome(found)
        if keep or default is not None:
            # Blank is null in documents, whoever writes it: a blank default leaves the field blank.
            instead = wanted if keep else pa.scalar(default or None, pa.string())
            return Outcome(pc.if_else(pa.array(missed), instead, found))
        return Outcome(found, (Refused(missed, "LOOKUP_MISS", detail, _each_part(key, inputs.values, missed)),))

    def reads(inputs: Inputs) -> list[TableRead]:
        line = lines_of(table, key, inputs.values)
        return [TableRead(table.name, dict(zip(key, inputs.values, strict=True)), line, value)]

    return Built(run, "text", reads)


def _each_part(key: tuple[str, ...], values: tuple[pa.Array, ...], missed: Mask) -> dict[str, pa.Array]:
    """Return what to tell of each missed row, where a single cell of it would not say what the table lacks.

    `value`: every key column with its cell. `cells`: those of all key columns, for who waits for the table.
    """
    if len(key) == 1:
        return {}
    place = np.full(len(missed), -1)
    rows = np.flatnonzero(missed)
    place[rows] = np.arange(len(rows))
    at = pa.array(place, mask=place < 0)
    cells = list(zip(*(column.take(pa.array(rows)).to_pylist() for column in values), strict=True))
    parts = [[f"{name} {_shown(cell)}" for name, cell in zip(key, row, strict=True)] for row in cells]
    return {
        "value": pa.array([", ".join(row) for row in parts], pa.string()).take(at),
        "cells": pa.array(cells, pa.list_(pa.string())).take(at),
    }


def _shown(cell: str) -> str:
    return cell if len(cell) <= MISTAKE_VALUE else f"{cell[:MISTAKE_VALUE]}…"


def _fit(key: tuple[str, ...], inputs: int, *, keep: bool, default: str | None) -> list[Wrong]:
    wrongs = []
    if len(key) != inputs:
        what = f"the key has {many(len(key), 'column')}, the field comes from {inputs}"
        wrongs.append(Wrong("key", what, "name one key column for each column under `from`, in the same order"))
    if keep and len(key) > 1:
        wrongs.append(Wrong("keep", "of several inputs none can be kept", "write `default`"))
    if keep and default is not None:
        wrongs.append(Wrong("default", "`keep` and `default` exclude each other", "remove one of them"))
    return wrongs


def _example(name: str, **columns: list[str]) -> Table:
    return Table(name, tuple(columns), {column: pa.array(cells, pa.string()) for column, cells in columns.items()})


_ITEMS = _example("items", sku=["AB-1", "AB-2"], item_number=["100", "200"])
_PRICES = _example("prices", item=["100", "100"], list=["A", "B"], price=["9.90", "8.90"])
_FORWARD = {"table": "items", "key": "sku", "value": "item_number"}
_BY_TWO = {"table": "prices", "key": ["item", "list"], "value": "price"}

STEPS = (
    StepSpec(
        "lookup",
        "Replaces a value by what a table has for it; one that is not in the table is a problem",
        _lookup,
        parameters=(
            Parameter("table", "table", "Name of the table", required=True),
            Parameter("key", "texts", "Column to find the value in; one for each input", required=True),
            Parameter("value", "text", "Column to take the result from", required=True),
            Parameter("default", "text", 'Result for a value that is not in the table; "" leaves the field blank'),
            Parameter("keep", "flag", "Keep a value that is not in the table", default=False),
        ),
        takes="many",
        examples=(
            Example(_FORWARD, ("AB-2",), "200", tables=(_ITEMS,)),
            Example({"table": "items", "key": "item_number", "value": "sku"}, ("100",), "AB-1", tables=(_ITEMS,)),
            Example(_FORWARD, ("AB-9",), problem="LOOKUP_MISS", tables=(_ITEMS,)),
            Example({**_FORWARD, "default": "999"}, ("AB-9",), "999", tables=(_ITEMS,)),
            Example({**_FORWARD, "default": ""}, ("AB-9",), None, tables=(_ITEMS,)),
            Example({**_FORWARD, "keep": True}, ("AB-9",), "AB-9", tables=(_ITEMS,)),
            Example(_FORWARD, (None,), None, tables=(_ITEMS,)),
            Example(_BY_TWO, ("100", "B"), "8.90", tables=(_PRICES,)),
            Example(_BY_TWO, ("100", "C"), problem="LOOKUP_MISS", tables=(_PRICES,)),
        ),
    ),
)
