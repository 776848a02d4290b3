"""Alone finds what a flow says of computed pick-ups that its mappings and deliveries do not bear out."""

from __future__ import annotations

from collections.abc import Iterator

from exchange.config.computed import Computed
from exchange.config.files import Files
from exchange.config.loader import Loaded
from exchange.config.models import Flow, Mapping
from exchange.kernel.errors import Mistake

AGAIN = {"availability": "refreshed", "reorder": "told_for", "reconciliation": "told_for"}
"""Document -> the field by which everything is told again."""
_UNFIT = "MAPPING_UNFIT"


def computed_mistakes(flow: Loaded[Flow], value: Flow, files: Files) -> Iterator[Mistake]:
    """Return the mistakes of computed pick-ups, and pick-ups of documents that the flow delivers nowhere."""
    mappings = {name: loaded.value for name, loaded in files.mappings.items() if loaded.value is not None}
    written = {mappings[each.mapping].writes for each in value.deliver if each.mapping in mappings}
    complete = all(each.mapping in mappings for each in value.deliver)
    several = len({mappings[each.mapping].reads for each in value.pick_up if each.mapping in mappings}) > 1
    for number, pick_up in enumerate(value.pick_up):
        mapping, path = mappings.get(pick_up.mapping), ("pick_up", number, "mapping")
        if mapping is None or mapping.reads is None:
            continue
        if pick_up.computed is not None:
            yield from _computed(flow, number, pick_up.computed, (pick_up.mapping, mapping))
        if complete and several and pick_up.stock is None and mapping.reads not in written:
            what = f"nothing is delivered of what mapping {pick_up.mapping!r} reads ({mapping.reads})"
            instead = f"add a delivery whose mapping writes {mapping.reads!r}"
            yield flow.mistake(path, what, instead, key=False, code=_UNFIT)


def _computed(flow: Loaded[Flow], number: int, computed: Computed, named: tuple[str, Mapping]) -> Iterator[Mistake]:
    name, mapping = named
    path, what = ("pick_up", number, "mapping"), computed.name
    if mapping.reads != what:
        said = f"mapping {name!r} reads {mapping.reads!r}, and {what} is computed here"
        yield flow.mistake(path, said, f"name a mapping that reads {what!r}", key=False, code=_UNFIT)
    elif mapping.format.type != "csv":
        said = f"what is computed is csv, mapping {name!r} reads {mapping.format.type}"
        yield flow.mistake(path, said, "write `format: {type: csv}` there", key=False, code=_UNFIT)
    elif computed.chosen.refresh != "never" and AGAIN[what] not in mapping.fields:
        said = f"mapping {name!r} does not fill {AGAIN[what]}, by which everything is told again"
        again = computed.chosen.refresh
        yield flow.mistake(path, said, f"fill it there, or remove `refresh: {again}`", key=False, code=_UNFIT)
