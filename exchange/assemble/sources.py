"""Reads everything one pick-up of a flow needs from the workspace: the picklable sources of its machine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from dataclasses import field as also
from pathlib import Path

from exchange import __version__
from exchange.assemble.pilot import load_pilot
from exchange.config.extending import bases
from exchange.config.formats import TYPES as FORMAT_TYPES
from exchange.config.formats import XmlFormat
from exchange.config.locating import FLOWS
from exchange.config.models import Delivery, Flow, Mapping, StepCall, TableSchema
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
from exchange.kernel.plugins import FORMATS, added
from exchange.kernel.plugins import STEPS as STEP_GROUP
from exchange.kernel.table import Table
from exchange.mapping.steps import STEPS
from exchange.rules.only import Pilot
from exchange.rules.supply import PACKS

VERSION = 12
"""Characters of a file's sha256 that tell its versions apart."""
NEEDS_TABLE = {"to_unit": "packs", "packed_unit": "packs"}
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
    pilot: Pilot | None = None
    """What `only:` of the flow lets through; None where it lets everything through."""
    files: dict[str, str] = also(default_factory=dict)
    """File of the workspace -> the start of its sha256."""
    pick_up: int = 0
    """Which pick-up of the flow it is."""


def load_sources(root: Path, flow: Flow, pick_up: int) -> Sources:
    """Read the mapping of a pick-up, those of the deliveries, and all they name; raises ConfigurationError."""
    name = flow.pick_up[pick_up].mapping
    mapping = load_mapping(root, name)
    kind = mapping.reads or mapping.writes  # A case that gives documents starts from the outbound mapping itself.
    outbound = tuple(out for each in flow.deliver if (out := _outbound(root, each)).mapping.writes == kind)
    used = sorted(
        {
            *_of_rules(flow),
            *_of_computed(flow, pick_up),
            *tables_of(mapping),
            *(table for out in outbound for table in tables_of(out.mapping)),
        }
    )
    tables = load_tables(root, [table for table in used if table in table_names(root)])
    schema = load_schema(root, mapping.schema_) if mapping.schema_ else None
    digest = hashlib.sha256(f"{__version__}\n{pick_up}\n{flow.model_dump_json()}\n".encode())
    under = [file for used in (name, *(out.delivery.mapping for out in outbound)) for file in bases(root, used)]
    under += [table_file(table) for table in flow.only.tables()] if flow.only else []
    flow_file = f"{FLOWS}/{flow.flow}.yaml"
    files = version_of(root, [flow_file]) if flow.flow else {}
    for file in sorted({*_files(mapping, name, outbound, list(tables)), *under}):
        content = (root / file).read_bytes()
        digest.update(f"{file}\n".encode() + content)
        files[file] = hashlib.sha256(content).hexdigest()[:VERSION]
    digest.update("\n".join(_of_others([mapping, *(out.mapping for out in outbound)])).encode())
    form = mapping.format
    xsd = root / xsd_file(form.schema_) if isinstance(form, XmlFormat) and form.schema_ else None
    pilot = load_pilot(root, flow, pick_up)
    return Sources(flow, mapping, name, schema, outbound, tables, digest.hexdigest(), xsd, pilot, files, pick_up)


def version_of(root: Path, files: Iterable[str]) -> dict[str, str]:
    """Return the start of the sha256 of files of the workspace as they are now; one that is gone has none."""
    found = {file: root / file for file in files}
    return {
        file: hashlib.sha256(path.read_bytes()).hexdigest()[:VERSION] for file, path in found.items() if path.is_file()
    }


def _outbound(root: Path, delivery: Delivery) -> Outbound:
    mapping = load_mapping(root, delivery.mapping)
    if not isinstance(mapping.format, XmlFormat) or not mapping.format.template:
        return Outbound(delivery, mapping)
    template = (root / template_file(mapping.format.template)).read_text(encoding="utf-8")
    return Outbound(delivery, mapping, template, root / xsd_file(mapping.format.schema_))


def _of_rules(flow: Flow) -> tuple[str, ...]:
    """Return the tables that the rules of a flow read, where they are there."""
    bundles = flow.rules.bundles.tables() if flow.rules.bundles is not None else ()
    return (PACKS, *bundles) if flow.rules.availability is not None else bundles


def _of_computed(flow: Flow, pick_up: int) -> tuple[str, ...]:
    """Return the tables that the file of a pick-up is computed with, where they are there."""
    computed = flow.pick_up[pick_up].computed
    return (*computed.tables(), PACKS) if computed is not None else ()


def files_of_format(mapping: Mapping) -> Iterator[str]:
    """Yield the files that the mapping's `format:` names."""
    if isinstance(mapping.format, XmlFormat):
        if mapping.format.template:
            yield template_file(mapping.format.template)
        if mapping.format.schema_:
            yield xsd_file(mapping.format.schema_)


def tables_of(mapping: Mapping) -> Iterator[str]:
    """Yield every table that a step of the mapping names."""
    for step in steps_of(mapping):
        if isinstance(step.argument, dict) and "table" in step.argument:
            yield str(step.argument["table"])
        elif step.name in NEEDS_TABLE:
            yield NEEDS_TABLE[step.name]


def steps_of(mapping: Mapping) -> Iterator[StepCall]:
    """Yield every step of the mapping."""
    for field in [*mapping.fields.values(), *mapping.lines.values()]:
        parts = [part for part in (field.address or {}).values() if not isinstance(part, tuple)]
        yield from (*field.steps, *(step for part in parts for step in part.steps))


def _of_others(mappings: Iterable[Mapping]) -> Iterator[str]:
    """Yield what other distributions add to the mappings, with their versions."""
    for mapping in mappings:
        names = {STEP_GROUP: {step.name for step in steps_of(mapping)} - set(STEPS)}
        names[FORMATS] = {str(mapping.format.type)} - FORMAT_TYPES
        for group, used in names.items():
            yield from (each.shown for each in (added(group) if used else ()) if each.name in used)


def _files(mapping: Mapping, name: str, outbound: tuple[Outbound, ...], tables: list[str]) -> Iterator[str]:
    yield mapping_file(name)
    if mapping.schema_:
        yield schema_file(mapping.schema_)
    for out in outbound:
        yield mapping_file(out.delivery.mapping)
        yield from files_of_format(out.mapping)
    yield from files_of_format(mapping)
    yield from (table_file(table) for table in tables)
