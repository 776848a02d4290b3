"""Alone finds what `only:` of a flow says that its mappings, channels and tables do not bear out."""

from __future__ import annotations

from collections.abc import Iterator

from exchange.config.files import Files
from exchange.config.loader import Loaded
from exchange.config.models import Flow, Mapping
from exchange.config.only import FOLDER, KEYS, Listed
from exchange.config.suggest import suggest
from exchange.config.tables import load_table
from exchange.documents.loader import document, names
from exchange.kernel.errors import Mistake

_CODE = "ONLY"


def only_mistakes(files: Files) -> Iterator[Mistake]:
    """Return the mistakes in `only:` of all flows."""
    for flow in files.flows:
        if flow.value is not None and flow.value.only is not None:
            yield from _listed(flow, flow.value, files)
            yield from _channels(flow, flow.value)
            yield from _filled(flow, flow.value, files)


def _listed(flow: Loaded[Flow], value: Flow, files: Files) -> Iterator[Mistake]:
    for key in KEYS:
        written = getattr(value.only, key)
        if not isinstance(written, Listed):
            continue
        path = ("only", key)
        if written.table not in files.tables:
            known = suggest(written.file, [f"{FOLDER}{table}.csv" for table in files.tables])
            yield flow.mistake((*path, "file"), f"there is no table {written.file!r}", known, key=False, code=_CODE)
            continue
        table, _ = load_table(files.root, written.table)
        if table is not None and written.column not in table.columns:
            what = f"{written.file} has no column {written.column!r}"
            advice = suggest(written.column, table.columns)
            yield flow.mistake((*path, "column"), what, advice, key=False, code=_CODE)


def _channels(flow: Loaded[Flow], value: Flow) -> Iterator[Mistake]:
    written = value.only.channels if value.only is not None else None
    if not isinstance(written, tuple):
        return
    known = {pick_up.channel or pick_up.from_ for pick_up in value.pick_up}
    for number, name in enumerate(written):
        if name not in known:
            path = ("only", "channels", number)
            at = path if path in flow.parsed.values else path[:-1]
            yield flow.mistake(at, f"no pick-up has the channel {name!r}", suggest(name, known), key=False, code=_CODE)


def _filled(flow: Loaded[Flow], value: Flow, files: Files) -> Iterator[Mistake]:
    """Find keys whose field no document has: nothing would ever be let through."""
    for pick_up in value.pick_up:
        loaded = files.mappings.get(pick_up.mapping)
        mapping = loaded.value if loaded is not None else None
        if mapping is None or mapping.reads not in names():
            continue
        for key, field in KEYS.items():
            if field and getattr(value.only, key) is not None and not _fills(mapping, field, key):
                what = f"mapping {pick_up.mapping!r} fills no {field}, so `only: {key}` lets nothing of it through"
                yield flow.mistake(("only", key), what, f"fill {field} in it, or choose otherwise", code=_CODE)


def _fills(mapping: Mapping, field: str, key: str) -> bool:
    kind = document(str(mapping.reads))
    on_lines = key == "skus" and field in kind.lines
    return field in (mapping.lines if on_lines else mapping.fields)
