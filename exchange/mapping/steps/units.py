"""The steps that convert quantities between units of an item by pack sizes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.documents.packs import MOST
from exchange.kernel.chunk import Ints, Mask
from exchange.kernel.table import Table
from exchange.mapping.crosswalk import lines_of, table_of
from exchange.mapping.kinds import integers, mask_of, valid_mask
from exchange.mapping.packs import KEY, Conversion, Packs, asked_rows, convert, kind_of, one_spelling, packs_of
from exchange.mapping.render import as_text
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
    TableRead,
    Wrong,
)

_TEXT = pa.string()


def _column(inputs: Inputs, named: Side | Literally) -> pa.Array:
    if isinstance(named, Side):
        return as_text(inputs.sides[named])
    return pa.repeat(pa.scalar(named.text, pa.string()), inputs.rows)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The rows of a batch whose unit is another one than is wanted: only these are looked at."""

    rows: Ints
    item: pa.Array
    source: pa.Array
    """The unit, as it is written."""
    target: pa.Array

    @classmethod
    def of(cls, rows: Ints, item: pa.Array, source: pa.Array, target: pa.Array) -> _Asked:
        at = pa.array(rows)
        item, source, target = (column.take(at) for column in (item, source, target))
        return cls(rows, item, source, target)

    def converted(self, packs: Packs, quantity: Ints) -> Conversion:
        """Return these rows' quantities in the wanted unit."""
        units = (one_spelling(self.source), one_spelling(self.target))
        return convert(packs, self.item, units, quantity, ~mask_of(pc.equal(*units)))

    def refused(self, made: Conversion, table: str, size: int, *, partial: bool) -> tuple[Refused, ...]:
        """Return the rows of a batch of `size` that could not be converted; `partial`: broken packs are among them."""
        masks = {
            "OUT_OF_RANGE": made.huge & ~made.unknown,
            "UNIT_UNKNOWN": made.unknown,
            "UNIT_KINDS": made.kinds,
            "UNIT_NOT_WHOLE": made.partial & partial,
        }
        if not any(mask.any() for mask in masks.values()):
            return ()
        place = np.full(size, -1)
        place[self.rows] = np.arange(len(self.rows))
        at = pa.array(place, mask=place < 0)
        units = {"from_unit": self.source, "to_unit": self.target}
        detail: dict[str, dict[str, object]] = {
            "OUT_OF_RANGE": {"relation": "more than", "bound": MOST},
            "UNIT_UNKNOWN": {"table": table, "columns": KEY},
        }
        unit = self._unknown(made)
        per_row = {
            "UNIT_UNKNOWN": {"item": self.item, "unit": unit, "cells": _pairs(made.unknown, self.item, unit)},
            "UNIT_KINDS": {**units, "from_kind": _kinds(self.source), "to_kind": _kinds(self.target)},
            "UNIT_NOT_WHOLE": {**units, "pack": made.pack},
        }
        found = []
        for code, mask in masks.items():
            if mask.any():
                spread = np.zeros(size, np.bool_)
                spread[self.rows] = mask
                columns = {name: column.take(at) for name, column in per_row.get(code, {}).items()}
                found.append(Refused(spread, code, detail.get(code, {}), columns))
        return tuple(found)

    def _unknown(self, made: Conversion) -> pa.Array:
        """Return the unit that is not known of each row, as it is written."""
        same = mask_of(pc.equal(made.asked, one_spelling(self.source)))
        return pc.if_else(pa.array(same | mask_of(self.source.is_null())), self.source, self.target)


def _pairs(rows: Mask, item: pa.Array, unit: pa.Array) -> pa.Array:
    """Return item and unit of some rows as one cell each: what the table of packs was asked for."""
    pairs = zip(rows.tolist(), item.to_pylist(), unit.to_pylist(), strict=True) if rows.any() else ()
    return pa.array([pair if asked else None for asked, *pair in pairs] or [None] * len(rows), pa.list_(_TEXT))


def _kinds(units: pa.Array) -> pa.Array:
    coded = units.dictionary_encode()
    return pa.array([kind_of(name) for name in coded.dictionary.to_pylist()], _TEXT).take(coded.indices)


def _to_unit(arguments: Mapping[str, Any], context: Context) -> Built:
    packs = packs_of(table_of(context.tables, arguments["table"]))
    partial = arguments["partial"]

    def run(inputs: Inputs) -> Outcome:
        item, source, target = (_column(inputs, arguments[name]) for name in ("item", "from", "to"))
        rows = np.flatnonzero(asked_rows(inputs.value, source, target))
        if not len(rows):
            return Outcome(inputs.value)
        asked, quantity = _Asked.of(rows, item, source, target), integers(inputs.value).copy()
        before = quantity[rows]
        made = asked.converted(packs, before)
        result = made.quantity
        if partial == "round_up":
            result = np.where(made.partial, made.quantity + np.where(before < 0, -1, 1), result)
        elif partial == "keep":
            result = np.where(made.partial, before, result)
        quantity[rows] = result
        refused = asked.refused(made, packs.table.name, inputs.rows, partial=partial == "reject")
        return Outcome(pa.array(quantity, mask=~valid_mask(inputs.value)), refused)

    def reads(inputs: Inputs) -> list[TableRead]:
        return _reads(packs.table, inputs, (arguments["item"], arguments["from"], arguments["to"]))

    return Built(run, "integer", reads)


def _packed_unit(arguments: Mapping[str, Any], context: Context) -> Built:
    packs = packs_of(table_of(context.tables, arguments["table"]))
    if arguments["quantity"].kind != "integer":
        what = f"{arguments['quantity'].name} is no whole number"
        raise ArgumentError(Wrong("quantity", what, "name the quantity that `to_unit` converts", "TYPE_MISMATCH"))

    def run(inputs: Inputs) -> Outcome:
        quantity = inputs.sides[arguments["quantity"]]
        item, target = (_column(inputs, arguments[name]) for name in ("item", "to"))
        rows = np.flatnonzero(asked_rows(quantity, inputs.value, target) & valid_mask(inputs.value))
        if not len(rows):
            return Outcome(inputs.value)
        asked = _Asked.of(rows, item, inputs.value, target)
        made = asked.converted(packs, integers(quantity)[rows])
        changed = np.zeros(inputs.rows, np.bool_)
        changed[rows] = ~made.partial
        values = pc.if_else(pa.array(changed), target, inputs.value)
        return Outcome(values, asked.refused(made, packs.table.name, inputs.rows, partial=False))

    def reads(inputs: Inputs) -> list[TableRead]:
        return _reads(packs.table, inputs, (arguments["item"], None, arguments["to"]))

    return Built(run, "text", reads)


def kinds_refused(rows: Mask, units: tuple[pa.Array, pa.Array]) -> Refused:
    """Refuse rows whose units measure different things; `units` as they are written."""
    kinds = [_kinds(column.cast(_TEXT)) for column in units]
    return Refused(
        rows,
        "UNIT_KINDS",
        {},
        {"from_unit": units[0], "to_unit": units[1], "from_kind": kinds[0], "to_kind": kinds[1]},
    )


def _reads(table: Table, inputs: Inputs, named: tuple[Any, Any, Any]) -> list[TableRead]:
    """Return the lines of a table of packs that are read; `named`: item, unit it comes in (None: the value), unit."""
    item = _column(inputs, named[0])
    written = [inputs.value if one is None else _column(inputs, one) for one in named[1:]]
    spelled = [one_spelling(units) for units in written]
    differs = pa.array(asked_rows(inputs.value, *spelled))
    asked = pc.if_else(differs, item, pa.scalar(None, _TEXT))
    return [
        TableRead(
            table.name,
            dict(zip(KEY, (asked, units), strict=True)),
            lines_of(table, KEY, (asked, spelling)),
            "quantity",
        )
        for units, spelling in zip(written, spelled, strict=True)
    ]


_EXAMPLE = Table(
    "packs",
    ("item_number", "unit", "quantity"),
    {
        "item_number": pa.array(["100", "100"]),
        "unit": pa.array(["CS", "PAL"]),
        "quantity": pa.array(["12", "480"]),
    },
)
_BESIDE = {"item_number": "100", "unit": "CS"}
_PIECES = {"item_number": "100", "unit": "EA"}
_TO_EACH = {"item": "item_number", "from": "unit", "to": "EA", "table": "packs"}
_TO_CASE = {**_TO_EACH, "to": "CS"}
_KEPT = {"quantity": "quantity", "item": "item_number", "to": "CS", "table": "packs"}
_TABLE = Parameter("table", "table", "Table with item_number, unit, quantity (base units in one)", default="packs")

STEPS = (
    StepSpec(
        "to_unit",
        "Converts a quantity to another unit of the same item, exactly; a fraction of a piece is a problem",
        _to_unit,
        accepts=frozenset({"integer"}),
        returns="integer",
        parameters=(
            Parameter("item", "column", "Column or field with the item number", required=True),
            Parameter("from", "unit", "Column or field with the unit, or the unit itself", required=True),
            Parameter("to", "unit", "Column or field with the wanted unit, or the unit itself", required=True),
            _TABLE,
            Parameter(
                "partial",
                "text",
                "What becomes of a quantity that is no whole number of packs: a problem; rounded up to whole packs; or "
                "left in the unit it came in (`packed_unit` tells which)",
                default="reject",
                choices=("reject", "round_up", "keep"),
            ),
        ),
        examples=(
            Example(_TO_EACH, (2,), 24, beside=_BESIDE, tables=(_EXAMPLE,)),
            Example({**_TO_EACH, "to": "PAL"}, (80,), 2, beside=_BESIDE, tables=(_EXAMPLE,)),
            Example({**_TO_EACH, "to": "PAL"}, (5,), problem="UNIT_NOT_WHOLE", beside=_BESIDE, tables=(_EXAMPLE,)),
            Example({**_TO_EACH, "to": "BOX"}, (5,), problem="UNIT_UNKNOWN", beside=_BESIDE, tables=(_EXAMPLE,)),
            Example(_TO_EACH, (7,), 7, beside={"item_number": "999", "unit": "EA"}, tables=(_EXAMPLE,)),
            Example(_TO_EACH, (2,), 24, beside={"item_number": "100", "unit": "XCS"}, tables=(_EXAMPLE,)),
            Example(_TO_EACH, (2,), 24, beside={"item_number": "100", "unit": "DZN"}, tables=(_EXAMPLE,)),
            Example(
                _TO_EACH, (2,), problem="UNIT_KINDS", beside={"item_number": "100", "unit": "KGM"}, tables=(_EXAMPLE,)
            ),
            Example({**_TO_CASE, "partial": "round_up"}, (30,), 3, beside=_PIECES, tables=(_EXAMPLE,)),
            Example({**_TO_CASE, "partial": "keep"}, (30,), 30, beside=_PIECES, tables=(_EXAMPLE,)),
            Example({**_TO_CASE, "partial": "keep"}, (36,), 3, beside=_PIECES, tables=(_EXAMPLE,)),
        ),
    ),
    StepSpec(
        "packed_unit",
        "Gives the unit that `to_unit` with `partial: keep` leaves a quantity in: the wanted one for whole packs, else "
        "the one it came in",
        _packed_unit,
        parameters=(
            Parameter("quantity", "column", "Column or field with the quantity that is converted", required=True),
            Parameter("item", "column", "Column or field with the item number", required=True),
            Parameter("to", "unit", "Column or field with the wanted unit, or the unit itself", required=True),
            _TABLE,
        ),
        examples=(
            Example(_KEPT, ("EA",), "CS", beside={**_PIECES, "quantity": 36}, tables=(_EXAMPLE,)),
            Example(_KEPT, ("EA",), "EA", beside={**_PIECES, "quantity": 30}, tables=(_EXAMPLE,)),
            Example(_KEPT, ("CS",), "CS", beside={**_PIECES, "quantity": 30}, tables=(_EXAMPLE,)),
        ),
    ),
)
