"""Takes bundles apart: lines that sell one become lines of its components, with quantities and money conserved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.documents.units import EACH, same_as
from exchange.kernel.chunk import CellFailure, Ints, Mask
from exchange.kernel.pipeline import Columns, Unbundled
from exchange.rules.allocation import allocate
from exchange.rules.amounts import to_decimals, to_ints
from exchange.rules.prices import Priced, priced
from exchange.rules.recipes import Recipe

SOLD = ("bundle", "bundle_line")
"""What a component's line says of the line that was sold."""
_MOST = 10**6
"""Largest quantity of a line, as the document has it."""


@dataclass(frozen=True, slots=True)
class Goods:
    """What is known of components: a row for each."""

    rows: Mapping[str, int]
    """Component -> its row; one that is not there is not known."""
    fields: Columns
    """Line field -> its value by row."""
    blank: tuple[str, ...]
    """Line fields that say something of an item: a component's are never those of the bundle."""
    table: str
    """Where components are looked for."""


@dataclass(frozen=True, slots=True)
class Bundles:
    """The bundles of a flow."""

    key: str
    """Line field by which bundles and components are told."""
    recipes: Mapping[str, Recipe]
    goods: Goods
    coins: Callable[[Columns, int], Ints]
    """(header fields, documents) -> the smallest step of prices in each document's currency, in ten-thousandths."""


def unbundle(levels: tuple[Columns, Columns], owner: Ints, bad: Mask, bundles: Bundles) -> Unbundled:
    """Return the lines with each bundle as its components.

    `levels`: header and line fields, with line_discount and line_total as they were settled; `owner`: document of each
    line, ascending; `bad`: documents with an error, which stay as they are. Failures are of lines, by their rows.
    """
    lines = levels[1]
    rows = len(owner)
    keys = lines.get(bundles.key, pa.nulls(rows, pa.string()))
    names = pa.array(list(bundles.recipes), pa.string())
    places = pc.index_in(keys, value_set=names, skip_nulls=True).fill_null(-1).to_numpy(zero_copy_only=False)
    sold = np.flatnonzero((places >= 0) & ~bad[owner])
    if not len(sold):
        nothing = {"bundle": pa.nulls(rows, pa.string()), "bundle_line": pa.nulls(rows, pa.int64())}
        return Unbundled({**lines, **nothing}, None, [])
    found = _Found(levels, owner, bundles)
    for row in sold.tolist():
        found.add(row, keys[row].as_py())
    return found.made(keys)


class _Found:
    """Gathers what becomes of the lines of one span."""

    def __init__(self, levels: tuple[Columns, Columns], owner: Ints, bundles: Bundles) -> None:
        header, self._lines = levels
        self._owner, self._bundles = owner, bundles
        self._price, self._discount = (to_ints(self._lines[name]) for name in ("unit_price", "line_discount"))
        self._quantity = self._lines["quantity"].fill_null(0).to_numpy(zero_copy_only=False)
        self._unit = self._lines.get("unit")
        self._coins = bundles.coins(header, int(owner[-1]) + 1)
        self._known: dict[tuple[str, int, int], tuple[Priced, ...]] = {}
        self._failures: list[CellFailure] = []
        self._parts: dict[int, tuple[str, tuple[Priced, ...]]] = {}

    def add(self, row: int, bundle: str) -> None:
        """Take one line apart, or note why it cannot be."""
        unit = self._unit[row].as_py() if self._unit is not None else None
        if unit is not None and same_as(unit) != EACH:
            detail = {"bundle": bundle, "unit": unit}
            self._failures.append(CellFailure(row, "unit", None, unit, "BUNDLE_UNIT", detail))
            return
        recipe, goods = self._bundles.recipes[bundle], self._bundles.goods
        missing = [piece.component for piece in recipe if piece.component not in goods.rows]
        for name in dict.fromkeys(missing):
            detail = {"table": goods.table, "key": self._bundles.key}
            self._failures.append(CellFailure(row, self._bundles.key, None, name, "LOOKUP_MISS", detail))
        most = max(piece.quantity for piece in recipe) * int(self._quantity[row])
        if most > _MOST:
            detail = {"relation": "more than", "bound": str(_MOST)}
            self._failures.append(CellFailure(row, "quantity", None, str(most), "OUT_OF_RANGE", detail))
        elif not missing:
            self._parts[row] = (bundle, self._priced(row, bundle, recipe))

    def _priced(self, row: int, bundle: str, recipe: Recipe) -> tuple[Priced, ...]:
        price = int(self._price[row])
        coin = int(self._coins[self._owner[row]])
        while price % coin:  # finer than the currency's own: so are the shares
            coin //= 10
        key = (bundle, price, coin)
        if key not in self._known:
            self._known[key] = priced(recipe, price, coin)
        return self._known[key]

    def made(self, keys: pa.Array) -> Unbundled:
        """Return the lines, and what is wrong."""
        sizes = np.ones(len(self._owner), np.int64)
        for row, (_, parts) in self._parts.items():
            sizes[row] = len(parts)
        source = np.repeat(np.arange(len(sizes)), sizes)
        taken = pa.array(source)
        lines = {name: column.take(taken) for name, column in self._lines.items()}
        pieces = [(row, bundle, part) for row, (bundle, parts) in self._parts.items() for part in parts]
        mask = np.isin(source, np.array(list(self._parts), np.int64))
        lines |= self._of_items(lines, mask, pieces)
        lines |= self._amounts(source, mask, pieces)
        sku = self._lines.get("sku")
        whose = keys if sku is None else pc.coalesce(sku, keys)
        first = np.searchsorted(self._owner, self._owner)
        number = np.arange(len(self._owner)) - first + 1
        lines["bundle"] = pc.if_else(pa.array(mask), whose.take(taken), pa.scalar(None, pa.string()))
        lines["bundle_line"] = pa.array(number[source], mask=~mask)
        return Unbundled(lines, source, self._failures)

    def _of_items(self, lines: Columns, mask: Mask, pieces: Sequence[tuple[int, str, Priced]]) -> dict[str, pa.Array]:
        """Return the fields that say what an item is, with those of the components in place."""
        goods, recipes = self._bundles.goods, self._bundles.recipes
        chosen = [recipes[bundle][part.piece] for _, bundle, part in pieces]
        rows = pa.array([goods.rows[piece.component] for piece in chosen], pa.int64())
        names = pa.array([piece.component for piece in chosen], pa.string())
        own = {name: column.take(rows) for name, column in goods.fields.items()}
        own |= {self._bundles.key: names, "unit": pa.array([piece.unit for piece in chosen], pa.string())}
        count = len(mask)
        for name in goods.blank:
            if name in lines and name not in own:
                own[name] = pa.nulls(len(pieces), lines[name].type)
        return {
            name: pc.replace_with_mask(
                lines[name].cast(values.type) if name in lines else pa.nulls(count, values.type), pa.array(mask), values
            )
            for name, values in own.items()
        }

    def _amounts(self, source: Ints, mask: Mask, pieces: Sequence[tuple[int, str, Priced]]) -> dict[str, pa.Array]:
        """Return quantities and money; those of a bundle's lines add up to what the line had that sold it."""
        quantity, price, discount = self._quantity[source], self._price[source], self._discount[source]
        quantity[mask] *= np.array([part.quantity for _, _, part in pieces], np.int64)
        price[mask] = [part.price for _, _, part in pieces]
        sold, group = np.unique(source[mask], return_inverse=True)
        coins = self._coins[self._owner[sold]]
        gross = quantity * price
        discount[mask] = allocate(self._discount[sold], gross[mask], group, coins)
        there = pa.array(np.asarray(self._lines["line_total"].is_valid())[source])
        total = pc.if_else(there, to_decimals(gross - discount), pa.scalar(None, self._lines["line_total"].type))
        given = {name: np.asarray(self._lines[name].is_valid())[source] for name in ("quantity", "unit_price")}
        return {
            "quantity": pa.array(quantity, mask=~given["quantity"]),
            "unit_price": pc.if_else(pa.array(given["unit_price"]), to_decimals(price), None),
            "line_discount": to_decimals(discount),
            "line_total": total,
        }


def scarcest(
    recipes: Mapping[str, Recipe],
    available: Mapping[str, int],
    bundles: Collection[str] | None = None,
    size: Callable[[str, str], int | None] | None = None,
) -> dict[str, int]:
    """Return how many of each bundle could be made of what is there: its scarcest component decides.

    `available`: component -> pieces (base units); one that is not there is none; less than none counts as none.
    `size`: (component, unit) -> pieces in one such unit, None where nobody knows (then none can be made); by itself
    every unit is one piece. Each bundle is asked as if it were the only one: what two of them share is counted twice.
    """
    made: dict[str, int] = {}
    for bundle in recipes if bundles is None else bundles:
        counts = []
        for piece in recipes[bundle]:
            held = 1 if size is None or same_as(piece.unit) == EACH else size(piece.component, piece.unit)
            counts.append(max(available.get(piece.component, 0), 0) // (piece.quantity * held) if held else 0)
        made[bundle] = min(counts)
    return made
