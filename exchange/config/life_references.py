"""Alone finds what a flow says of the age of its files, and of shipments, that its mappings do not bear out."""

from __future__ import annotations

from collections.abc import Iterator

from exchange.config.as_of import AsOf
from exchange.config.files import Files
from exchange.config.loader import Loaded
from exchange.config.models import Flow, PickUp
from exchange.config.suggest import suggest
from exchange.kernel.errors import Mistake

_SHIPMENT = "shipment"


def life_mistakes(flow: Loaded[Flow], value: Flow, files: Files) -> Iterator[Mistake]:
    """Return the mistakes of `as_of` in pick-ups and of `ships` in rules."""
    for number, pick_up in enumerate(value.pick_up):
        yield from _column(flow, number, pick_up, files)
    yield from _ships(flow, value, files)


def _column(flow: Loaded[Flow], number: int, pick_up: PickUp, files: Files) -> Iterator[Mistake]:
    as_of, mapping = pick_up.as_of, files.mappings.get(pick_up.mapping)
    if not isinstance(as_of, AsOf) or not as_of.column or mapping is None or mapping.value is None:
        return
    schema = files.schemas.get(mapping.value.schema_ or "")
    known = [field.name for field in schema.value.fields] if schema is not None and schema.value is not None else None
    if known is not None and as_of.column not in known:
        what = f"there is no column {as_of.column!r} in schema {mapping.value.schema_!r}"
        path = ("pick_up", number, "as_of", "column")
        yield flow.mistake(path, what, suggest(as_of.column, known), key=False, code="UNKNOWN_COLUMN")


def _ships(flow: Loaded[Flow], value: Flow, files: Files) -> Iterator[Mistake]:
    if value.rules.ships is None:
        return
    for pick_up in value.pick_up:
        mapping = files.mappings.get(pick_up.mapping)
        read = mapping.value.reads if mapping is not None and mapping.value is not None else None
        if read not in {None, _SHIPMENT}:
            what = f"`ships` is for flows that read shipments, mapping {pick_up.mapping!r} reads {read!r}"
            yield flow.mistake(("rules", "ships"), what, "remove it", code="MAPPING_UNFIT")
            return
