"""Alone writes the reference of what a workspace can say, `mappings/README.md`, from the code's own declarations."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from exchange.assemble.reference_adding import ADDING
from exchange.assemble.reference_cases import CASES
from exchange.assemble.reference_keys import Key, flow_text, keys
from exchange.assemble.reference_markdown import filled, table
from exchange.assemble.reference_packed import PACKED
from exchange.assemble.reference_start import START
from exchange.config import cases, models
from exchange.config.values import Model
from exchange.documents.loader import Field, document, names
from exchange.kernel.catalogue import CATALOGUE, Entry
from exchange.kernel.exits import MEANING
from exchange.kernel.plural import unfilled
from exchange.kernel.table import Table
from exchange.mapping.spec import Example, Parameter, ParameterType, StepSpec
from exchange.mapping.steps import STEPS

PAGES = ("rules", "rejects", "guards")
"""Pages written by hand, in the folder `pages` beside this module, in this order."""
FILE = "mappings/README.md"
"""Where the reference lies, in the repository and in every workspace."""
FILES: dict[str, type[Model]] = {
    "mappings/exchange.yaml": models.Workspace,
    "mappings/flows/<flow>.yaml": models.Flow,
    "mappings/<partner>/<what>.yaml": models.Mapping,
    "mappings/schemas/<name>.yaml": models.TableSchema,
    "mappings/<partner>/<what>_test.yaml": cases.Cases,
    "mappings/flows/<flow>_test.yaml": cases.FlowCases,
}
"""Every YAML file that users edit, and the model that reads it."""
PARAMETERS: dict[ParameterType, str] = {
    "text": "text",
    "texts": "text or list of texts",
    "integer": "whole number",
    "number": "exact number",
    "flag": "`true` or `false`",
    "scalar": "text, whole number, `true` or `false`",
    "map": "lines `from: to`",
    "table": "name of a table",
    "column": "input column or earlier field",
    "unit": "unit, or a column or field that holds it",
}
"""What a step's parameter of each type looks like in a file."""
_PLACE = re.compile(r"\{(\w+)[^}]*\}")
_SCOPES = {
    "file": "Of a file: it is rejected whole (a warning is only reported)",
    "record": "Of a record: the document it belongs to is rejected",
    "document": "Of a document",
    "configuration": "Of the files of the workspace, told by `exchange check` (a warning stops nothing)",
}


def reference() -> str:
    """Return the whole reference as Markdown."""
    return "\n".join(
        [START, *_steps(), *_documents(), *_keys(), *_problems(), *_exits(), *map(_page, PAGES), PACKED, CASES, ADDING]
    )


def _keys() -> Iterator[str]:
    yield "## Keys of the YAML files\n"
    yield filled(
        "In a key, `[]` stands for each entry of a list and `<name>` for a name of your own. A key that is not listed "
        "is a mistake. Text that could be read as a number or a date needs quotes."
    )
    for file, model in FILES.items():
        yield f"### `{file}`\n"
        about = (model.__doc__ or "").partition(": ")[2]
        yield filled(about[:1].upper() + about[1:])
        yield table(("key", "value", "default", "meaning"), map(key_row, keys(model)))


def key_row(key: Key) -> tuple[str, ...]:
    """Return the line of a table of keys."""
    default = f"`{key.default}`" if key.default not in {"", "required"} else key.default
    return f"`{key.path}`", key.looks, default, key.meaning


def _documents() -> Iterator[str]:
    yield "## Documents\n"
    yield filled(
        "An inbound mapping fills a document's fields and lines; an outbound mapping reads them, and what the product "
        "sets beside them."
    )
    for name in names():
        kind = document(name)
        yield f"### `{name}`\n"
        yield filled(f"{kind.describes} Its key is `{kind.key}`.")
        for title, fields in (
            ("Fields", kind.fields),
            ("Lines", kind.lines),
            ("Fields set by the product", kind.computed_fields),
            ("Lines set by the product", kind.computed_lines),
        ):
            if fields:
                yield f"{title}:\n"
                yield table(("field", "type", "unit", "meaning"), map(_field, fields.values()))


def _field(field: Field) -> tuple[str, ...]:
    wanted = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in dataclasses.asdict(field.constraints).items()
        if value not in (None, False, ())
    }
    said = [field.description]
    if wanted:
        said.append(
            "; ".join("required" if value is True else f"{name} {flow_text(value)}" for name, value in wanted.items())
        )
    if field.pii:
        said.append(f"personal data ({field.pii})")
    return f"`{field.name}`", field.type, field.unit, ". ".join(said)


def _steps() -> Iterator[str]:
    yield "## Steps\n"
    yield filled(
        "Written `strip` or `{name: argument}`. An argument that is a mapping names the parameters; any other is the "
        "first parameter. A blank cell passes every step untouched unless the step says otherwise. The examples below "
        "are run as tests."
    )
    yield filled(", ".join(f"[{name}](#{name})" for name in STEPS))
    for spec in STEPS.values():
        yield from _step(spec)


def _step(spec: StepSpec) -> Iterator[str]:
    takes = {"one": "", "many": " Takes several inputs.", "none": " Takes no input."}[spec.takes]
    returns = {"same": "the kind it was given", "depends": "the kind of its value"}.get(spec.returns, spec.returns)
    yield f"### {spec.name}\n"
    accepted = "" if spec.takes == "none" else f"{' or '.join(sorted(spec.accepts))} -> "
    yield filled(f"{spec.summary}.{takes} ({accepted}{returns})")
    if spec.parameters:
        yield table(("parameter", "value", "default", "meaning"), map(_parameter, spec.parameters))
    yield table(("step", "in", "out"), (_example(spec.name, example) for example in spec.examples))


def _parameter(parameter: Parameter) -> tuple[str, ...]:
    default = "" if parameter.default is None else f"`{flow_text(parameter.default)}`"
    looks = " or ".join(f"`{choice}`" for choice in parameter.choices) or PARAMETERS[parameter.type]
    return f"`{parameter.name}`", looks, "required" if parameter.required else default, parameter.description


def _example(name: str, example: Example) -> tuple[str, ...]:
    step = name if example.argument is None else f"{{{name}: {flow_text(example.argument)}}}"
    given = ", ".join(map(_value, example.given)) or "nothing"
    if example.beside:
        given += "; " + ", ".join(f"{column} `{text}`" for column, text in example.beside.items())
    for beside in example.tables:
        given += f"; {beside.name}: {_lines(beside)}"
    return f"`{step}`", given, example.problem or _value(example.expected)


def _lines(held: Table) -> str:
    """Return a small table on one line."""
    rows = zip(*(held.rows[column].to_pylist() for column in held.columns), strict=True)
    return " / ".join(f"`{','.join(cell or '' for cell in row)}`" for row in [held.columns, *rows])


def _value(value: object) -> str:
    match value:
        case None:
            return "blank"
        case bool():
            return f"`{flow_text(value)}`"
        case str():
            return f"`{flow_text(value)}`" if value.isprintable() and value == value.strip() else f"`{value!r}`"
        case datetime():
            return f"`{value.isoformat()}`"
        case int() | Decimal():
            return f"`{value}`"
        case _:
            return f"`{value!r}`"


def _problems() -> Iterator[str]:
    yield "## Problem codes\n"
    for scope, said in _SCOPES.items():
        yield f"{said}:\n"
        entries = (entry for entry in CATALOGUE.values() if entry.scope == scope)
        yield table(("code", "meaning", "message", "what to do"), map(problem_row, entries))


def problem_row(entry: Entry) -> tuple[str, ...]:
    """Return the line of a table of problem codes."""
    warning = "" if entry.severity == "error" else f" ({entry.severity})"
    why = f". {entry.why}" if entry.why else ""
    return f"`{entry.code}`", entry.title + warning + why, _shape(entry.message), _shape(entry.remedy)


def _shape(template: str) -> str:
    """Return a message with `{name}` where a value is filled in."""
    return _PLACE.sub(r"{\1}", unfilled(template))


def _exits() -> Iterator[str]:
    yield "## Exit codes\n"
    yield table(("code", "meaning"), ((str(int(code)), meaning) for code, meaning in MEANING.items()))


def _page(name: str) -> str:
    return (Path(__file__).with_name("pages") / f"{name}.md").read_text(encoding="utf-8")
