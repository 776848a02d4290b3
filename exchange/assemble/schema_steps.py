"""The JSON Schema of `steps:`, made from what each step declares: its names, parameters, choices and examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from exchange.assemble.reference_keys import flow_text
from exchange.config.meanings import Shape
from exchange.mapping.spec import Example, Parameter, ParameterType, StepSpec

_TEXT: Shape = {"type": "string"}
_SHAPES: dict[ParameterType, Shape] = {
    "text": _TEXT,
    "texts": {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]},
    "integer": {"type": "integer"},
    "number": {"type": ["integer", "string"], "pattern": r"^[+-]?[0-9]+(\.[0-9]+)?$"},
    "flag": {"type": "boolean"},
    "scalar": {"type": ["string", "integer", "boolean"]},
    "map": {"type": "object", "additionalProperties": _TEXT, "minProperties": 1},
    "table": _TEXT,
    "column": _TEXT,
    "unit": {
        "anyOf": [
            _TEXT,
            {
                "type": "object",
                "properties": {"literal": _TEXT},
                "required": ["literal"],
                "additionalProperties": False,
            },
        ]
    },
}
"""What a parameter of each type can be."""
_IN_TABLE = {("lookup", "key"), ("lookup", "value")}
"""Parameters that name columns of the table that their step names."""


@dataclass(frozen=True, slots=True)
class Named:
    """What steps can name in a workspace."""

    tables: Mapping[str, Iterable[str]] = field(default_factory=dict)
    """Table -> its columns."""
    columns: Shape = field(default_factory=lambda: dict(_TEXT))
    """What a column or an earlier field can be called."""


def step_schema(steps: Iterable[StepSpec], named: Named) -> dict[str, Shape]:
    """Return the definitions of `Step`, one entry of `steps:`."""
    known = list(steps)
    bare = [spec for spec in known if not any(parameter.required for parameter in spec.parameters)]
    plain: Shape = {
        "enum": [spec.name for spec in bare],
        "markdownEnumDescriptions": [_shortly(spec) for spec in bare],
    }
    called: Shape = {
        "properties": {spec.name: _call(spec, named) for spec in known},
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
    }
    return {"Step": {"title": "step", **_keyed_or(called, plain)}}


def _call(spec: StepSpec, named: Named) -> Shape:
    made: Shape = {"title": spec.name, "description": f"{spec.summary}.", "markdownDescription": _about(spec)}
    if not spec.parameters:
        return made | {"type": "null"}
    first, needed = spec.parameters[0], [each.name for each in spec.parameters if each.required]
    keyed: Shape = {
        "type": "object",
        "properties": {each.name: _parameter(spec, each, named) for each in spec.parameters},
        "additionalProperties": False,
    }
    keyed |= {"required": needed} if needed else {}
    keyed |= _columns_of_tables(spec, named)
    if first.type == "map":
        asked = {"required": [first.name], "properties": {first.name: {"type": "object"}}}
        return made | {"if": asked, "then": keyed, "else": _shape(first, named)}
    if not set(needed) <= {first.name}:
        return made | keyed
    bare = _shape(first, named)
    return made | _keyed_or(keyed, bare if needed else {"anyOf": [bare, {"type": "null"}]})


def _keyed_or(keyed: Shape, bare: Shape) -> Shape:
    """Return the schema of either form; a mistake in one of them is told as that of this form alone."""
    return {"if": {"type": "object"}, "then": keyed, "else": bare}


def _parameter(spec: StepSpec, parameter: Parameter, named: Named) -> Shape:
    made: Shape = {"title": f"{spec.name}: {parameter.name}", "description": f"{parameter.description}."}
    made |= _shape(parameter, named)
    examples = list(_examples(spec, parameter))
    if examples and "enum" not in made:
        made["examples"] = examples[:3]
    if parameter.default is not None:
        made["default"] = parameter.default
    return made


def _shape(parameter: Parameter, named: Named) -> Shape:
    if parameter.choices:
        return {"enum": list(parameter.choices)}
    if parameter.type == "table" and named.tables:
        return {"enum": sorted(named.tables)}
    return dict(named.columns if parameter.type == "column" else _SHAPES[parameter.type])


def _columns_of_tables(spec: StepSpec, named: Named) -> Shape:
    """Return which columns the parameters can name, for each table that can be named."""
    naming = [each for each in spec.parameters if (spec.name, each.name) in _IN_TABLE]
    tables = [each.name for each in spec.parameters if each.type == "table"]
    if not naming or not tables or not named.tables:
        return {}
    return {
        "allOf": [
            {
                "if": {"properties": {tables[0]: {"const": table}}, "required": tables[:1]},
                "then": {"properties": {each.name: _one_or_list(each, columns) for each in naming}},
            }
            for table, columns in sorted(named.tables.items())
        ]
    }


def _one_or_list(parameter: Parameter, columns: Iterable[str]) -> Shape:
    one: Shape = {"enum": list(columns)}
    return {"anyOf": [one, {"type": "array", "items": one}]} if parameter.type == "texts" else one


def _examples(spec: StepSpec, parameter: Parameter) -> list[Any]:
    seen: list[Any] = []
    for example in spec.examples:
        given = example.argument
        keyed = isinstance(given, Mapping) and parameter.name in given
        value = given[parameter.name] if keyed and isinstance(given, Mapping) else given
        bare = parameter is spec.parameters[0] and not isinstance(given, Mapping)
        if (keyed or bare) and value is not None and value not in seen:
            seen.append(list(value) if isinstance(value, tuple) else value)
    return seen


def _about(spec: StepSpec) -> str:
    """Return what a step does, with its first examples, in Markdown."""
    shown = "".join(f"\n- {_shown(spec, example)}" for example in spec.examples[:3])
    return f"{spec.summary}.\n{shown}"


def _shortly(spec: StepSpec) -> str:
    first = next(iter(spec.examples), None)
    return f"{spec.summary}." + ("" if first is None else f" {_shown(spec, first)}")


def _shown(spec: StepSpec, example: Example) -> str:
    step = spec.name if example.argument is None else f"{{{spec.name}: {flow_text(example.argument)}}}"
    given = ", ".join(_value(value) for value in example.given) or "nothing"
    return f"`{step}`: {given} becomes {example.problem or _value(example.expected)}"


def _value(value: object) -> str:
    return "blank" if value is None else f"`{value}`"
