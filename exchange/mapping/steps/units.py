"""The step that converts quantities between units of an item by pack sizes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.kernel.chunk import Ints, Mask
from exchange.kernel.table import Table
from exchange.mapping.crosswalk import joined, keyed, missing_columns, table_of
from exchange.mapping.keys import Keys
from exchange.mapping.kinds import integers, mask_of, valid_mask
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

_BASE = "EA"
"""The unit that counts 1 for an item whose table lines do not say otherwise."""
_MOST = 10**9
"""Largest pack size; with quantities below it, products stay within 64 bits."""


@dataclass(frozen=True, slots=True)
class _Packs:
    """Pack sizes of one table: how many base units one unit of an item holds."""

    table: str
    keys: Keys
    sizes: Ints
    has_base: bool
    """Whether some item has a line for the base unit itself."""

    def of(self, item: pa.Array, unit: pa.Array, asked: Mask) -> tuple[Ints, Mask]:
        """Return the size of each asked row's unit, and which are known."""
        base = mask_of(pc.equal(unit, _BASE))
        rows = np.flatnonzero(asked if self.has_base else asked & ~base)
        sizes, known = np.ones(len(unit), dtype=np.int64), base
        if len(rows) and len(self.sizes):
            places = self.keys.find(joined([item.take(pa.array(rows)), unit.take(pa.array(rows))]))
            found = places >= 0
            sizes[rows[found]] = self.sizes[places[found]]
            known[rows[found]] = True
        return sizes, known


def _packs(context: Context, name: str) -> _Packs:
    table = table_of(context.tables, name)
    wrongs = missing_columns(table, [("table", "item_number"), ("table", "unit"), ("table", "quantity")])
    if wrongs:
        raise ArgumentError(*wrongs)
    keys, quantities = keyed(table, ("item_number", "unit"), "quantity")
    good = pc.match_substring_regex(quantities.fill_null(""), "^0*[1-9][0-9]{0,8}$")
    if not pc.all(good).as_py() and len(good):
        bad = quantities.filter(pc.invert(good))[0].as_py()
        what = f"table {name} has the quantity {bad!r}, which is not a whole number from 1 to {_MOST - 1}"
        raise ArgumentError(Wrong("table", what, f"correct mappings/tables/{name}.csv"))
    has_base = pc.any(pc.equal(table.rows["unit"], _BASE)).as_py() is True
    return _Packs(name, Keys(keys), integers(pc.cast(quantities, pa.int64())), has_base)


def _column(inputs: Inputs, named: Side | Literally) -> pa.Array:
    if isinstance(named, Side):
        return inputs.sides[named]
    return pa.repeat(pa.scalar(named.text, pa.string()), inputs.rows)


def _to_unit(arguments: Mapping[str, Any], context: Context) -> Built:
    packs = _packs(context, arguments["table"])

    def run(inputs: Inputs) -> Outcome:
        item, source, target = (_column(inputs, arguments[name]) for name in ("item", "from", "to"))
        there = valid_mask(inputs.value)
        same = mask_of(pc.equal(source, target))
        if (same | ~there).all():
            return Outcome(inputs.value)
        differs = there & ~same
        from_size, from_known = packs.of(item, source, differs)
        to_size, to_known = packs.of(item, target, differs)
        unknown = differs & ~(from_known & to_known)
        quantity = integers(inputs.value)
        huge = differs & (np.abs(quantity) > _MOST)
        product = np.where(huge, 0, quantity) * from_size
        broken = differs & ~unknown & ~huge & (product % to_size != 0)
        made = pa.array(np.where(same, quantity, product // to_size), mask=~there)
        asked = pc.if_else(pa.array(from_known), target, source)
        text = pa.string()
        return Outcome(
            made,
            (
                Refused(huge & ~unknown, "OUT_OF_RANGE", {"relation": "more than", "bound": _MOST}),
                Refused(
                    unknown, "UNIT_UNKNOWN", {"table": packs.table}, {"item": item.cast(text), "unit": asked.cast(text)}
                ),
                Refused(
                    broken, "UNIT_NOT_WHOLE", {}, {"from_unit": source, "to_unit": target, "pack": pa.array(to_size)}
                ),
            ),
        )

    return Built(run, "integer")


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
_TO_EACH = {"item": "item_number", "from": "unit", "to": "EA", "table": "packs"}

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
            Parameter("table", "table", "Table with item_number, unit, quantity (base units in one)", default="packs"),
        ),
        examples=(
            Example(_TO_EACH, (2,), 24, beside=_BESIDE, tables=(_EXAMPLE,)),
            Example({**_TO_EACH, "to": "PAL"}, (80,), 2, beside=_BESIDE, tables=(_EXAMPLE,)),
            Example({**_TO_EACH, "to": "PAL"}, (5,), problem="UNIT_NOT_WHOLE", beside=_BESIDE, tables=(_EXAMPLE,)),
            Example({**_TO_EACH, "to": "BOX"}, (5,), problem="UNIT_UNKNOWN", beside=_BESIDE, tables=(_EXAMPLE,)),
            Example(_TO_EACH, (7,), 7, beside={"item_number": "999", "unit": "EA"}, tables=(_EXAMPLE,)),
        ),
    ),
)
