"""The check of `exchange check` for values written in a mapping that their field of the document never has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from exchange.assemble.lint_ways import Path, arguments, known_document, steps_of
from exchange.checks.document import allowed_values
from exchange.config import models
from exchange.config.files import Files
from exchange.config.loader import Loaded
from exchange.config.suggest import suggest
from exchange.kernel.errors import Mistake

_PLACES = {"default": ("value",), "when": ("then", "otherwise")}
"""Step that leaves what comes into it, or puts a value in its place -> its parameters that are such a value."""
_KEEP = "keep"


def not_allowed(files: Files) -> Iterator[Mistake]:
    """Yield values that steps write into a field of the document that allows others only: all would be rejected."""
    for loaded in files.mappings.values():
        if loaded.value is not None and loaded.value.reads is not None:
            yield from _written(loaded, loaded.value)


def _written(loaded: Loaded[models.Mapping], mapping: models.Mapping) -> Iterator[Mistake]:
    kind = known_document(mapping)
    if kind is None:
        return
    for path, calls in steps_of(mapping):
        fields = kind.fields if path[0] == "fields" else kind.lines
        name = ".".join(str(part) for part in path[1:-1] if part != "address")
        allowed = allowed_values(fields[name]) if name in fields else ()
        if not allowed:
            continue
        for place, value in _values(path, calls):
            if value not in allowed:
                what, instead = f"{name} is never {value!r}", suggest(value, allowed)
                yield loaded.mistake(_spot(loaded, place), what, instead, key=False, code="UNKNOWN_VALUE")


def _values(path: Path, calls: Sequence[models.StepCall]) -> Iterator[tuple[Path, str]]:
    """Yield the texts that steps write, where no step behind them makes another of them, each with its place."""
    for number, call in reversed([*enumerate(calls)]):
        said, place = arguments(call), (*path, number, call.name)
        found: dict[Path, object] = {}
        if call.name == "constant":
            found = {("value",): said.get("value")}
        elif call.name == "map_values":
            values = said.get("values")
            found = {("values", key): value for key, value in values.items()} if isinstance(values, dict) else {}
            found |= {("otherwise",): said.get("otherwise")} if said.get("otherwise") != _KEEP else {}
        else:
            found = {(name,): said.get(name) for name in _PLACES.get(call.name, ())}
        yield from (((*place, *where), text) for where, text in found.items() if isinstance(text, str) and text)
        if call.name not in _PLACES:
            return


def _spot(loaded: Loaded[models.Mapping], place: Path) -> Path:
    """Return the place as it is written: the first parameter may stand without its name."""
    if loaded.parsed.at(place) is not None:
        return place
    return tuple(part for part in place if part not in {"value", "values"})
