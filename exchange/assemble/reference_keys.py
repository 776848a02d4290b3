"""Alone reads the models of the YAML files as a reference does: every key with its type, default and meaning."""

from __future__ import annotations

import json
import re
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from exchange.config import models, values
from exchange.config.meanings import looks, meanings, written

_PLAIN = re.compile(r"[^\W\d]\w*( \w+)*")
_NOT_TEXT = {"true", "false", "yes", "no", "on", "off", "null"}
"""Words that some reader of YAML takes for something else than text."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key of one file."""

    path: str
    """Dotted; `[]` stands for each entry of a list, `<name>` for a name of one's own."""
    looks: str
    """What its value looks like."""
    default: str
    """As it would be written; empty where nothing is meant, `required` where it must be written."""
    meaning: str


def keys(model: type[values.Model]) -> Iterator[Key]:
    """Yield every key of a model and of the models within it, in the order of their declaration.

    A model that stands at several places is shown at the first; the others refer to it.
    """
    yield from _keys(model, "", "", {})


def _keys(model: type[values.Model], before: str, only: str, shown: dict[type[values.Model], str]) -> Iterator[Key]:
    """`before`: what stands before each key. `only`: with which sort of block these keys go, if with one only."""
    hints, said = typing.get_type_hints(model, include_extras=True), meanings(model)
    shown[model] = before.removesuffix(".")
    for name, info in model.model_fields.items():
        hint, path = hints[name], before + (info.alias or name)
        default = "required" if info.is_required() else _default(info.get_default(call_default_factory=True), hint)
        inner = list(_within(hint, path))
        elsewhere = "".join(f", as in `{shown[kind]}`" for kind, _ in inner if kind in shown)
        yield Key(path, looks(hint) + elsewhere, default, only + said.get(name, ""))
        sorts = len({kind for kind, _ in inner}) > 1
        for kind, place in inner:
            if kind not in shown:
                yield from _keys(kind, f"{place}.", _sort(kind) if sorts else "", shown)


def _sort(model: type[values.Model]) -> str:
    """Return what tells this block from the others that could stand at its place."""
    [name] = typing.get_args(model.model_fields["type"].annotation)
    return f"With `type: {name}`: "


def _within(hint: Any, path: str) -> Iterator[tuple[type[values.Model], str]]:
    """Yield the models that a value of this annotation holds, each with the path it stands at."""
    if isinstance(hint, type) and issubclass(hint, values.Model):
        if hint is not models.StepCall:
            yield hint, path
        return
    entry = {tuple: f"{path}[]", dict: f"{path}.<name>"}.get(typing.get_origin(hint), path)
    for inner in typing.get_args(hint):
        yield from _within(inner, entry)


def _default(value: object, hint: object) -> str:
    """Return a default as it would be written in a file; empty where it says nothing."""
    plain = written(value, hint)
    if plain is None:
        return ""
    return plain if isinstance(plain, str) and not isinstance(value, str) else flow_text(plain)


def flow_text(value: object) -> str:
    """Return a plain value on one line, as YAML has it."""
    match value:
        case dict():
            return "{" + ", ".join(f"{flow_text(name)}: {flow_text(inner)}" for name, inner in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(flow_text, value)) + "]"
        case bool():
            return "true" if value else "false"
        case str() if _PLAIN.fullmatch(value) and value.lower() not in _NOT_TEXT:
            return value
        case int():
            return str(value)
        case _:
            return _quoted(str(value))


def _quoted(text: str) -> str:
    """Return text in the quotes that need the fewest escapes."""
    if "\\" in text and "'" not in text:
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False)
