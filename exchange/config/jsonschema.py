"""Alone makes the JSON Schema of a YAML file from its model: what an editor completes, explains and underlines."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any, Literal, Union

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import WithJsonSchema
from pydantic.fields import FieldInfo

from exchange.config.endpoints import SecretReference, Secrets
from exchange.config.meanings import Shape, examples_in, look, looks, meanings, written
from exchange.config.values import Model

DRAFT = "https://json-schema.org/draft/2020-12/schema"
"""Written out, and kept to what drafts before it mean by the same words: older editors read it as well."""
_SECRETS = {SecretReference, Secrets}
Fills = Mapping[tuple[type[Model], str], Shape]
"""(model, field) -> what its texts can be in this workspace; for a block, what the block can be."""
Added = Mapping[type[Model], Mapping[str, type[Model]]]
"""First of our models of several types -> the types that other distributions add, with their models."""


class Shapes:
    """Turns models into JSON Schema; each model that stands within another is a definition of its own.

    `partly`: the file goes on from another, so any key may be missing, and nothing behind a key takes it away.
    """

    def __init__(self, fills: Fills, defs: Mapping[str, Shape], added: Added, *, partly: bool = False) -> None:
        self._fills, self._added, self.partly = fills, added, partly
        self.defs: dict[str, Shape] = dict(defs)

    def whole(self, model: type[Model]) -> Shape:
        """Return the schema of a file."""
        said = " ".join((model.__doc__ or "").split())
        return {"$schema": DRAFT, "description": said, **self.block(model), "$defs": self.defs}

    def block(self, model: type[Model]) -> Shape:
        """Return the schema of a model's keys, closed as the loader has it."""
        hints, said = _hints(model), meanings(model)
        keys = {info.alias or name: (name, info) for name, info in model.model_fields.items()}
        required = [key for key, (_, info) in keys.items() if info.is_required()]
        made: Shape = {"type": "object"}
        made["properties"] = {
            key: self._property(model, key, name, info, hints[name], said.get(name, ""))
            for key, (name, info) in keys.items()
        }
        made |= {"required": required} if required and not self.partly else {}
        return made | {"additionalProperties": False}

    def _property(self, model: type[Model], key: str, name: str, info: FieldInfo, hint: Any, meaning: str) -> Shape:
        fill = self._fills.get((model, name))
        shape = _limited(self.value(hint) if fill is None else self._filled(hint, fill), info)
        known = look(hint)
        made = told(shape, f"{key}: {looks(hint)}", meaning)
        examples: tuple[object, ...] = examples_in(meaning) or (known.examples if known else ())
        if examples and "enum" not in shape:
            made["examples"] = list(examples)
        default = None if info.is_required() else written(info.get_default(call_default_factory=True), hint)
        if isinstance(default, str | int | bool | Decimal):
            made["default"] = str(default) if isinstance(default, Decimal) else default
        return made

    def _filled(self, hint: Any, fill: Shape) -> Shape:
        inner = typing.get_args(hint)
        if type(None) in inner:
            return _or_nothing(self._filled(inner[0], fill))
        if hint is str or typing.get_origin(hint) is dict:
            return fill
        [items] = [shape for shape in self.value(hint).get("anyOf", [self.value(hint)]) if shape["type"] == "array"]
        listed = {**items, "items": fill}
        return {"anyOf": [fill, listed]} if "anyOf" in self.value(hint) else listed

    def value(self, hint: Any) -> Shape:
        """Return the schema of a value of this annotation."""
        if hint in _SECRETS:
            self._define(SecretReference)
        if (known := look(hint)) is not None:
            return dict(known.shape)
        return self._compound(hint, typing.get_origin(hint), typing.get_args(hint))

    def _compound(self, hint: Any, origin: Any, inner: tuple[Any, ...]) -> Shape:
        made: Shape = {}
        if origin is typing.Annotated:
            made = self._annotated(hint)
        elif origin is Literal:
            made = {"enum": list(inner)}
        elif origin in {Union, types.UnionType}:
            made = _any([self.value(kind) for kind in inner if kind is not type(None)])
            made = _or_nothing(made) if type(None) in inner else made
        elif origin is tuple:
            made = {"type": "array", "items": self.value(inner[0])}
        elif origin is dict:
            made = self._named(*inner)
        elif isinstance(hint, type) and issubclass(hint, Model):
            made = self._define(hint)
        return made

    def _named(self, names: Any, values: Any) -> Shape:
        """Return the schema of `<name>: ...` lines, whose names may be given."""
        given = typing.get_args(names) if typing.get_origin(names) is Literal else ()
        shape = _or_nothing(self.value(values)) if self.partly else self.value(values)
        if not given:
            return {"type": "object", "additionalProperties": shape}
        return {"type": "object", "properties": dict.fromkeys(given, shape), "additionalProperties": False}

    def _annotated(self, hint: Any) -> Shape:
        inner = typing.get_args(hint)[0]
        for each in hint.__metadata__:
            if isinstance(each, WithJsonSchema):
                return dict(each.json_schema or {})
            chosen = getattr(each, "discriminator", None)
            kinds = [_plain(kind) for kind in typing.get_args(inner)]
            if chosen is not None and all(isinstance(kind, type) and issubclass(kind, Model) for kind in kinds):
                return self._sorts(kinds, chosen({}) if callable(chosen) else None)
        return self.value(inner)

    def _sorts(self, kinds: list[type[Model]], otherwise: str | None) -> Shape:
        """Return the schema of a block whose `type` says which keys it has; `otherwise`: where it says none."""
        sorts = {_sort(kind): kind for kind in kinds} | dict(self._added.get(kinds[0], {}))
        said = [" ".join((kind.__doc__ or "").split()) for kind in sorts.values()]
        branches: list[Shape] = []
        for name, kind in sorts.items():
            asked: Shape = {"properties": {"type": {"const": name}}}
            asked |= {} if name == otherwise else {"required": ["type"]}
            branches.append({"if": asked, "then": self._define(kind)})
        named = {"title": "type", "enum": [*sorts], "markdownEnumDescriptions": said}
        made: Shape = {"type": "object", "properties": {"type": named}, "allOf": branches}
        return made if otherwise or self.partly else made | {"required": ["type"]}

    def _define(self, model: type[Model]) -> Shape:
        name = model.__name__
        if name not in self.defs:
            self.defs[name] = {}  # a model may stand within itself
            self.defs[name] = self.block(model)
        return {"$ref": f"#/$defs/{name}"}


def told(shape: Shape, title: str, meaning: str) -> Shape:
    """Return a schema with what an editor says of it; code in the meaning is shown as code where Markdown is read."""
    said: Shape = {"title": title, "description": meaning}
    if "`" in meaning:
        said["markdownDescription"] = meaning
    return said | ({"allOf": [shape]} if "$ref" in shape else shape)


@cache
def _hints(model: type[Model]) -> dict[str, Any]:
    return typing.get_type_hints(model, include_extras=True)


def _sort(model: type[Model]) -> str:
    [name] = typing.get_args(model.model_fields["type"].annotation)
    return str(name)


def _plain(hint: Any) -> Any:
    return typing.get_args(hint)[0] if typing.get_origin(hint) is typing.Annotated else hint


def _any(shapes: list[Shape]) -> Shape:
    branches = [branch for shape in shapes for branch in shape.get("anyOf", [shape])]
    return branches[0] if len(branches) == 1 else {"anyOf": branches}


def _or_nothing(shape: Shape) -> Shape:
    """Return a schema that takes a key with nothing behind it as well."""
    if not shape:
        return shape
    if "enum" in shape:
        return {**shape, "enum": [*shape["enum"], None]}
    if isinstance(shape.get("type"), str | list):
        kinds = [shape["type"]] if isinstance(shape["type"], str) else shape["type"]
        return {**shape, "type": [*kinds, "null"]}
    return _any([shape, {"type": "null"}])


def _limited(shape: Shape, info: FieldInfo) -> Shape:
    made = dict(shape)
    for limit in info.metadata:
        if isinstance(limit, Ge | Le):
            made["minimum" if isinstance(limit, Ge) else "maximum"] = limit.ge if isinstance(limit, Ge) else limit.le
        elif isinstance(limit, MinLen | MaxLen):
            number = limit.min_length if isinstance(limit, MinLen) else limit.max_length
            made = _sized(made, "min" if isinstance(limit, MinLen) else "max", number)
    return made


def _sized(shape: Shape, which: str, number: int) -> Shape:
    if "anyOf" in shape:  # one text stands for a list of one
        return {
            **shape,
            "anyOf": [_sized(each, which, number) if each.get("type") == "array" else each for each in shape["anyOf"]],
        }
    return {**shape, f"{which}{'Items' if shape.get('type') == 'array' else 'Length'}": number}
