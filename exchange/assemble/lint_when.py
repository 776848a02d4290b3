"""The check of `exchange check` for conditions that are never met, in rules and in the step `when`, or met in vain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from exchange.assemble.lint_ways import Path, arguments, filled, known_document, steps_of
from exchange.config import models
from exchange.config.files import Files
from exchange.config.loader import Loaded
from exchange.config.suggest import suggest
from exchange.documents.loader import Document
from exchange.kernel.errors import Mistake

_CODE = "UNREACHABLE_WHEN"
_KEEP = "keep"
_REMOVE = "correct the values, or remove the condition"


def unreachable(files: Files) -> Iterator[Mistake]:
    """Yield conditions that no value can meet, or whose outcome something later replaces."""
    for flow in files.flows:
        if flow.value is not None:
            yield from _release(flow, flow.value, files)
    for loaded in files.mappings.values():
        if loaded.value is not None:
            yield from _steps(loaded, loaded.value, files)


# --- rules of a flow ----------------------------------------------------------------------------------------------
def _release(flow: Loaded[models.Flow], value: models.Flow, files: Files) -> Iterator[Mistake]:
    rule, top = value.rules.release, ("rules", "release")
    for name, values in rule.when.items():
        if set(values) <= set(rule.filter.get(name, ())):
            what = f"`when` is never met: `filter` is asked first and takes every {name} that it names"
            yield flow.mistake((*top, "when", name), what, "take the values out of one of them", code=_CODE)
    sources = [_mapping(files, pick_up.mapping) for pick_up in value.pick_up]
    read = [mapping for mapping in sources if mapping is not None and mapping.reads is not None]
    if not read or len(read) < len(sources):
        return
    for part, conditions in (("when", rule.when), ("filter", rule.filter)):
        for name, values in conditions.items():
            if what := _never(name, values, value, read):
                yield flow.mistake((*top, part, name), what, _REMOVE, code=_CODE)


def _never(name: str, values: Sequence[str], flow: models.Flow, read: list[models.Mapping]) -> str:
    """Return why no document of the flow has one of the values; blank where one may."""
    if "" in values:
        return ""
    kind = known_document(read[0])
    if kind is None or name not in kind.fields or any(name in filled(mapping.fields) for mapping in read):
        return ""
    named = " and ".join(dict.fromkeys(pick_up.mapping for pick_up in flow.pick_up))
    return f"{name} is always blank: {named} does not fill it"


def _mapping(files: Files, name: str) -> models.Mapping | None:
    loaded = files.mappings.get(name)
    return loaded.value if loaded is not None else None


# --- steps of a mapping -------------------------------------------------------------------------------------------
def _steps(loaded: Loaded[models.Mapping], mapping: models.Mapping, files: Files) -> Iterator[Mistake]:
    for path, calls in steps_of(mapping):
        for number, call in enumerate(calls):
            if call.name != "when":
                continue
            said = arguments(call)
            place = (*path, number, "when")
            wanted = _texts(said.get("is"))
            possible = _possible(str(said.get("column")), path, mapping, files)
            if possible is not None and wanted and not possible & wanted:
                what = f"{said.get('column')} is never {' or '.join(map(repr, sorted(wanted)))}"
                instead = suggest(min(wanted), possible - {""})
                yield loaded.mistake((*place, "is"), what, instead, key=False, code=_CODE)
            elif later := next((each for each in calls[number + 1 :] if _replaces(each, said)), None):
                what = f"what this `when` chooses is replaced by the step `{later.name}` behind it"
                yield loaded.mistake(place, what, "put it behind, or remove one of them", code=_CODE)


def _texts(value: object) -> set[str]:
    return {value} if isinstance(value, str) else set(map(str, value)) if isinstance(value, list) else set()


def _replaces(later: models.StepCall, earlier: dict[str, object]) -> bool:
    """Tell whether a later step leaves nothing of what an earlier `when` chose."""
    said = arguments(later)
    if later.name == "constant":
        return True
    if later.name != "when" or said.get("then") is None:
        return False
    if said.get("otherwise") is not None:
        return True
    same = said.get("column") == earlier.get("column") and earlier.get("otherwise") is None
    return same and _texts(earlier.get("is")) <= _texts(said.get("is"))


def _possible(column: str, path: Path, mapping: models.Mapping, files: Files) -> set[str] | None:
    """Return the texts that a column can hold, "" for blank; None where that is not known."""
    kind = known_document(mapping)
    level = str(path[0])
    if kind is None:
        return None
    if mapping.writes is not None:
        return _of_document(column, level, kind)
    schema = files.schemas.get(mapping.schema_ or "")
    for field in schema.value.fields if schema and schema.value else ():
        if field.name == column:
            return {*field.constraints.enum, ""} if field.constraints.enum else None
    own = getattr(mapping, level).get(column)
    if own is None:
        return None
    made = _made(own.steps)
    return made if made is not None else _of_document(column, level, kind)


def _of_document(name: str, level: str, kind: Document) -> set[str] | None:
    field = (kind.readable_fields if level == "fields" else kind.readable_lines).get(name)
    if field is None or not field.constraints.enum:
        return None
    return {*field.constraints.enum} if field.constraints.required else {*field.constraints.enum, ""}


def _made(calls: Sequence[models.StepCall]) -> set[str] | None:
    """Return the texts that steps can come to; None where they can be any."""
    found: set[str] | None = None
    for call in calls:
        said = arguments(call)
        value, values = said.get("value"), said.get("values")
        if call.name == "constant" and isinstance(value, str):
            found = {value}
        elif call.name == "map_values" and said.get("otherwise") != _KEEP and isinstance(values, dict):
            found = {*map(str, values.values()), str(said.get("otherwise") or ""), ""}
        elif call.name == "default" and found is not None and isinstance(value, str):
            found = (found - {""}) | {value}
        else:
            found = None
    return found
