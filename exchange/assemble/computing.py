"""Builds what computes the file of a pick-up from the ledger, and finds what is wrong with its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from exchange.assemble.bundles import bundles_of
from exchange.assemble.sources import Sources
from exchange.config.computed import Availability, Goods, Reconciliation, Reorder
from exchange.config.files import Files
from exchange.config.suggest import suggest
from exchange.config.tables import load_table
from exchange.config.workspace import table_file
from exchange.documents.loader import document
from exchange.kernel.errors import ConfigurationError, Mistake
from exchange.kernel.standing import Computing
from exchange.kernel.table import Table
from exchange.rules.availability import Availabilities, with_bundles
from exchange.rules.comparing import Comparing
from exchange.rules.exceptions import Exceptions, lines_of
from exchange.rules.figures import catalogue
from exchange.rules.purchasing import Purchasing
from exchange.rules.recipes import Recipe

_FIRST = 2
"""Line of a table's first row, below the header."""
_INVALID, _UNKNOWN = "STOCK_RULE_INVALID", "UNKNOWN_COLUMN"
_NEEDED: dict[str, tuple[str, ...]] = {"items": ("sku", "item_number"), "units": ("sku", "unit"), "rules": ()}


def computing(sources: Sources) -> Computing | None:
    """Return what computes the file of the pick-up; None where it picks files up. Raises ConfigurationError."""
    pick_up = sources.flow.pick_up[sources.pick_up]
    if pick_up.computed is None:
        return None
    chosen = pick_up.computed.chosen
    wrong = [each for each in mistakes(chosen, sources.tables) if each.severity == "error"]
    if wrong:
        raise ConfigurationError(wrong)
    known = catalogue(chosen, sources.tables)
    lines = lines_of(sources.tables[chosen.rules])[0] if chosen.rules else []
    exceptions = Exceptions(lines, _plain(chosen))
    channel, zone = pick_up.channel, sources.flow.timezone
    if isinstance(chosen, Availability):
        recipes = _recipes(chosen, sources.tables)
        key = chosen.bundles.key if chosen.bundles is not None else "sku"
        everything, makes = with_bundles(known, recipes, key)
        dead = tuple(each.sku for each in everything.sold if not each.item and each.sku not in makes)
        return Availabilities(chosen, channel, zone, everything, exceptions, makes, dead)
    if isinstance(chosen, Reconciliation):
        return Comparing(chosen, channel, zone, known, exceptions)
    return Purchasing(chosen, channel, zone, known, exceptions) if isinstance(chosen, Reorder) else None


def mistakes(goods: Goods, tables: Mapping[str, Table]) -> Iterator[Mistake]:
    """Yield what is wrong with the tables that a computed pick-up reads."""
    for key, columns in _NEEDED.items():
        if name := getattr(goods, key):
            yield from _columns(key, name, columns, tables.get(name))
    if goods.rules in tables:
        for wrong in lines_of(tables[goods.rules])[1]:
            yield Mistake(table_file(goods.rules), wrong.row + _FIRST, 1, wrong.what, wrong.instead, _INVALID)
    if isinstance(goods, Availability) and goods.bundles is not None:
        yield from bundles_of(goods.bundles, document("order"), tables)[1]


def _columns(key: str, name: str, columns: tuple[str, ...], table: Table | None) -> Iterator[Mistake]:
    if table is None:
        advice = f"add it, or name another one with `{key}:` of the pick-up"
        yield Mistake(table_file(name), 0, 0, f"there is no table {name!r}", advice, "UNKNOWN_TABLE")
        return
    for column in columns:
        if column not in table.columns:
            what = f"column {column!r} is missing, which `{key}` of a computed pick-up needs"
            yield Mistake(table_file(name), 1, 1, what, suggest(column, table.columns), _UNKNOWN)


def wrong_computed(files: Files) -> Iterator[Mistake]:
    """Yield what is wrong with the tables of all computed pick-ups; a check of `exchange check`."""
    picked = [each.computed for flow in files.flows if flow.value is not None for each in flow.value.pick_up]
    seen: dict[Mistake, None] = {}
    for computed in picked:
        if computed is not None:
            read = {name: load_table(files.root, name)[0] for name in computed.tables() if name in files.tables}
            tables = {name: table for name, table in read.items() if table is not None}
            broken = {table_file(name) for name in read.keys() - tables.keys()}
            found = mistakes(computed.chosen, tables)
            seen.update(dict.fromkeys(each for each in found if each.file not in broken))
    yield from seen


def _plain(goods: Goods) -> dict[str, object]:
    """Return what holds where the table says nothing: the keys of the pick-up."""
    return {"state": "active", "allocation": 0, **{name: getattr(goods, name) for name in type(goods).model_fields}}


def _recipes(chosen: Availability, tables: Mapping[str, Table]) -> Mapping[str, Recipe]:
    if chosen.bundles is None:
        return {}
    made, _ = bundles_of(chosen.bundles, document("order"), tables)
    return made.recipes if made is not None else {}
