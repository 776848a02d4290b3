"""Alone finds what `guards:` of a flow look at and no document of it has: such a guard holds all files, or none."""

from __future__ import annotations

from collections.abc import Iterator

from exchange.config.files import Files
from exchange.config.guards import COUNTED, Guards
from exchange.config.loader import Loaded
from exchange.config.models import Flow, Mapping
from exchange.config.suggest import suggest
from exchange.documents.loader import document, names
from exchange.kernel.errors import Mistake

_PRICED = ("prices",)
_COUNTED = ("vanish", "to_zero", "jump")
_NUMBERS = ("integer", "decimal")


def guard_mistakes(files: Files) -> Iterator[Mistake]:
    """Return the mistakes in `guards:` of all flows."""
    for flow in files.flows:
        if flow.value is None:
            continue
        read = [files.mappings.get(pick_up.mapping) for pick_up in flow.value.pick_up]
        mappings = [each.value for each in read if each is not None and each.value is not None]
        known = [mapping for mapping in mappings if mapping.reads in names()]
        if known and len(known) == len(flow.value.pick_up):
            yield from _totals(flow, flow.value.guards, known)
            yield from _figures(flow, flow.value.guards, known)


def _totals(flow: Loaded[Flow], guards: Guards, mappings: list[Mapping]) -> Iterator[Mistake]:
    """Find totals of what is no number: the file would always be held."""
    sums = {name for mapping in mappings for name in _numbers_of(mapping)}
    for place, total in enumerate(guards.totals):
        for name in total.names:
            if name not in COUNTED and name not in sums:
                what = f"no document of this flow has a number {name!r} to sum up"
                advice = suggest(name, [*COUNTED, *sorted(sums)])
                yield flow.mistake(("guards", "totals", place, "like"), what, advice, key=False, code="UNKNOWN_FIELD")


def _numbers_of(mapping: Mapping) -> Iterator[str]:
    kind = document(str(mapping.reads))
    for fields, filled in ((kind.fields, mapping.fields), (kind.lines, mapping.lines)):
        yield from (name for name, field in fields.items() if field.type in _NUMBERS and name in filled)


def _figures(flow: Loaded[Flow], guards: Guards, mappings: list[Mapping]) -> Iterator[Mistake]:
    """Find guards of prices or quantities where none is read: they would never hold anything."""
    asked = {"unit_price": [*_PRICED], "quantity": [*_COUNTED]}
    if guards.hundredfold in {"price", "quantity"}:
        asked["unit_price" if guards.hundredfold == "price" else "quantity"].append("hundredfold")
    for field, keys in asked.items():
        if any(field in mapping.lines for mapping in mappings):
            continue
        for key in keys:
            if getattr(guards, key) is not None:
                what = f"no mapping of this flow fills {field} of a line, so `{key}` never holds a file"
                yield flow.mistake(("guards", key), what, f"fill {field}, or remove it", code="MAPPING_UNFIT")
