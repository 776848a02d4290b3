"""Reads the bundles of a flow from its tables, and finds what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from exchange.config.bundles import Bundles as Rule
from exchange.config.files import Files
from exchange.config.suggest import suggest
from exchange.config.tables import load_table
from exchange.config.workspace import table_file
from exchange.documents.loader import Document, document
from exchange.kernel.chunk import Ints, Mask
from exchange.kernel.errors import ConfigurationError, Mistake
from exchange.kernel.pipeline import Columns, Unbundled
from exchange.kernel.table import Table
from exchange.mapping.kinds import ARROW, kind_of_field
from exchange.rules.bundles import Bundles, Goods, unbundle
from exchange.rules.currency import coins
from exchange.rules.recipes import Fault, Recipe, recipes, share_column

_AMOUNTS = frozenset({"quantity", "unit", "unit_price", "line_discount", "fulfilment_status"})
"""Line fields that no table of items fills."""
_UNKNOWN = "BUNDLE_COMPONENT"
_FIRST = 2
"""Line of a table's first row, below the header."""


def unbundling(
    rule: Rule | None, kind: Document, tables: Mapping[str, Table]
) -> Callable[[tuple[Columns, Columns], Ints, Mask], Unbundled] | None:
    """Return what takes bundles apart; None where there are none. Raises ConfigurationError for what is wrong."""
    if rule is None:
        return None
    made, mistakes = bundles_of(rule, kind, tables)
    wrong = [mistake for mistake in mistakes if mistake.severity == "error"]
    if made is None or wrong:
        raise ConfigurationError(wrong)
    return partial(unbundle, bundles=made)


def bundles_of(rule: Rule, kind: Document, tables: Mapping[str, Table]) -> tuple[Bundles | None, list[Mistake]]:
    """Return the bundles of a flow, and what is wrong with its tables."""
    missing = [name for name in rule.tables() if name not in tables]
    if missing:
        advice = "add it, or name another one in `rules.bundles` of the flow"
        return None, [
            Mistake(table_file(n), 0, 0, f"there is no table {n!r}", advice, "UNKNOWN_TABLE") for n in missing
        ]
    table, items = tables[rule.table], tables[rule.items]
    if rule.key not in items.columns:
        what = f"column {rule.key!r} is missing, by which components of bundles are looked for"
        return None, [Mistake(table_file(rule.items), 1, 1, what, suggest(rule.key, items.columns), "UNKNOWN_COLUMN")]
    by = share_column(table, items, rule.price)
    prices = _prices(items, rule.key) if by == "price" else {}
    found, faults = recipes(table, by, prices)
    mistakes = [_mistake(rule.table, fault) for fault in faults]
    goods, more = _goods(rule, kind, items, found)
    mistakes += more
    mistakes += [_mistake(rule.table, fault) for fault in _strangers(rule, table, goods)] if found else []
    return Bundles(rule.key, found, goods, coins), mistakes


def wrong_bundles(files: Files) -> Iterator[Mistake]:
    """Yield what is wrong with the bundles of all flows; the check of `exchange check`."""
    for flow in files.flows:
        rule = flow.value.rules.bundles if flow.value is not None else None
        if flow.value is None or rule is None:
            continue
        known = {name: load_table(files.root, name)[0] for name in rule.tables() if name in files.tables}
        unknown = [key for key in ("table", "items") if getattr(rule, key) not in files.tables]
        for key in unknown:
            path = ("rules", "bundles", key) if key in rule.model_fields_set else ("rules", "bundles")
            what, instead = f"unknown table {getattr(rule, key)!r}", suggest(getattr(rule, key), files.tables)
            yield flow.mistake(path, what, instead, key=key not in rule.model_fields_set, code="UNKNOWN_TABLE")
        reads = {
            mapping.value.reads
            for p in flow.value.pick_up
            if (mapping := files.mappings.get(p.mapping)) and mapping.value
        }
        tables = {name: table for name, table in known.items() if table is not None}
        if reads != {"order"}:
            what = "bundles are taken apart in orders, and this flow reads other documents"
            yield flow.mistake(("rules", "bundles"), what, "remove `bundles`", code="MAPPING_UNFIT")
        elif len(tables) == len(set(rule.tables())):
            yield from bundles_of(rule, document("order"), tables)[1]


def _mistake(table: str, fault: Fault) -> Mistake:
    return Mistake(table_file(table), fault.row + _FIRST, 1, fault.what, fault.instead, fault.code)


def _prices(items: Table, key: str) -> dict[str, Decimal]:
    if "price" not in items.columns:
        return {}
    good = pc.match_substring_regex(items.rows["price"].fill_null(""), r"^[0-9]{1,14}(\.[0-9]{1,4})?$")
    rows = zip(items.rows[key].to_pylist(), items.rows["price"].to_pylist(), good.to_pylist(), strict=True)
    return {name: Decimal(price) for name, price, fits in rows if name is not None and fits}


def _goods(rule: Rule, kind: Document, items: Table, found: Mapping[str, Recipe]) -> tuple[Goods, list[Mistake]]:
    """Return what the items say of components, and what cannot be read there."""
    names = list(dict.fromkeys(piece.component for recipe in found.values() for piece in recipe))
    places = pc.index_in(pa.array(names, pa.string()), value_set=items.rows[rule.key], skip_nulls=True)
    known = [(name, place) for name, place in zip(names, places.to_pylist(), strict=True) if place is not None]
    taken = pa.array([place for _, place in known], pa.int64())
    fields: dict[str, pa.Array] = {}
    mistakes = list(_twice(rule, items, {name for name, _ in known}, [*kind.lines]))
    for column in items.columns:
        if column not in kind.lines or column in _AMOUNTS or column == rule.key:
            continue
        kept = kind_of_field(kind.lines[column].type)
        try:
            fields[column] = items.rows[column].take(taken).cast(ARROW[kept])
        except pa.ArrowInvalid:
            what = f"the column {column} holds something that is no {kept}, for a component of a bundle"
            mistakes.append(Mistake(table_file(rule.items), 1, 1, what, "correct the column", "BUNDLE_INVALID"))
    blank = tuple(name for name, field in kind.lines.items() if field.item and name != rule.key)
    rows = {name: row for row, (name, _) in enumerate(known)}
    return Goods(rows, fields, blank, rule.items), mistakes


def _twice(rule: Rule, items: Table, components: set[str], fields: list[str]) -> Iterator[Mistake]:
    """Yield components that stand on several lines of the items which say different things of them."""
    wanted = [name for name in fields if name in items.columns and name not in _AMOUNTS]
    keys = items.rows[rule.key]
    rows = pc.indices_nonzero(pc.is_in(keys, value_set=pa.array(sorted(components), pa.string()))).to_pylist()
    first: dict[str, tuple[str | None, ...]] = {}
    for row in rows:
        said = tuple(items.rows[name][row].as_py() for name in wanted)
        if first.setdefault(keys[row].as_py(), said) != said:
            what = f"{keys[row].as_py()} is a component of a bundle and stands on several lines that differ"
            instead = "remove one, or tell bundles by another `key`"
            yield Mistake(table_file(rule.items), row + _FIRST, 1, what, instead, "LOOKUP_NOT_UNIQUE")


def _strangers(rule: Rule, table: Table, goods: Goods) -> Iterator[Fault]:
    """Yield the components that neither the items nor the bundles know; orders with them would be rejected."""
    bundles = {(name or "").strip() for name in table.rows["bundle"].to_pylist()}
    for row, name in enumerate(table.rows["component"].to_pylist()):
        if name is not None and name.strip() not in goods.rows and name.strip() not in bundles:
            what = f"the component {name.strip()} is not in the column {rule.key} of table {rule.items}"
            yield Fault(row, what, "correct its spelling, or add it there: orders with it are rejected", _UNKNOWN)
