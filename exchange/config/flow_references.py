"""Alone finds what a flow says that other files or documents do not bear out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import PurePosixPath

from exchange.config.address_references import address_mistakes
from exchange.config.computed_references import computed_mistakes
from exchange.config.files import Files
from exchange.config.fulfilment_references import fulfilment_mistakes
from exchange.config.life_references import life_mistakes
from exchange.config.loader import Loaded
from exchange.config.models import Delivery, Flow
from exchange.config.overlaps import overlap_mistakes
from exchange.config.stock_references import stock_mistakes
from exchange.config.suggest import suggest
from exchange.config.target_references import shared_mistakes, target_mistakes
from exchange.config.values import Names
from exchange.config.workspace import flow_endpoints, flow_names
from exchange.config.yamltext import Path
from exchange.documents.loader import Document, Field, document, names
from exchange.kernel.errors import Mistake
from exchange.kernel.naming import NUMBER, PLACEHOLDERS, artifact_name, placeholder, placeholders

_UNFIT, _FIELD, _PATTERN = "MAPPING_UNFIT", "UNKNOWN_FIELD", "NAME_PATTERN"


def flow_mistakes(files: Files) -> Iterator[Mistake]:
    """Return the reference mistakes of all flows."""
    yield from flow_names(files.flows)
    for flow in files.flows:
        if flow.value is not None:
            yield from flow_endpoints(flow, files.endpoints)
            yield from _pick_ups(flow, flow.value, files)
            yield from _deliveries(flow, flow.value, files)
            yield from _rules(flow, flow.value, files)
            yield from life_mistakes(flow, flow.value, files)
            yield from computed_mistakes(flow, flow.value, files)
            yield from stock_mistakes(flow, flow.value, files)
    yield from overlap_mistakes(files)
    yield from shared_mistakes(files)


def _pick_ups(flow: Loaded[Flow], value: Flow, files: Files) -> Iterator[Mistake]:
    for number, pick_up in enumerate(value.pick_up):
        path = ("pick_up", number)
        yield from _mapping(flow, (*path, "mapping"), pick_up.mapping, files, direction="reads")
        yield from _folder(flow, (*path, "folder"), pick_up.folder)
        yield from _folder(flow, (*path, "move_to"), pick_up.move_to)
        if pick_up.feedback is not None:
            yield from _folder(flow, (*path, "feedback", "folder"), pick_up.feedback.folder)


def _deliveries(flow: Loaded[Flow], value: Flow, files: Files) -> Iterator[Mistake]:
    read, every = _document_name(value, files), set(_document_names(value, files))
    for number, delivery in enumerate(value.deliver):
        path = ("deliver", number)
        yield from _mapping(flow, (*path, "mapping"), delivery.mapping, files, direction="writes")
        yield from _folder(flow, (*path, "folder"), delivery.folder)
        if delivery.ack is not None:
            yield from _folder(flow, (*path, "ack", "folder"), delivery.ack.folder)
        yield from _pattern(flow, (*path, "name"), delivery)
        yield from _file_per(flow, (*path, "file_per"), delivery, value, files)
        mapping = files.mappings.get(delivery.mapping)
        written = mapping.value.writes if mapping and mapping.value else None
        if read in names() and written in names() and written not in every:
            what = f"mapping {delivery.mapping!r} writes {written!r}, but the flow reads {read!r}"
            yield flow.mistake((*path, "mapping"), what, f"name a mapping that writes {read!r}", key=False, code=_UNFIT)
    yield from target_mistakes(flow, value, files)


def _file_per(flow: Loaded[Flow], path: Path, delivery: Delivery, value: Flow, files: Files) -> Iterator[Mistake]:
    read = _document_name(value, files)
    mapping = files.mappings.get(delivery.mapping)
    if read not in names() or mapping is None or mapping.value is None:
        return
    parted = mapping.value.per == "part" and "warehouse" in value.rules.split_by
    known = [*document(str(read)).fields, *(["warehouse"] if parted else [])]
    for number, name in enumerate(delivery.file_per):
        at = (*path, number) if (*path, number) in flow.parsed.values else path
        if name == "warehouse" and not parted:
            what = "a document may have lines of several warehouses"
            instead = f"write `split: warehouse` under `rules:` and `per: part` in the mapping {delivery.mapping}"
            yield flow.mistake(at, what, instead, key=False, code=_FIELD)
        elif name not in known:
            yield flow.mistake(at, f"unknown document field {name!r}", suggest(name, known), key=False, code=_FIELD)


def _mapping(flow: Loaded[Flow], path: Path, name: str, files: Files, *, direction: str) -> Iterator[Mistake]:
    loaded = files.mappings.get(name)
    fitting = [
        other
        for other, candidate in files.mappings.items()
        if candidate.value is None or getattr(candidate.value, direction) is not None
    ]
    if loaded is None:
        yield flow.mistake(path, f"unknown mapping {name!r}", suggest(name, fitting), key=False, code="UNKNOWN_MAPPING")
    elif loaded.value is not None and getattr(loaded.value, direction) is None:
        does, needed = ("writes", "reads") if direction == "reads" else ("reads", "writes")
        what = f"mapping {name!r} {does} documents, a mapping that {needed} them is needed here"
        yield flow.mistake(path, what, suggest(name, fitting), key=False, code=_UNFIT)


def _folder(flow: Loaded[Flow], path: Path, folder: str) -> Iterator[Mistake]:
    parts = PurePosixPath(folder)
    if parts.is_absolute() or ".." in parts.parts:
        what = f"folder {folder!r} leads out of the endpoint"
        yield flow.mistake(path, what, "write a folder below the endpoint's path", key=False, code="FOLDER_OUTSIDE")


def _pattern(flow: Loaded[Flow], path: Path, delivery: Delivery) -> Iterator[Mistake]:
    marks = [NUMBER, *map(placeholder, delivery.file_per)]
    try:
        used = placeholders(delivery.name)
        unknown = [name for name in used if name not in (*PLACEHOLDERS, *marks)]
        for name in unknown:
            known = (*PLACEHOLDERS, *marks)
            what = f"unknown placeholder {{{name}}}"
            yield flow.mistake(path, what, suggest(name, known), key=False, code="UNKNOWN_PLACEHOLDER")
        if unknown:
            return
        filled = dict.fromkeys(marks, "1")
        made = artifact_name(delivery.name, claim="0" * 12, part=1, as_of=datetime.now(UTC), flow="flow", marks=filled)
    except ValueError as fault:
        what = f"name pattern {delivery.name!r}: {fault}"
        yield flow.mistake(path, what, "write it like ORD_{claim}.xml", key=False, code=_PATTERN)
        return
    if "/" in made or made.startswith("."):
        what = "the name of a delivered file starts with a dot or holds a slash"
        yield flow.mistake(path, what, "write the folder under `folder:`", key=False, code=_PATTERN)
    yield from _several(flow, path, delivery, used)


def _several(flow: Loaded[Flow], path: Path, delivery: Delivery, used: list[str]) -> Iterator[Mistake]:
    """Yield why the files of one delivery would not be told apart by their names."""
    if NUMBER in used and delivery.documents_per_file != 1:
        what = "{number} is that of one document, but a file may hold several"
        yield flow.mistake(path, what, "write `documents_per_file: 1` too, or take {part:03}", key=False, code=_PATTERN)
    elif "part" in used:
        return
    elif delivery.documents_per_file is not None and NUMBER not in used:
        what = "`documents_per_file` makes several files, but their name has no {part}"
        yield flow.mistake(path, what, "add {part:03} to the name", key=False, code=_PATTERN)
    elif missing := [name for name in delivery.file_per if placeholder(name) not in used]:
        what = f"`file_per` makes several files, but their name has no {{{placeholder(missing[0])}}}"
        yield flow.mistake(path, what, "add it, or {part:03}, to the name", key=False, code=_PATTERN)


# --- rules --------------------------------------------------------------------------------------------------------
def _rules(flow: Loaded[Flow], value: Flow, files: Files) -> Iterator[Mistake]:
    name = _document_name(value, files)
    if name not in names():
        return
    known: Document = document(str(name))
    rules = value.rules
    yield from _conditions(flow, ("rules", "release", "when"), rules.release.when, known.fields)
    yield from _conditions(flow, ("rules", "release", "filter"), rules.release.filter, known.fields)
    yield from fulfilment_mistakes(flow, value, files, known)
    yield from address_mistakes(flow, value, known)
    if "filter_lines" in rules.model_fields_set:
        yield from _conditions(flow, ("rules", "filter_lines"), rules.filter_lines, known.lines)


def _conditions(
    flow: Loaded[Flow], path: Path, conditions: Mapping[str, Names], fields: Mapping[str, Field]
) -> Iterator[Mistake]:
    for name, values in conditions.items():
        if name not in fields:
            yield flow.mistake((*path, name), f"unknown document field {name!r}", suggest(name, fields), code=_FIELD)
            continue
        allowed = fields[name].constraints.enum
        for number, value in enumerate(values):
            if allowed and value not in allowed:
                what = f"{name} is never {value!r}"
                listed = (*path, name, number)
                place = (*path, name) if flow.parsed.at(listed) is None else listed
                yield flow.mistake(place, what, suggest(value, allowed), key=False, code="UNKNOWN_VALUE")


def _document_name(value: Flow, files: Files) -> str | None:
    """Return the document that the flow's first sound pick-up reads."""
    return next(_document_names(value, files), None)


def _document_names(value: Flow, files: Files) -> Iterator[str]:
    """Yield the documents that the flow's sound pick-ups read."""
    mappings = (files.mappings.get(pick_up.mapping) for pick_up in value.pick_up)
    yield from (found.value.reads for found in mappings if found and found.value and found.value.reads)
