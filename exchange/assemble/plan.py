"""Builds machines: from the sources of a flow to compiled readers, checks, mappings, rules and writers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from exchange.assemble.addresses import standardiser, unread
from exchange.assemble.bundles import unbundling
from exchange.assemble.computing import computing
from exchange.assemble.plugins import format_part
from exchange.assemble.rejectbook import books_of, examples_of
from exchange.assemble.sources import Outbound, Sources, load_sources
from exchange.assemble.stock import checking_locations, reserve_rules, stock_columns, stock_rules
from exchange.checks.document import DocumentCheck
from exchange.checks.table import TableCheck
from exchange.config import models
from exchange.config.as_of import AsOf
from exchange.config.loader import load
from exchange.config.rules import Rules
from exchange.config.workspace import mapping_file
from exchange.documents.loader import Document, Field, document
from exchange.formats.delimited.flat import RECORD
from exchange.kernel.chunk import CellFailure, Ints, Mask
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.naming import NUMBER, placeholder, placeholders
from exchange.kernel.pipeline import Columns, Life, Machine, Reader, SetAside, Settled, Target, Written, machine_of
from exchange.kernel.plan import Plan
from exchange.mapping.age import row_ages
from exchange.mapping.explode import exploder
from exchange.mapping.mapper import apply
from exchange.mapping.plan import MappingPlan, PlanError, compile_mapping
from exchange.rules.customs import settled_for_customs
from exchange.rules.money import settle, unsettled
from exchange.rules.only import outside
from exchange.rules.release import keep_lines, release, taken_back
from exchange.rules.routing import router
from exchange.rules.shipping import shippable
from exchange.rules.split import keys
from exchange.rules.supply import allotting

READERS: dict[str, str] = {
    "csv": "exchange.assemble.read_csv:csv_reader",
    "fixed": "exchange.assemble.read_fixed:fixed_reader",
    "jsonl": "exchange.assemble.read_jsonl:jsonl_reader",
    "xlsx": "exchange.assemble.read_xlsx:xlsx_reader",
    "xml": "exchange.assemble.read_xml:xml_reader",
}
"""Format type -> (sources, wanted columns, required columns, group key) -> (Reader, SetAside)."""
WRITERS: dict[str, str] = {
    "csv": "exchange.assemble.write_csv:csv_writer",
    "fixed": "exchange.assemble.write_fixed:fixed_writer",
    "jsonl": "exchange.assemble.write_jsonl:jsonl_writer",
    "xlsx": "exchange.assemble.write_xlsx:xlsx_writer",
    "xml": "exchange.assemble.write_xml:xml_writer",
}
"""Format type -> (outbound, delivery name) -> Written. A new format is one module and a row in each of these."""


class CompileError(Exception):
    """A mapping cannot be compiled; says which one."""

    def __init__(self, mapping: str, fault: PlanError) -> None:
        self.mapping = mapping
        self.fault = fault
        super().__init__(f"{mapping}: {fault}")


def load_plan(root: Path, flow: models.Flow, pick_up: int) -> Plan:
    """Load and compile what one pick-up of a flow needs; raises ConfigurationError with the places of all mistakes."""
    sources = load_sources(root, flow, pick_up)
    chosen = flow.pick_up[pick_up]
    plan = Plan(sources.version, sources, build, chosen.channel or chosen.from_, sources.files, str(root))
    try:
        machine_of(plan)
    except CompileError as error:
        loaded = load(root, mapping_file(error.mapping), models.Mapping)
        found = error.fault.mistakes
        raise ConfigurationError([loaded.mistake(m.path, m.what, m.instead, code=m.code) for m in found]) from error
    return plan


def build(sources: Sources) -> Machine:
    """Compile a machine; raises CompileError, ConfigurationError."""
    mapping, rules = sources.mapping, sources.flow.rules
    kind = document(mapping.reads or "")
    group = _group(mapping, kind)
    columns = [field.name for field in sources.schema.fields] if sources.schema else None
    inbound = _compiled(mapping, kind, sources, sources.name, columns)
    header_inputs = inbound.header.inputs
    as_of = _as_of(sources)
    age = [as_of.column] if as_of is not None else []
    read = (*group.starts, *header_inputs, *inbound.lines.inputs, *_checked(sources), *age, *stock_columns(sources))
    wanted = tuple(dict.fromkeys([group.key, *_of_file(read, mapping)]))
    reader, set_aside = _reader(sources, wanted, group.key)
    targets = tuple(_target(sources, out, kind) for out in sources.outbound)
    return Machine(
        reader=reader,
        set_aside=set_aside,
        kind=kind.name,
        key_field=kind.key,
        key_column=group.key,
        start_columns=group.starts,
        header_columns=header_inputs,
        header_sources=inbound.header.sources,
        line_sources=inbound.lines.sources,
        check_source=TableCheck(sources.schema).check if sources.schema else _unchecked,
        map_header=partial(apply, inbound.header),
        map_lines=partial(apply, inbound.lines),
        check_header=DocumentCheck(kind.fields).check,
        check_lines=checking_locations(DocumentCheck(kind.lines).check, sources),
        settle=_settling(rules, kind),
        shipping=partial(shippable, needed=any(out.mapping.requires == "shipping" for out in sources.outbound)),
        keep_lines=partial(keep_lines, unwanted=rules.filter_lines),
        release=partial(release, rule=rules.release),
        gone=taken_back,
        split=partial(keys, fields=rules.split_by),
        split_columns=rules.split_by,
        life=Life(
            kind.name,
            rules.repeat == "change",
            {str(now): what for now, what in rules.taken_back.items()},
            kind.replaces,
            stock_rules(sources),
            reserve_rules(sources, targets),
            allot=allotting(rules.availability, sources.tables),
        ),
        compare_header=_compared(kind.fields),
        compare_lines=_compared(kind.lines),
        targets=targets,
        only=partial(outside, pilot=sources.pilot) if sources.pilot else None,
        age_column=age[0] if age else "",
        ages=partial(row_ages, column=as_of.column, form=as_of.format, zone=sources.flow.timezone) if as_of else None,
        computing=computing(sources),
        ships=rules.ships or "",
        books=books_of(sources) if set_aside.suffix == ".csv" else None,
        examples=examples_of(sources),
        standardise=standardiser(rules.addresses),
        route=router(rules.route),
        part_fields=tuple(
            name for name in dict.fromkeys(["warehouse", *rules.split_by]) if name in kind.computed_fields
        ),
        explode=exploder(
            mapping.explode,
            (header_inputs, inbound.lines.inputs),
            (group.key, group.starts),
            mapping_file(sources.name),
        ),
        unbundle=unbundling(rules.bundles, kind, sources.tables),
    )


def _as_of(sources: Sources) -> AsOf | None:
    """Return the column that says how old documents are; None where none does."""
    as_of = sources.flow.pick_up[sources.pick_up].as_of
    return as_of if isinstance(as_of, AsOf) and as_of.column else None


def _settling(rules: Rules, kind: Document) -> Callable[[Columns, Columns, Ints, Mask], Settled]:
    if "total" not in kind.fields:
        return unsettled
    amounts = partial(settle, money=rules.money)
    return amounts if rules.customs is None else partial(settled_for_customs, settle=amounts, rule=rules.customs)


def _compiled(
    mapping: models.Mapping, kind: Document, sources: Sources, name: str, columns: Collection[str] | None = None
) -> MappingPlan:
    try:
        return compile_mapping(mapping, kind, sources.tables, name, columns)
    except PlanError as fault:
        raise CompileError(name, fault) from fault


def _reader(sources: Sources, wanted: tuple[str, ...], key: str) -> tuple[Reader, SetAside]:
    described = sources.schema.fields if sources.schema else ()
    optional = {field.name for field in described if field.optional}
    required = tuple(name for name in wanted if name not in optional)
    made: tuple[Reader, SetAside] = format_part(
        READERS, "reader", sources.mapping.format.type, sources, wanted, required, key
    )
    return made


def _checked(sources: Sources) -> list[str]:
    """Return the columns whose values the schema constrains."""
    if sources.schema is None:
        return []
    plain = models.SchemaConstraints()
    return [field.name for field in sources.schema.fields if field.constraints != plain]


def _group(mapping: models.Mapping, kind: Document) -> models.Group:
    """Return how rows become documents; without `group:` each record of the file is one."""
    group = mapping.group or models.Group(key=_only_source(mapping, kind))
    if group.starts:
        return group
    if mapping.format.nests:
        return group.model_copy(update={"starts": (RECORD,)})
    alone = mapping.group is None and group.key
    return group.model_copy(update={"starts": (group.key,)}) if alone else group


def _of_file(columns: Iterable[str], mapping: models.Mapping) -> Iterator[str]:
    """Yield those columns that stand in the file: packed values do not, what they are packed in does."""
    yield from (name for name in columns if name.partition(".")[0] not in mapping.explode)
    for how in mapping.explode.values():
        yield from (name for name in how.columns if "*" not in name)


def _only_source(mapping: models.Mapping, kind: Document) -> str:
    """Return the column of the document's key: without `group:` each row with its own number is a document."""
    field = mapping.fields.get(kind.key)
    return field.from_[0] if field is not None and field.from_ else ""


def _compared(fields: Mapping[str, Field]) -> tuple[str, ...]:
    return tuple(name for name, field in fields.items() if field.compare)


def _target(sources: Sources, out: Outbound, kind: Document) -> Target:
    plan = _compiled(out.mapping, kind, sources, out.delivery.mapping)
    if lost := tuple(unread(sources.flow.rules.addresses, (*plan.header.inputs, *plan.lines.inputs))):
        raise CompileError(out.delivery.mapping, PlanError(lost))
    name = _label(sources, out)
    written: Written = format_part(WRITERS, "writer", out.mapping.format.type, out, name)
    return Target(
        name=name,
        endpoint=out.delivery.to,
        folder=out.delivery.folder,
        pattern=out.delivery.name,
        documents_per_file=out.delivery.documents_per_file,
        per_part=out.mapping.per == "part",
        needs_shipping=out.mapping.requires == "shipping",
        header_inputs=plan.header.inputs,
        line_inputs=plan.lines.inputs,
        map_header=partial(apply, plan.header),
        map_lines=partial(apply, plan.lines),
        written=written,
        exists=out.delivery.exists,
        done_file=out.delivery.done_file,
        answers=f"{out.delivery.ack.folder}/{out.delivery.ack.match}" if out.delivery.ack else "",
        actions=out.delivery.actions,
        file_per=out.delivery.file_per,
        only_header={name: values for name, values in out.delivery.only.items() if name in kind.fields},
        only_lines={name: values for name, values in out.delivery.only.items() if name not in kind.fields},
        marks=_marks(out.delivery, kind),
    )


def _marks(delivery: models.Delivery, kind: Document) -> dict[str, str]:
    """Return the document field of each placeholder that is filled document by document."""
    marks = {placeholder(name): name for name in delivery.file_per}
    return {**marks, NUMBER: kind.key} if NUMBER in placeholders(delivery.name) else marks


def _label(sources: Sources, out: Outbound) -> str:
    """Return a name for the delivery: its endpoint, numbered where two deliveries share one."""
    same = [other for other in sources.outbound if other.delivery.to == out.delivery.to]
    return out.delivery.to if len(same) == 1 else f"{out.delivery.to}-{same.index(out) + 1}"


def _unchecked(columns: Columns, first_rows: Mask) -> list[CellFailure]:
    """Check nothing: the mapping names no schema."""
    del columns, first_rows
    return []
