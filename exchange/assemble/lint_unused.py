"""The check of `exchange check` for what nothing uses: mappings, tables, schemas, templates, and columns of schemas."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exchange.assemble.lint_ways import arguments, steps_of
from exchange.assemble.sources import tables_of
from exchange.config import models
from exchange.config.as_of import AsOf
from exchange.config.extending import bases
from exchange.config.files import Files
from exchange.config.formats import XmlFormat
from exchange.config.mapping_references import source_columns
from exchange.config.workspace import mapping_file, schema_file, table_file, template_file, xsd_file
from exchange.kernel.errors import Mistake
from exchange.kernel.layout import columns_named
from exchange.mapping.library import sound_step
from exchange.rules.supply import PACKS

_LOCATION = re.compile(rb"""schemaLocation\s*=\s*["']([^"']*)["']""")
_NAMES_COLUMN = {"column", "unit"}


def unused(files: Files) -> Iterator[Mistake]:
    """Yield what no flow or mapping names.

    Nothing is said where a flow or mapping cannot be read, or names something that does not exist: it may be meant.
    """
    if any(flow.value is None for flow in files.flows):
        return
    yield from _mappings(files)
    mappings = [loaded.value for loaded in files.mappings.values() if loaded.value is not None]
    if len(mappings) == len(files.mappings):
        yield from _tables(files, mappings)
        yield from _schemas(files, mappings)
        yield from _templates(files, mappings)
        yield from _columns(files, mappings)


def _mappings(files: Files) -> Iterator[Mistake]:
    flows = [flow.value for flow in files.flows if flow.value is not None]
    named = {pick_up.mapping for flow in flows for pick_up in flow.pick_up}
    named |= {delivery.mapping for flow in flows for delivery in flow.deliver}
    extended = {file for name in files.mappings for file in bases(files.root, name)}
    for name, loaded in files.mappings.items():
        if (
            named <= set(files.mappings)
            and name not in named
            and mapping_file(name) not in extended
            and loaded.value is not None
        ):
            what, instead = "no flow names this mapping", "name it below `pick_up` or `deliver` of a flow, or remove it"
            yield Mistake(mapping_file(name), 0, 0, what, instead, "UNUSED_MAPPING")


def _tables(files: Files, mappings: list[models.Mapping]) -> Iterator[Mistake]:
    used = {table for mapping in mappings for table in tables_of(mapping)}
    rules = [flow.value.rules.bundles for flow in files.flows if flow.value is not None]
    used |= {table for bundles in rules if bundles is not None for table in bundles.tables()} & set(files.tables)
    picked = [each.computed for flow in files.flows if flow.value is not None for each in flow.value.pick_up]
    used |= {table for computed in picked if computed is not None for table in computed.tables()} & set(files.tables)
    if any(picked) or any(flow.value.rules.reserved for flow in files.flows if flow.value is not None):
        used |= {PACKS} & set(files.tables)  # stock is counted in base units
    texts = {text for flow in files.flows for text in _texts(flow.parsed.data)}
    for name in files.tables:
        if (
            used <= set(files.tables)
            and name not in used
            and not any(text.endswith(f"tables/{name}.csv") for text in texts)
        ):
            what, instead = "no mapping looks anything up in this table", "use it in a step `lookup`, or remove it"
            yield Mistake(table_file(name), 0, 0, what, instead, "UNUSED_TABLE")


def _texts(data: object) -> Iterator[str]:
    if isinstance(data, dict | list):
        for value in data.values() if isinstance(data, dict) else data:
            yield from _texts(value)
    elif isinstance(data, str):
        yield data


def _schemas(files: Files, mappings: list[models.Mapping]) -> Iterator[Mistake]:
    used = {mapping.schema_ for mapping in mappings if mapping.schema_}
    for name in files.schemas:
        if used <= set(files.schemas) and name not in used:
            what, instead = "no mapping names this schema", "name it with `schema:` in a mapping, or remove it"
            yield Mistake(schema_file(name), 0, 0, what, instead, "UNUSED_SCHEMA")
    reached = {mapping.format.schema_ for mapping in mappings if isinstance(mapping.format, XmlFormat)} - {""}
    left = list(reached)
    while left:
        new = set(_included(files, left.pop())) - reached
        reached |= new
        left += new
    for name in files.xsds:
        if reached <= set(files.xsds) and name not in reached:
            what, instead = "no mapping names this XSD", "name it with `schema:` below `format`, or remove it"
            yield Mistake(xsd_file(name), 0, 0, what, instead, "UNUSED_SCHEMA")


def _included(files: Files, name: str) -> Iterator[str]:
    """Yield the XSDs that one includes or imports; only file names are compared, folders may be written in any way."""
    path = files.root / xsd_file(name)
    if name not in files.xsds:
        return
    ends = {
        part.decode(errors="replace").rpartition("/")[2]
        for said in _LOCATION.findall(path.read_bytes())
        for part in said.split()
    }
    yield from (other for other in files.xsds if other.rpartition("/")[2] in ends)


def _templates(files: Files, mappings: list[models.Mapping]) -> Iterator[Mistake]:
    used = {mapping.format.template for mapping in mappings if isinstance(mapping.format, XmlFormat)} - {""}
    for name in files.templates:
        if used <= set(files.templates) and name not in used:
            what, instead = "no mapping renders this template", "name it with `template:` below `format`, or remove it"
            yield Mistake(template_file(name), 0, 0, what, instead, "UNUSED_TEMPLATE")


def _columns(files: Files, mappings: list[models.Mapping]) -> Iterator[Mistake]:
    for name, schema in files.schemas.items():
        readers = [mapping for mapping in mappings if mapping.schema_ == name]
        if schema.value is None or not readers:
            continue
        known = [field.name for field in schema.value.fields]
        used = {column for mapping in readers for column in _read(mapping, known)} | _ages(files)
        for number, column in enumerate(known):
            if column not in used:
                what, instead = f"no mapping reads column {column!r}", "nothing to do where it is not needed"
                yield schema.mistake(("fields", number, "name"), what, instead, key=False, code="UNUSED_COLUMN")


def _ages(files: Files) -> set[str]:
    """Return the columns that say how old documents are."""
    said = [pick_up.as_of for flow in files.flows if flow.value is not None for pick_up in flow.value.pick_up]
    return {as_of.column for as_of in said if isinstance(as_of, AsOf)}


def _read(mapping: models.Mapping, known: list[str]) -> Iterator[str]:
    """Yield the columns of the file that a mapping reads."""
    yield from (column for _, column in source_columns(mapping))
    if mapping.group is not None:
        yield from (mapping.group.key, *mapping.group.starts)
    for how in mapping.explode.values():
        for column in how.columns:
            yield from columns_named(known, [column])
    for _, calls in steps_of(mapping):
        for call in calls:
            spec, said = sound_step(call.name), arguments(call)
            for parameter in spec.parameters if spec else ():
                if parameter.type in _NAMES_COLUMN and isinstance(said.get(parameter.name), str):
                    yield str(said[parameter.name])
