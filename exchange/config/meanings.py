"""Alone knows what a key of a YAML file means and looks like: its words, its examples, and its JSON Schema."""

from __future__ import annotations

import ast
import inspect
import re
import sys
import types
import typing
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any, Union

from exchange.config import cases, endpoints, models, values

Shape = dict[str, Any]
"""A JSON Schema, or a part of one."""
_UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_LISTED = re.compile(r"(?:for example|such as|like) ((?:`[^`]+`(?:, | or | and )?)+)")
_TEXT: Shape = {"type": "string"}
_WHOLE: Shape = {
    "type": ["integer", "string"],
    "pattern": r"^\s*[+-]?\d[\d_]*(?:\.0*)?\s*$",
    "patternErrorMessage": "expected a whole number such as 500",
}


@dataclass(frozen=True, slots=True)
class Look:
    """What a value of one annotation looks like in a file."""

    words: str
    """For people."""
    shape: Shape
    """For editors; it takes all that the loader takes, a number in quotes too."""
    examples: tuple[object, ...] = field(default=())


def _list_or(shape: Shape) -> Shape:
    return {"anyOf": [shape, {"type": "array", "items": shape}]}


_REFERENCE: Shape = {"$ref": "#/$defs/SecretReference"}
LOOKS: dict[Any, Look] = {
    str: Look("text", _TEXT),
    int: Look("whole number", _WHOLE),
    bool: Look(
        "`true` or `false`",
        {
            "type": ["boolean", "string", "integer"],
            "pattern": "^(?:[tTyY1fFnN0]|[tT]rue|[fF]alse|yes|no|on|off)$",
            "patternErrorMessage": "expected true or false",
            "minimum": 0,
            "maximum": 1,
        },
    ),
    Decimal: Look(
        'number in quotes, such as `"0.01"`',
        {
            "type": ["number", "string"],
            "pattern": r"^[\s\d_.eE+-]+$",
            "patternErrorMessage": "expected a number such as 0.01",
        },
    ),
    values.Duration: Look(
        "duration, such as `10s`, `5m` or `2h`",
        {
            "type": "string",
            "pattern": r"^(?:\s*\d+\s*(?:ms|s|m|h|d))+\s*$",
            "patternErrorMessage": "expected a duration such as 10s, 5m or 2h",
        },
        ("10s", "5m", "2h"),
    ),
    values.Percent: Look(
        "percentage, such as `20%`",
        {
            "type": "string",
            "pattern": r"^\d+(?:\.\d+)?\s*%$",
            "patternErrorMessage": "expected a percentage such as 20%",
        },
        ("20%",),
    ),
    values.Delimiter: Look("one character or a few", {**_TEXT, "minLength": 1, "maxLength": 8}, (",", ";", "\t")),
    values.Encoding: Look("text", _TEXT, ("utf-8", "cp1252", "iso-8859-1")),
    values.Patterns: Look("regular expression, or a list of them", _list_or(_TEXT)),
    values.Names: Look("text or list of texts", _list_or(_TEXT)),
    values.Schedule: Look(
        "five fields as in a crontab, or `@hourly` and the like",
        {
            "type": "string",
            "pattern": r"^\s*(?:@\w+|\S+(?:\s+\S+){4})?\s*$",
            "patternErrorMessage": 'expected five fields as in a crontab, such as "*/5 * * * *", or @hourly and such',
        },
        ("*/5 * * * *", "@hourly"),
    ),
    values.Zone: Look("time zone, such as `Europe/Berlin`", _TEXT, ("UTC", "Europe/Berlin", "America/New_York")),
    values.Size: Look(
        "size, such as `500MB` or `10GB`",
        {
            "type": ["string", "integer"],
            "pattern": r"^\s*\d+\s*(?:[bB]|[kKmMgGtT][iI]?[bB])?\s*$",
            "patternErrorMessage": "expected a size such as 500MB or 10GB",
        },
        ("500MB", "10GB"),
    ),
    values.FileName: Look("text", _TEXT),
    tuple[str, ...]: Look("list of texts", {"type": "array", "items": _TEXT}),
    cases.Text: Look("text", {"type": ["string", "number", "boolean"]}),
    cases.Moment: Look("moment with its zone, in quotes", _TEXT, ("2026-03-05T09:00:00Z",)),
    cases.InsidePath: Look("text", _TEXT),
    cases.InsidePaths: Look("text or list of texts", _list_or(_TEXT)),
    endpoints.Fingerprints: Look("text or list of texts", _list_or({**_TEXT, "pattern": "^SHA256:[A-Za-z0-9+/]{43}$"})),
    endpoints.SecretReference: Look("reference to a secret", _REFERENCE),
    endpoints.Secrets: Look("reference to a secret, or a list of them", _list_or(_REFERENCE)),
    models.StepCall: Look("step: its name, or `{name: parameters}`", {"$ref": "#/$defs/Step"}),
}
"""What a value of each annotation looks like in a file."""


@cache
def meanings(model: type[values.Model]) -> dict[str, str]:
    """Return what the text below each field of a model says, by the field's name."""
    made: dict[str, str] = {}
    for parent in reversed(model.__mro__):
        if issubclass(parent, values.Model):
            body = _classes(parent.__module__)[parent.__name__].body
            for each, following in pairwise(body):
                match each, following:
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


def examples_in(meaning: str) -> tuple[str, ...]:
    """Return what a meaning names as examples: the texts in code behind "for example", "such as" or "like"."""
    return tuple(example for listed in _LISTED.findall(meaning) for example in re.findall("`([^`]+)`", listed))


def written(value: object, hint: object) -> object:
    """Return a default as it is written in a file; None where nothing is written."""
    if hint == values.Size and isinstance(value, int):
        power = next(power for power in range(4, -1, -1) if value % 1000**power == 0)
        return f"{value // 1000**power}{' kMGT'[power].strip()}B"
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        unit = next(unit for unit, size in _UNITS.items() if seconds % size == 0)
        return f"{seconds // _UNITS[unit]}{unit}"
    return None if value is None or isinstance(value, values.Model) or value in ("", (), {}) else value


def looks(hint: Any) -> str:
    """Return in words what a value of this annotation looks like in a file."""
    if (known := look(hint)) is not None:
        return known.words
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return " or ".join(f"`{value}`" for value in inner)
    if origin in {Union, types.UnionType, typing.Annotated}:
        kinds = inner[:1] if origin is typing.Annotated else inner
        return " or ".join(dict.fromkeys(looks(kind) for kind in kinds if kind is not type(None)))
    if origin is tuple:
        named = look(inner[0]) is not None or typing.get_origin(inner[0]) is typing.Literal
        return f"list, each a {looks(inner[0])}" if named else "list of blocks"
    if origin is dict:
        return f"lines `<name>: ...`, each a {looks(inner[1])}"
    return "anything the step takes" if hint is Any else "block"


def look(hint: Any) -> Look | None:
    """Return what is declared for an annotation, or for what it narrows; None where it has to be taken apart."""
    while hint not in LOOKS and typing.get_origin(hint) is typing.Annotated and len(hint.__metadata__) > 1:
        hint = typing.Annotated[hint.__origin__, *hint.__metadata__[:-1]]
    return LOOKS.get(hint)
