"""Alone reads the models of the YAML files as a reference does: every key with its type, default and meaning."""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any, Union

from exchange.config import endpoints, models, values

WORDS: dict[Any, str] = {
    str: "text",
    int: "whole number",
    bool: "`true` or `false`",
    Decimal: 'number in quotes, such as `"0.01"`',
    values.Duration: "duration, such as `10s`, `5m` or `2h`",
    values.Percent: "percentage, such as `20%`",
    values.Delimiter: "one character or a few",
    values.Encoding: "text",
    values.Patterns: "regular expression, or a list of them",
    values.Names: "text or list of texts",
    values.Schedule: "five fields as in a crontab, or `@hourly` and the like",
    values.Zone: "time zone, such as `Europe/Berlin`",
    values.Size: "size, such as `500MB` or `10GB`",
    tuple[str, ...]: "list of texts",
    endpoints.Fingerprints: "text or list of texts",
    endpoints.SecretReference: "reference to a secret",
    endpoints.Secrets: "reference to a secret, or a list of them",
    models.StepCall: "step: its name, or `{name: parameters}`",
}
"""What a value of each annotation looks like in a file."""
_PLAIN = re.compile(r"[^\W\d]\w*( \w+)*")
_NOT_TEXT = {"true", "false", "yes", "no", "on", "off", "null"}
"""Words that some reader of YAML takes for something else than text."""
_UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}


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


def meanings(model: type[values.Model]) -> dict[str, str]:
    """Return what the text below each field of a model says, by the field's name."""
    made: dict[str, str] = {}
    for parent in reversed(model.__mro__):
        if issubclass(parent, values.Model):
            body = _classes(parent.__module__)[parent.__name__].body
            for field, following in pairwise(body):
                match field, following:
                    case (
                        ast.AnnAssign(target=ast.Name(id=name)),
                        ast.Expr(value=ast.Constant(value=str(text))),
                    ):
                        made[name] = " ".join(text.split())
    return made


@cache
def _classes(module: str) -> dict[str, ast.ClassDef]:
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def looks(hint: Any) -> str:
    """Return in words what a value of this annotation looks like in a file."""
    if hint in WORDS:
        return WORDS[hint]
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return " or ".join(f"`{value}`" for value in inner)
    if origin in {Union, types.UnionType, typing.Annotated}:
        kinds = inner[:1] if origin is typing.Annotated else inner
        return " or ".join(dict.fromkeys(looks(kind) for kind in kinds if kind is not type(None)))
    if origin is tuple:
        named = inner[0] in WORDS or typing.get_origin(inner[0]) is typing.Literal
        return f"list, each a {looks(inner[0])}" if named else "list of blocks"
    if origin is dict:
        return f"lines `<name>: ...`, each a {looks(inner[1])}"
    return "anything the step takes" if hint is Any else "block"


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
    if hint is values.Size and isinstance(value, int):
        power = next(power for power in range(4, -1, -1) if value % 1000**power == 0)
        return f"{value // 1000**power}{' kMGT'[power].strip()}B"
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        unit = next(unit for unit, size in _UNITS.items() if seconds % size == 0)
        return f"{seconds // _UNITS[unit]}{unit}"
    if value is None or isinstance(value, values.Model) or value in ("", (), {}):
        return ""
    return flow_text(value)


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
