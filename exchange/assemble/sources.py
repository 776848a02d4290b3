"""Reads everything one pick-up of a flow needs from the workspace: the picklable sources of its machine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from exchange import __version__
from exchange.config.formats import XmlFormat
from exchange.config.models import Delivery, Flow, Mapping, TableSchema
from exchange.config.tables import load_tables
from exchange.config.workspace import (
    load_mapping,
    load_schema,
    mapping_file,
    schema_file,
    table_file,
    table_names,
    template_file,
    xsd_file,
)
from exchange.kernel.table import Table

NEEDS_TABLE = {"to_unit": "packs"}
"""Step -> the table it reads where the mapping names none."""


@dataclass(frozen=True, slots=True)
class Outbound:
    """One delivery with its mapping."""

    delivery: Delivery
    mapping: Mapping
    template: str = ""
    """The template's text; empty where the format has none."""
    xsd: Path | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """What a machine is built from."""

    flow: Flow
    mapping: Mapping
    name: str
    """Name of the inbound mapping."""
    schema: TableSchema | None
    outbound: tuple[Outbound, ...]
    tables: dict[str, Table]
    version: str
    """Hash of every file that was read."""
    xsd: Path | None = None
    """What records of XML files are checked by; None where the mapping names nothing."""


def load_sources(root: Path, flow: Flow, pick_up: int) -> Sources:
    """Read the mapping of a pick-up, those of the deliveries, and all they name; raises ConfigurationError."""
    name = flow.pick_up[pick_up].mapping
    mapping = load_mapping(root, name)
    outbound = tuple(_outbound(root, delivery) for delivery in flow.deliver)
    used = sorted({*tables_of(mapping), *(table for out in outbound for table in tables_of(out.mapping))})
    tables = load_tables(root, [table for table in used if table in table_names(root)])
    schema = load_schema(root, mapping.schema_) if mapping.schema_ else None
    digest = hashlib.sha256(f"{__version__}\n{pick_up}\n{flow.model_dump_json()}\n".encode())
    for file in sorted(set(_files(mapping, name, outbound, list(tables)))):
        digest.update(f"{file}\n".encode() + (root / file).read_bytes())
    form = mapping.format
    xsd = root / xsd_file(form.schema_) if isinstance(form, XmlFormat) and form.schema_ else None
    return Sources(flow, mapping, name, schema, outbound, tables, digest.hexdigest(), xsd)


def _outbound(root: Path, delivery: Delivery) -> Outbound:
    mapping = load_mapping(root, delivery.mapping)
    if not isinstance(mapping.format, XmlFormat) or not mapping.format.template:
        return Outbound(delivery, mapping)
    template = (root / template_file(mapping.format.template)).read_text(encoding="utf-8")
    return Outbound(delivery, mapping, template, root / xsd_file(mapping.format.schema_))


def files_of_format(mapping: Mapping) -> Iterator[str]:
    """Yield the files that the mapping's `format:` names."""
    if isinstance(mapping.format, XmlFormat):
        if mapping.format.template:
            yield template_file(mapping.format.template)
        if mapping.format.schema_:
            yield xsd_file(mapping.format.schema_)


def tables_of(mapping: Mapping) -> Iterator[str]:
    """Yield every table that a step of the mapping names."""
    for field in [*mapping.fields.values(), *mapping.lines.values()]:
        parts = [part for part in (field.address or {}).values() if not isinstance(part, tuple)]
        for step in [*field.steps, *(step for part in parts for step in part.steps)]:
            if isinstance(step.argument, dict) and "table" in step.argument:
                yield str(step.argument["table"])
            elif step.name in NEEDS_TABLE:
                yield NEEDS_TABLE[step.name]


def _files(mapping: Mapping, name: str, outbound: tuple[Outbound, ...], tables: list[str]) -> Iterator[str]:
    yield mapping_file(name)
    if mapping.schema_:
        yield schema_file(mapping.schema_)
    for out in outbound:
        yield mapping_file(out.delivery.mapping)
        yield from files_of_format(out.mapping)
    yield from files_of_format(mapping)
    yield from (table_file(table) for table in tables)
