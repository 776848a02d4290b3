"""Alone knows which names exist in a workspace, and at which key of a YAML file each kind of name can stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from exchange.config import cases, models
from exchange.config.explode import Explode
from exchange.config.files import Files
from exchange.config.formats import XmlFormat
from exchange.config.jsonschema import Fills
from exchange.config.meanings import Shape
from exchange.config.rules import Release, Rules
from exchange.config.tables import load_table
from exchange.documents.loader import Document, document, names
from exchange.kernel.catalogue import CATALOGUE

TEXT: Shape = {"type": "string"}
NO_SUCH = "there is no such {}"
_NEW = "this workspace has no such {}; where it is new: exchange schema export"


@dataclass(frozen=True, slots=True)
class Known:
    """The names of a workspace, each with what an editor says of it."""

    endpoints: Mapping[str, str]
    reading: Mapping[str, str]
    """Inbound mappings."""
    writing: Mapping[str, str]
    """Outbound mappings."""
    schemas: Mapping[str, str]
    """Table schemas."""
    tables: Mapping[str, tuple[str, ...]]
    """Table -> its columns."""
    xsds: tuple[str, ...]
    templates: tuple[str, ...]


def known_in(files: Files) -> Known:
    """Return the names that the files of a workspace give; a file that is wrong gives what can be read of it."""
    written = files.settings.parsed.data
    places = written.get("endpoints") if isinstance(written, dict) else None
    loaded = {name: load_table(files.root, name)[0] for name in files.tables}
    return Known(
        endpoints={name: _place(value) for name, value in places.items()} if isinstance(places, dict) else {},
        reading={name: each for name in files.mappings if (each := _does(files, name, "reads"))},
        writing={name: each for name in files.mappings if (each := _does(files, name, "writes"))},
        schemas={name: each.value.title if each.value else "" for name, each in files.schemas.items()},
        tables={name: table.columns for name, table in loaded.items() if table is not None},
        xsds=tuple(files.xsds),
        templates=tuple(files.templates),
    )


def fills(known: Known) -> Fills:
    """Return what each key that names something can be, in any file of the workspace."""
    kinds = [document(name) for name in names()]
    written = {kind.name: kind.describes for kind in kinds}
    header = {name: field.description for kind in kinds for name, field in kind.fields.items()}
    lines = {name: field.description for kind in kinds for name, field in kind.lines.items()}
    codes = {entry.code: entry.title for entry in CATALOGUE.values()}
    endpoint, reading = one_of(known.endpoints, "endpoint"), one_of(known.reading, "inbound mapping")
    return {
        (models.PickUp, "from_"): endpoint,
        (models.PickUp, "mapping"): reading,
        (models.Delivery, "to"): endpoint,
        (models.Delivery, "mapping"): one_of(known.writing, "outbound mapping"),
        (models.Delivery, "file_per"): one_of({**header, "warehouse": lines["warehouse"]}, "field", NO_SUCH),
        (Release, "when"): _conditions(kinds, "fields"),
        (Release, "filter"): _conditions(kinds, "fields"),
        (Rules, "filter_lines"): _conditions(kinds, "lines"),
        (models.Mapping, "extends"): one_of({"": "", **known.reading, **known.writing}, "mapping"),
        (models.Mapping, "reads"): one_of(written, "document", NO_SUCH),
        (models.Mapping, "writes"): one_of(written, "document", NO_SUCH),
        (models.Mapping, "schema_"): one_of(known.schemas, "table schema"),
        (XmlFormat, "schema_"): one_of(dict.fromkeys(["", *known.xsds], ""), "XSD"),
        (XmlFormat, "template"): one_of(dict.fromkeys(["", *known.templates], ""), "template"),
        (cases.Given, "through"): one_of({"": "", **known.reading}, "inbound mapping"),
        (cases.ExpectedProblem, "code"): one_of(codes, "problem code", NO_SUCH),
    }


COLUMN: Shape = {"$ref": "#/$defs/Column"}
"""Where a column of the file is named; `$defs/Column` lists them, for one mapping."""
COLUMN_FILLS: Fills = {
    (models.FieldMap, "from_"): {"$ref": "#/$defs/Source"},
    (models.Group, "key"): COLUMN,
    (models.Group, "starts"): COLUMN,
    (Explode, "columns"): {"anyOf": [COLUMN, {"type": "string", "pattern": "[*]"}]},
}
"""What the keys of one inbound mapping can be that name columns of its file."""


def column_defs(columns: Mapping[str, str], packed: Iterable[str], fields: Mapping[str, str]) -> dict[str, Shape]:
    """Return what `COLUMN_FILLS` refer to: columns, those and values of packed cells, those and fields."""
    beside = one_of({**columns, **fields}, "column or field")
    return {
        "Column": one_of(columns, "column in its table schema"),
        "Source": _or_packed(COLUMN, packed),
        "Beside": _or_packed(beside, packed),
    }


def one_of(listed: Mapping[str, str], what: str, otherwise: str = _NEW) -> Shape:
    """Return the schema of one of these names; any text where there are none to choose from."""
    if not listed:
        return dict(TEXT)
    made: Shape = {"enum": [*listed], "errorMessage": otherwise.format(what)}
    return made | ({"markdownEnumDescriptions": [*listed.values()]} if any(listed.values()) else {})


def _or_packed(one: Shape, packed: Iterable[str]) -> Shape:
    """Return the schema of a column that may also be a value of packed cells."""
    names = "|".join(
        "".join(each if each.isalnum() or each in "_ " else f"[{each}]" for each in name) for name in packed
    )
    return {"anyOf": [one, {"type": "string", "pattern": f"^(?:{names})[.]."}]} if names else one


def _conditions(kinds: Iterable[Document], level: str) -> Shape:
    """Return the schema of `<field>: values`, the values of a field with an enumeration listed."""
    properties: dict[str, Shape] = {}
    for kind in kinds:
        for name, field in getattr(kind, level).items():
            allowed = field.constraints.enum
            before = properties.get(name, {}).get("anyOf", [{}])[0].get("enum", [])
            one: Shape = {"enum": [*dict.fromkeys([*before, *allowed])]} if allowed else dict(TEXT)
            listed = {"type": "array", "items": one}
            properties[name] = {"title": name, "description": field.description, "anyOf": [one, listed]}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _place(value: object) -> str:
    plain = value if isinstance(value, dict) else {}
    return f"{plain.get('type', 'local')}: {plain.get('host', plain.get('path', ''))}"


def _does(files: Files, name: str, verb: str) -> str:
    """Return what a mapping does in that direction, blank for the other; one that is wrong may do either."""
    value = files.mappings[name].value
    if value is None:
        return "a file with mistakes"
    done = getattr(value, verb)
    return f"{verb} {done} ({value.format.type})" if done else ""
