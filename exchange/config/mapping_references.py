"""Alone finds what mappings and table schemas say that other files or documents do not bear out."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping

from exchange.config.files import Files
from exchange.config.fixed_references import fixed_mistakes
from exchange.config.formats import CsvFormat, FixedFormat, XmlFormat
from exchange.config.loader import Loaded
from exchange.config.models import FieldMap, TableSchema
from exchange.config.models import Mapping as MappingModel
from exchange.config.suggest import suggest
from exchange.config.xml_references import xml_mistakes
from exchange.config.yamltext import Path
from exchange.documents.loader import names
from exchange.kernel.errors import Mistake
from exchange.kernel.layout import columns_named

_DOCUMENT, _COLUMN = "UNKNOWN_DOCUMENT", "UNKNOWN_COLUMN"
_ONLY_READING = {"schema_": "schema", "group": "group", "explode": "explode"}
_ONLY_WRITING = {"per": "per", "requires": "requires", "columns": "columns", "totals": "totals"}


def mapping_mistakes(files: Files) -> Iterator[Mistake]:
    """Return the reference mistakes of all mappings and table schemas."""
    for loaded in files.mappings.values():
        if loaded.value is None:
            continue
        yield from _direction(loaded, loaded.value)
        yield from _format(loaded, loaded.value, files)
        if loaded.value.reads is not None:
            yield from _source_columns(loaded, loaded.value, files)
        else:
            yield from _written_columns(loaded, loaded.value)
    for schema in files.schemas.values():
        if schema.value is not None:
            yield from _schema(schema, schema.value)


def source_columns(mapping: MappingModel) -> Iterator[tuple[Path, str]]:
    """Return every column that a mapping's fields are filled from, with the YAML path where it is named."""
    for level, fields in (("fields", mapping.fields), ("lines", mapping.lines)):
        for name, field in fields.items():
            yield from _field_columns((level, name), field)


def _field_columns(path: Path, field: FieldMap) -> Iterator[tuple[Path, str]]:
    yield from _each((*path, "from"), field.from_)
    for part, source in (field.address or {}).items():
        inner = (*path, "address", part)
        if isinstance(source, FieldMap):
            yield from _field_columns(inner, source)
        else:
            yield from _each(inner, source)


def _each(path: Path, listed: Iterable[str]) -> Iterator[tuple[Path, str]]:
    yield from (((*path, number), name) for number, name in enumerate(listed))


def _direction(loaded: Loaded[MappingModel], mapping: MappingModel) -> Iterator[Mistake]:
    key, name = ("reads", mapping.reads) if mapping.reads is not None else ("writes", mapping.writes)
    if name not in names():
        what = f"unknown document {name!r}"
        yield loaded.mistake((key,), what, suggest(str(name), names()), key=False, code=_DOCUMENT)
    foreign, verb = (_ONLY_WRITING, "writes") if key == "reads" else (_ONLY_READING, "reads")
    for attribute, written in foreign.items():
        if attribute in mapping.model_fields_set:
            what = f"{written!r} belongs into a mapping that {verb}, this one {key}"
            yield loaded.mistake((written,), what, "remove it", code="KEY_MISPLACED")


def _format(loaded: Loaded[MappingModel], mapping: MappingModel, files: Files) -> Iterator[Mistake]:
    form = mapping.format
    if isinstance(form, CsvFormat):
        yield from _encoding(loaded, form)
    if mapping.totals and not isinstance(form, XmlFormat):
        what = f"files of type {form.type} have no header or footer that could tell a total"
        yield loaded.mistake(("totals",), what, "remove it", code="KEY_MISPLACED")
    if isinstance(form, FixedFormat):
        used = _in_file(source_columns(mapping), mapping)
        key = [(("group", "key"), mapping.group.key)] if mapping.group is not None else []
        yield from fixed_mistakes(loaded, mapping, form, [*used, *key])
    if isinstance(form, XmlFormat):
        named = _in_file(source_columns(mapping), mapping) if mapping.reads is not None else []
        key = [(("group", "key"), mapping.group.key)] if mapping.group is not None else []
        packed = [
            at for name, how in mapping.explode.items() for at in _each(("explode", name, "columns"), how.columns)
        ]
        yield from xml_mistakes(loaded, mapping, form, files, [*named, *key, *packed])


def _encoding(loaded: Loaded[MappingModel], form: CsvFormat) -> Iterator[Mistake]:
    try:
        codecs.lookup(form.encoding)
    except LookupError:
        what = f"unknown encoding {form.encoding!r}"
        known = ["utf-8", "iso-8859-1", "iso-8859-15", "cp1252", "cp850", "utf-16", "shift_jis"]
        instead = suggest(form.encoding, known)
        yield loaded.mistake(("format", "encoding"), what, instead, key=False, code="INVALID_VALUE")


# --- columns ------------------------------------------------------------------------------------------------------
def _source_columns(loaded: Loaded[MappingModel], mapping: MappingModel, files: Files) -> Iterator[Mistake]:
    if mapping.schema_ is None:
        return
    schema = files.schemas.get(mapping.schema_)
    if schema is None:
        what = f"unknown table schema {mapping.schema_!r}"
        instead = suggest(mapping.schema_, files.schemas)
        yield loaded.mistake(("schema",), what, instead, key=False, code="UNKNOWN_SCHEMA")
        return
    if schema.value is None:
        return
    known = [field.name for field in schema.value.fields]
    used = _in_file(source_columns(mapping), mapping)
    if mapping.group is not None:
        used.append((("group", "key"), mapping.group.key))
        used += _each(("group", "starts"), mapping.group.starts)
    for name, how in mapping.explode.items():
        packed = _each(("explode", name, "columns"), how.columns)
        used += [(path, column) for path, column in packed if not any(columns_named(known, [column]))]
    for path, name in used:
        if name not in known:
            what = f"column {name!r} is not in {schema.file}"
            yield loaded.mistake(_written(loaded, path), what, suggest(name, known), key=False, code=_COLUMN)


def _in_file(named: Iterable[tuple[Path, str]], mapping: MappingModel) -> list[tuple[Path, str]]:
    """Return those columns that stand in the file: packed values do not."""
    return [place for place in named if place[1].partition(".")[0] not in mapping.explode]


def _written(loaded: Loaded[MappingModel], path: Path) -> Path:
    """Return the path of the value: a list of one may be written without the list."""
    return path if path in loaded.parsed.values else path[:-1]


def _written_columns(loaded: Loaded[MappingModel], mapping: MappingModel) -> Iterator[Mistake]:
    filled = [*_output_names(mapping.fields), *_output_names(mapping.lines)]
    for number, name in enumerate(mapping.columns):
        path = ("columns", number)
        if name not in filled:
            what = f"column {name!r} is filled by no field"
            yield loaded.mistake(path, what, suggest(name, filled), key=False, code=_COLUMN)
        elif name in mapping.columns[:number]:
            what = f"column {name!r} is listed twice"
            yield loaded.mistake(path, what, "remove one of them", key=False, code="FILLED_TWICE")


def _output_names(fields: Mapping[str, FieldMap]) -> Iterator[str]:
    for name, field in fields.items():
        if field.address is None:
            yield name
        else:
            yield from (f"{name}.{part}" for part in field.address)


# --- table schemas ------------------------------------------------------------------------------------------------
def _schema(loaded: Loaded[TableSchema], schema: TableSchema) -> Iterator[Mistake]:
    seen: set[str] = set()
    for number, field in enumerate(schema.fields):
        path = ("fields", number)
        if field.name in seen:
            what = f"column {field.name!r} occurs twice"
            yield loaded.mistake((*path, "name"), what, "remove one of them", key=False, code="COLUMN_TWICE")
        seen.add(field.name)
        yield from _pattern(loaded, (*path, "constraints", "pattern"), field.constraints.pattern)


def _pattern(loaded: Loaded[TableSchema], path: Path, pattern: str | None) -> Iterator[Mistake]:
    if pattern is None:
        return
    try:
        re.compile(pattern)
    except re.error as fault:
        what = f"{pattern!r} is not a regular expression: {fault}"
        yield loaded.mistake(path, what, "correct it", key=False, code="SCHEMA_REFUSED")
