"""How many pieces, packs or measures of an item are how many others: by its lines in a table of packs, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.documents.packs import COLUMNS, MOST, SIZE, PackSizes, pack_sizes
from exchange.documents.units import EACH, same_as, unit
from exchange.kernel.chunk import Ints, Mask
from exchange.kernel.table import Table
from exchange.mapping.crosswalk import joined, keyed, missing_columns
from exchange.mapping.keys import Keys
from exchange.mapping.kinds import integers, mask_of, valid_mask
from exchange.mapping.spec import ArgumentError, Wrong

KEY = COLUMNS[:2]


@dataclass(frozen=True)
class Packs:
    """Pack sizes of one table: how many base units one unit of an item holds."""

    table: Table
    """With its units in one spelling each."""
    keys: Keys
    sizes: Ints
    has_base: bool
    """Whether some item has a line for the base unit itself."""

    def of(self, item: pa.Array, units: pa.Array, asked: Mask) -> tuple[Ints, Mask]:
        """Return the size of each asked row's unit (in one spelling), and which are known."""
        base = mask_of(pc.equal(units, EACH))
        rows = np.flatnonzero(asked if self.has_base else asked & ~base)
        sizes, known = np.ones(len(units), dtype=np.int64), base
        if len(rows) and len(self.sizes):
            places = self.keys.find(joined([item.take(pa.array(rows)), units.take(pa.array(rows))]))
            found = places >= 0
            sizes[rows[found]] = self.sizes[places[found]]
            known[rows[found]] = True
        return sizes, known

    def ratio(self, item: str | None, source: str, target: str) -> Fraction | None:
        """Return how many of one unit one of another is, by the item's lines and by what measures are worth."""
        return self.by_item.ratio(item, source, target)

    @cached_property
    def by_item(self) -> PackSizes:
        """The same sizes by item; made when a unit without a line is asked for first."""
        columns = [self.table.rows[name].to_pylist() for name in COLUMNS]
        return pack_sizes(zip(*columns, strict=True))[0]


def one_spelling(units: pa.Array) -> pa.Array:
    """Return a column of units with one spelling for each: `CS`, `case` and `XCS` are the same."""
    encoded = units.dictionary_encode()
    written = encoded.dictionary.to_pylist()
    meant = [same_as(name) for name in written]
    return units if meant == written else pa.array(meant, pa.string()).take(encoded.indices)


def packs_of(table: Table) -> Packs:
    """Return the pack sizes of a table; raises ArgumentError where it does not have them."""
    wrongs = missing_columns(table, [("table", name) for name in COLUMNS])
    if wrongs:
        raise ArgumentError(*wrongs)
    table = Table(table.name, table.columns, {**table.rows, "unit": one_spelling(table.rows["unit"])})
    keys, quantities = keyed(table, KEY, "quantity")
    good = pc.match_substring_regex(quantities.fill_null(""), SIZE)
    if not pc.all(good).as_py() and len(good):
        bad = quantities.filter(pc.invert(good))[0].as_py()
        what = f"table {table.name} has the quantity {bad!r}, which is not a whole number from 1 to {MOST - 1}"
        raise ArgumentError(Wrong("table", what, f"correct mappings/tables/{table.name}.csv"))
    has_base = pc.any(pc.equal(table.rows["unit"], EACH)).as_py() is True
    return Packs(table, Keys(keys), integers(pc.cast(quantities, pa.int64())), has_base)


@dataclass(frozen=True, slots=True)
class Conversion:
    """Quantities in another unit, and the rows where that is not so simple."""

    quantity: Ints
    """In the wanted unit, rounded towards zero where `partial`; meaningless where something else is noted."""
    partial: Mask
    """Rows that are no whole number of the wanted unit."""
    unknown: Mask
    """Rows with a unit that the item does not have."""
    kinds: Mask
    """Rows whose units are of different kinds: weight and length."""
    huge: Mask
    asked: pa.Array
    """Of rows with an unknown unit: that unit, in one spelling."""
    pack: pa.Array
    """How many of the unit it comes from make one of the wanted unit; of `partial` rows."""


def convert(packs: Packs, item: pa.Array, units: tuple[pa.Array, pa.Array], quantity: Ints, rows: Mask) -> Conversion:
    """Convert the quantities of `rows` from one unit (each in one spelling) to another of the same item."""
    source, target = units
    from_size, from_known = packs.of(item, source, rows)
    to_size, to_known = packs.of(item, target, rows)
    unknown = rows & ~(from_known & to_known)
    huge = rows & (np.abs(quantity) > MOST)
    product = np.where(huge | unknown, 0, quantity) * from_size
    partial = rows & ~unknown & ~huge & (product % to_size != 0)
    made = np.sign(product) * (np.abs(product) // to_size)
    asked = pc.if_else(pa.array(from_known), target, source)
    kinds = np.zeros(len(rows), np.bool_)
    pack: pa.Array = pa.array(to_size)
    found = Conversion(made, partial, unknown, kinds, huge, asked, pack)
    return _by_row(packs, (item, source, target), quantity, found) if unknown.any() else found


def _by_row(packs: Packs, columns: tuple[pa.Array, ...], quantity: Ints, found: Conversion) -> Conversion:
    """Look at rows with a unit that has no line one by one: measures, dozens, and those that cannot be helped."""
    rows = np.flatnonzero(found.unknown & ~found.huge)
    cells = zip(*(column.take(pa.array(rows)).to_pylist() for column in columns), strict=True)
    ratios: dict[tuple[str | None, str, str], Fraction | None] = {}
    pack, asked = found.pack.to_pylist(), found.asked.to_pylist()
    for row, (item, source, target) in zip(rows.tolist(), cells, strict=True):
        if source is None or target is None:
            continue
        key = (item, source, target)
        if key not in ratios:
            ratios[key] = packs.ratio(*key)
        times = ratios[key]
        if times is None:
            found.kinds[row] = mixed(source, target)
            found.unknown[row] = not found.kinds[row]
            asked[row] = target if packs.by_item.knows(item or "", source) else source
            continue
        whole, rest = divmod(abs(int(quantity[row])) * times.numerator, times.denominator)
        found.unknown[row], found.partial[row] = False, rest != 0
        found.huge[row] = whole > MOST * MOST
        found.quantity[row] = 0 if found.huge[row] else int(np.sign(quantity[row])) * whole
        pack[row] = _readable(1 / times)
    text = pa.array([str(each) for each in pack], pa.string())
    return Conversion(
        found.quantity, found.partial, found.unknown, found.kinds, found.huge, pa.array(asked, pa.string()), text
    )


def mixed(source: str, target: str) -> bool:
    """Tell whether two units measure different things, so that no table of packs would help."""
    first, second = unit(source), unit(target)
    if first is None or second is None or first.kind == second.kind:
        return False
    return (first.is_measure or second.is_measure) and "pack" not in {first.kind, second.kind}


def kind_of(spelling: str | None) -> str:
    """Return what a unit measures, for people."""
    found = unit(spelling or "")
    return found.kind if found else "not known"


def _readable(number: Fraction) -> str:
    return str(number.numerator) if number.denominator == 1 else f"{float(number):.6g}"


def asked_rows(value: pa.Array, source: pa.Array, target: pa.Array) -> Mask:
    """Return the rows with a quantity that is not in the wanted unit already."""
    return valid_mask(value) & ~mask_of(pc.equal(source, target))
