"""Alone knows which JSON Schema belongs to which YAML file of a workspace, and makes all of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from exchange.assemble.schema_names import COLUMN_FILLS, NO_SUCH, TEXT, Known, column_defs, fills, known_in, one_of
from exchange.assemble.schema_steps import Named, step_schema
from exchange.config import cases, models
from exchange.config.endpoints import EndpointType, LocalEndpoint
from exchange.config.files import Files, read_files
from exchange.config.formats import CsvFormat, FormatType
from exchange.config.jsonschema import Added, Fills, Shapes, told
from exchange.config.meanings import Shape
from exchange.config.modelines import FOLDER, own_schema
from exchange.config.values import Model
from exchange.documents.loader import Document, Field, document, names
from exchange.kernel.plugins import ENDPOINTS, FORMATS, PluginError, added, made
from exchange.mapping.library import step, step_names
from exchange.mapping.spec import StepSpec

_MODELS: dict[str, type[Model]] = {
    "exchange": models.Workspace,
    "flow": models.Flow,
    "mapping": models.Mapping,
    "schema": models.TableSchema,
    "cases": cases.Cases,
    "flow_cases": cases.FlowCases,
}
"""Name of a schema -> the model that reads such files."""
T = TypeVar("T")
Ways = Iterable[tuple[str, Document]]
"""(`reads` or `writes`, document)."""


def schemas_of(root: Path) -> dict[str, str]:
    """Return every JSON Schema of a workspace: path relative to it -> text, the same for the same files."""
    files = read_files(root)
    known, more, steps = known_in(files), _added(), _steps()
    schemas = {
        f"{FOLDER}/{name}.json": _plain(model, known, more) for name, model in _MODELS.items() if name != "mapping"
    }
    every = [(way, document(name)) for way in ("reads", "writes") for name in names()]
    schemas[f"{FOLDER}/mapping.json"] = _mapping(every, _Own(), known, more, steps)
    for name, loaded in files.mappings.items():
        if (value := loaded.value) is None:
            continue
        way = [(way, kind) for way, kind in every if getattr(value, way) == kind.name]
        own = _Own(_columns(files, value), tuple(value.explode), partly=bool(value.extends))
        schemas[own_schema(name)] = _mapping(way or every, own, known, more, steps)
    return {path: _text(schema) for path, schema in schemas.items()}


def _text(schema: Shape) -> str:
    """Return JSON with a line for each definition: a change is seen where it is, and it is written in no time."""
    defs = schema.get("$defs", {})
    lines = [f"{_dumped(key)}: {_dumped(value)}" for key, value in schema.items() if key != "$defs"]
    inner = ",\n".join(f"{_dumped(name)}: {_dumped(shape)}" for name, shape in defs.items())
    return "{\n" + ",\n".join([*lines, f'"$defs": {{\n{inner}\n}}']) + "\n}\n"


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _plain(model: type[Model], known: Known, more: Added) -> Shape:
    return Shapes(fills(known), {}, more).whole(model)


# --- mappings -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Own:
    """What the schema of one mapping knows that no other does."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """Columns of its file, where a table schema lists them, with what each holds."""
    packed: tuple[str, ...] = ()
    """Names below `explode`."""
    partly: bool = False
    """It goes on from another mapping."""


def _mapping(ways: Ways, own: _Own, known: Known, more: Added, steps: list[StepSpec]) -> Shape:
    """Return the schema of mappings that do one of `ways`."""
    kinds = list(ways)
    fields = {name: each.description for way, kind in kinds for name, each in _named(way, kind).items()}
    told_of: Fills = {**fills(known), **(COLUMN_FILLS if own.columns else {})}
    beside: Shape = {"$ref": "#/$defs/Beside"} if own.columns else dict(TEXT)
    defs = {
        **(column_defs(own.columns, own.packed, fields) if own.columns else {}),
        **step_schema(steps, Named(known.tables, beside)),
    }
    block: Shape = {"type": ["object", "null"]} if own.partly else {"type": "object"}
    levels: Fills = {(models.Mapping, "fields"): block, (models.Mapping, "lines"): block}
    shapes = Shapes({**told_of, **levels}, defs, more, partly=own.partly)
    made = shapes.whole(models.Mapping)
    needed = made.pop("required", [])
    made["allOf"] = [_way(way, kind, shapes, told_of, partly=own.partly) for way, kind in kinds]
    return made | {"if": {"required": ["extends"]}, "else": {"required": needed}} if needed else made


def _named(way: str, kind: Document) -> dict[str, Field]:
    if way == "reads":
        return {**kind.fields, **kind.lines}
    return {**kind.readable_fields, **kind.readable_lines}


def _way(way: str, kind: Document, shapes: Shapes, told_of: Fills, *, partly: bool) -> Shape:
    then = _reading(kind, shapes, told_of) if way == "reads" else _writing(kind, shapes, told_of)
    if partly:  # which way it is may be said by the mapping that it goes on from
        return {"properties": then}
    return {"if": {"properties": {way: {"const": kind.name}}, "required": [way]}, "then": {"properties": then}}


def _reading(kind: Document, shapes: Shapes, told_of: Fills) -> dict[str, Shape]:
    made = {}
    for level, fields in (("fields", kind.fields), ("lines", kind.lines)):
        field_map = _define(shapes, "FieldMap", told_of)
        one = _or_gone(field_map, shapes)
        properties = {name: told(one, name, _said(each)) for name, each in fields.items()}
        for prefix in dict.fromkeys(name.partition(".")[0] for name in fields if "." in name):
            parts = {name.partition(".")[2]: each for name, each in fields.items() if name.startswith(f"{prefix}.")}
            own: Fills = {**told_of, (models.FieldMap, "address"): _address(parts, told_of, one)}
            made_of = _define(shapes, f"Address_{kind.name}_{prefix}", own)
            properties[prefix] = told(
                _or_gone(made_of, shapes), prefix, "An address: `address:` names the column of each of its parts."
            )
        made[level] = {"properties": properties, "additionalProperties": False}
    return made


def _address(parts: Mapping[str, Field], told_of: Fills, field_map: Shape) -> Shape:
    column = told_of.get((models.FieldMap, "from_"), {"type": "string"})
    way = {"anyOf": [column, {"type": "array", "items": column}, *field_map.get("anyOf", [field_map])]}
    properties = {part: told(way, part, _said(each)) for part, each in parts.items()}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _writing(kind: Document, shapes: Shapes, told_of: Fills) -> dict[str, Shape]:
    made = {}
    for level, fields in (("fields", kind.readable_fields), ("lines", kind.readable_lines)):
        listed = {name: _said(each) for name, each in fields.items()}
        one = one_of(listed, f"field of {kind.name} among its {level}", NO_SUCH)
        own: Fills = {**told_of, (models.FieldMap, "from_"): one}
        ref = _define(shapes, f"FieldMap_{kind.name}_{level}", own)
        made[level] = {"additionalProperties": _or_gone(ref, shapes)}
    return made


def _define(shapes: Shapes, name: str, told_of: Fills) -> Shape:
    """Return a reference to what a field can be, by other fills than the rest of the file."""
    if name not in shapes.defs:
        inner = Shapes(told_of, {**shapes.defs, name: {}}, {}, partly=shapes.partly)
        shapes.defs[name] = inner.block(models.FieldMap)
        shapes.defs.update({other: shape for other, shape in inner.defs.items() if other not in shapes.defs})
    return {"$ref": f"#/$defs/{name}"}


def _or_gone(shape: Shape, shapes: Shapes) -> Shape:
    """Return a schema that also takes nothing, where that takes away what the extended mapping has."""
    return {"anyOf": [shape, {"type": "null"}]} if shapes.partly else shape


def _said(named: Field) -> str:
    wanted = "required" if named.constraints.required else ""
    listed = ", ".join(f"`{value}`" for value in named.constraints.enum)
    parts = (named.description, named.type, named.unit, wanted, listed and f"one of {listed}")
    return ". ".join(part for part in parts if part)


def _columns(files: Files, mapping: models.Mapping) -> dict[str, str]:
    """Return the columns of an inbound mapping's file, as its table schema lists them."""
    schema = files.schemas.get(mapping.schema_ or "") if mapping.reads else None
    if schema is None or schema.value is None:
        return {}
    return {
        each.name: each.description + (f", for example `{each.example}`" if each.example else "")
        for each in schema.value.fields
    }


# --- what other distributions add; what is broken is left out: `exchange check` names it where it is used --------
def _steps() -> list[StepSpec]:
    return [found for name in step_names() if (found := _sound(partial(step, name))) is not None]


def _added() -> Added:
    endpoints = {entry.name: _sound(partial(made, entry, EndpointType)) for entry in added(ENDPOINTS)}
    formats = {entry.name: _sound(partial(made, entry, FormatType)) for entry in added(FORMATS)}
    return {
        LocalEndpoint: {name: found.model for name, found in endpoints.items() if found is not None},
        CsvFormat: {name: found.model for name, found in formats.items() if found is not None},
    }


def _sound(make: Callable[[], T]) -> T | None:
    try:
        return make()
    except PluginError:
        return None
