"""Alone reads a file in spite of its mistakes, so that what is right in it can be held against other files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from exchange.config.loader import Loaded
from exchange.config.models import Flow
from exchange.config.models import Mapping as MappingModel
from exchange.config.wording import meant_key, own_details, written_path
from exchange.config.yamltext import NOT_YAML, Parsed, Path, Place

M = TypeVar("M", bound=BaseModel)
_READ_PAST = {"UNKNOWN_KEY", NOT_YAML}
_ROUNDS = 100
"""Mistakes that are looked past in one file; each costs one validation."""


def mended_flow(flow: Loaded[Flow]) -> Loaded[Flow]:
    """Return a flow without what is wrong in it, for checks of the rest; without a value where too little is left."""
    return flow if flow.value is not None else _mended(flow, Flow, {"flow": PurePosixPath(flow.file).stem})


def mended_mapping(mapping: Loaded[MappingModel]) -> Loaded[MappingModel]:
    """Return a mapping with its misspelt keys put right; without a value where more than that is wrong in it.

    A field that was taken out would be missed elsewhere, so nothing is taken out of a mapping. What is no YAML was read
    as it was meant already.
    """
    if mapping.value is not None or any(mistake.code not in _READ_PAST for mistake in mapping.mistakes):
        return mapping
    return _mended(mapping, MappingModel, None)


def _mended(loaded: Loaded[M], model: type[M], defaults: Mapping[str, object] | None) -> Loaded[M]:
    parsed: Parsed | None = loaded.parsed
    for _ in range(_ROUNDS):
        if parsed is None or not isinstance(parsed.data, dict):
            break
        try:
            return Loaded(loaded.file, model.model_validate(parsed.data), (), parsed)
        except ValidationError as error:
            parsed = _better(parsed, error, model, defaults)
    return replace(loaded, value=None)


def _better(
    parsed: Parsed, error: ValidationError, model: type[BaseModel], defaults: Mapping[str, object] | None
) -> Parsed | None:
    """Return the data without one of its faults; None where that cannot be done."""
    details = own_details(error, parsed)
    for detail in details:
        meant = meant_key(detail, model)
        path = written_path(detail, parsed)
        if meant is not None and meant not in _at(parsed.data, path[:-1]):
            return _moved(parsed, path, (*path[:-1], meant))
    if not details or defaults is None:
        return None
    return _without(parsed, details[0], defaults)


def _without(parsed: Parsed, detail: ErrorDetails, defaults: Mapping[str, object]) -> Parsed | None:
    path = written_path(detail, parsed)
    if detail["type"] == "missing":
        key, path = path[-1], path[:-1]
        if not path and key in defaults:
            return replace(parsed, data={**parsed.data, str(key): defaults[str(key)]})
    if len(path) == 1 and path[0] in defaults:
        return replace(parsed, data={**parsed.data, str(path[0]): defaults[str(path[0])]})
    return _moved(parsed, path, None) if path else None


def _at(data: Any, path: Path) -> Any:
    for part in path:
        data = data[part]
    return data


def _moved(parsed: Parsed, old: Path, new: Path | None) -> Parsed:
    """Return the data with what stands at `old` under another key, or (None) left out; places go with it."""
    *parents, last = old
    copied = _copied(parsed.data, tuple(parents))
    holder = _at(copied, tuple(parents))
    taken = holder.pop(last)
    if new is not None:
        holder[new[-1]] = taken
    return replace(parsed, data=copied, keys=_places(parsed.keys, old, new), values=_places(parsed.values, old, new))


def _copied(data: Any, path: Path) -> Any:
    """Copy the lists and mappings on the way to `path`: aliases may stand for them elsewhere."""
    made = data.copy()
    if path:
        made[path[0]] = _copied(data[path[0]], path[1:])
    return made


def _places(places: dict[Path, Place], old: Path, new: Path | None) -> dict[Path, Place]:
    made: dict[Path, Place] = {}
    at = len(old) - 1
    for path, place in places.items():
        if path[: at + 1] == old:
            if new is not None:
                made[*new, *path[at + 1 :]] = place
        elif new is None and path[:at] == old[:at] and len(path) > at and _behind(path[at], old[at]):
            made[*path[:at], int(path[at]) - 1, *path[at + 1 :]] = place
        else:
            made[path] = place
    return made


def _behind(part: str | int, removed: str | int) -> bool:
    """Tell whether an entry of a list moves up because one before it was left out."""
    return isinstance(part, int) and isinstance(removed, int) and part > removed
