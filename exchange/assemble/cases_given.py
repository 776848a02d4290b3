"""Makes what a case gives into a file, and into the sources of the machine that reads it."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from exchange.assemble.sources import Sources, load_sources
from exchange.config import models
from exchange.config.cases import Case, Defaults, GivenDocument
from exchange.config.formats import CsvFormat
from exchange.config.rules import Release, Rules
from exchange.config.tables import load_table
from exchange.config.workspace import table_names
from exchange.documents.loader import Document, Field, document
from exchange.formats.delimited.flat import RECORD
from exchange.kernel.table import Table
from exchange.mapping.explode_names import columns_read
from exchange.mapping.kinds import Kind, kind_of_field

LINE = "line."
"""Before the names of a given document's line fields, which may be called like those of the document."""
ORDINAL = "_given"
"""Column that tells given documents apart."""
_STEPS: dict[Kind, tuple[dict[str, object], ...]] = {
    "text": (),
    "integer": ({"name": "integer"},),
    "decimal": ({"name": "decimal"},),
    "datetime": ({"name": "parse_datetime", "argument": "%Y-%m-%dT%H:%M:%SZ"},),
    "boolean": ({"name": "boolean"},),
}
"""Kind of a document field -> how its text in a case is read."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What one case runs on."""

    sources: Sources
    content: bytes | None
    """The file that is read; None where the case names one."""
    rows: tuple[int, ...] = ()
    """Row of `content` -> what the case calls it: its row, or the given document; empty for a file."""
    documents: bool = False
    """Whether documents are given: they are taken as they are, without the checks of a file."""


def stage(root: Path, name: str, case: Case, defaults: Defaults) -> Stage:
    """Return what a case of the mapping `name` runs on; raises ConfigurationError."""
    given = case.given
    flow = _flow(name, given.through or name)
    sources = load_sources(root, flow, 0)
    if flow.pick_up[0].mapping == name and sources.mapping.reads is not None:
        sources = replace(sources, outbound=())
    sources = _with_tables(root, sources, case)
    if given.documents:
        kind = document(sources.mapping.writes or "")
        rows = list(_document_rows(given.documents, defaults, kind))
        made = _identity(kind, {column for row, _ in rows for column in row})
        sources = replace(sources, mapping=made, schema=None, xsd=None)
        return Stage(_versioned(sources), _csv([row for row, _ in rows]), tuple(of for _, of in rows), documents=True)
    if given.file:
        return Stage(_versioned(sources), None)
    sources = replace(sources, mapping=_of_rows(sources.mapping), xsd=None)
    cells = list(_rows(given.rows, defaults, sources.mapping, sources))
    return Stage(_versioned(sources), _csv(cells), tuple(range(1, len(cells) + 1)))


def known_columns(mapping: models.Mapping, schema: models.TableSchema | None) -> list[str]:
    """Return the columns that rows of an inbound mapping may have; `*` in one stands for anything."""
    group = [mapping.group.key, *mapping.group.starts] if mapping.group else []
    packed = [column for how in mapping.explode.values() for column in how.columns]
    read = [name for name in columns_read(mapping) if name.partition(".")[0] not in mapping.explode]
    listed = [field.name for field in schema.fields] if schema else []
    return list(dict.fromkeys([*listed, *group, *packed, *read]))


def _flow(name: str, inbound: str) -> models.Flow:
    """Return a flow of this one mapping, without rules: they belong to real flows."""
    pick_up = models.PickUp.model_validate({"from": "given", "mapping": inbound})
    delivery = models.Delivery(to=name, mapping=name, name="{claim}")
    rules = Rules(split="warehouse", filter_lines={}, release=Release(otherwise="release"))
    return models.Flow(flow="case", pick_up=(pick_up,), deliver=(delivery,), rules=rules)


def _versioned(sources: Sources) -> Sources:
    """Return the sources with a version that no other case has, unless it runs on the same."""
    tables = {
        name: {column: cells.to_pylist() for column, cells in t.rows.items()} for name, t in sources.tables.items()
    }
    told = f"{sources.version}\n{sources.mapping.model_dump_json()}\n{len(sources.outbound)}\n{tables!r}"
    return replace(sources, version=f"case {hashlib.sha256(told.encode()).hexdigest()}")


def _with_tables(root: Path, sources: Sources, case: Case) -> Sources:
    tables = dict(sources.tables)
    for name, lines in case.tables.items():
        own = load_table(root, name)[0] if name in table_names(root) else None
        columns = dict.fromkeys([*(own.columns if own else ()), *(column for line in lines for column in line)])
        cells = {column: pa.array([line.get(column) or None for line in lines], pa.string()) for column in columns}
        tables[name] = Table(name, tuple(columns), cells)
    return replace(sources, tables=tables)


# --- rows ---------------------------------------------------------------------------------------------------------
def _of_rows(mapping: models.Mapping) -> models.Mapping:
    """Return the mapping as it reads rows: they are the same whatever format a file of them has."""
    group = mapping.group
    if mapping.format.nests and not (group and group.starts):
        kind = document(mapping.reads or "")
        key = group.key if group else mapping.fields[kind.key].from_[0]
        group = models.Group(key=key, starts=(RECORD,))
    return mapping.model_copy(update={"format": CsvFormat(), "group": group})


def _rows(
    given: Sequence[Mapping[str, str]], defaults: Defaults, mapping: models.Mapping, sources: Sources
) -> Iterator[dict[str, str]]:
    kind = document(mapping.reads or "")
    filler = mapping.fields.get(kind.key)
    key = mapping.group.key if mapping.group else filler.from_[0] if filler and filler.from_ else ""
    columns = [name for name in known_columns(mapping, sources.schema) if "*" not in name]
    counted = mapping.group is not None and RECORD in mapping.group.starts
    before: str | None = None
    for number, row in enumerate(given, start=1):
        cells = {**dict.fromkeys(columns, ""), **defaults.every_row}
        own = {**cells, **row}
        if _starts(own, key, before, mapping.group):
            cells |= {**defaults.first_row, **({RECORD: str(number)} if counted else {})}
        before = own.get(key, "")
        yield {**cells, **row}


def _starts(row: Mapping[str, str], key: str, before: str | None, group: models.Group | None) -> bool:
    """Tell whether a given row starts a document; `before`: the key of the row above it, None where there is none."""
    if group is None or group.key_on == "every_row":
        return not row.get(key) or row[key] != before
    # The rows below the first one leave the key blank: that it is the first row is said by what the case writes there.
    return before is None or any(row.get(column) for column in (key, *group.starts))


def _csv(rows: Sequence[Mapping[str, str]]) -> bytes:
    """Return the rows as the CSV file that the machine reads."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return out.getvalue().encode("utf-8", "surrogatepass")


# --- documents ----------------------------------------------------------------------------------------------------
def _identity(kind: Document, columns: set[str]) -> models.Mapping:
    """Return the mapping that reads given documents: each field from the column of its name."""
    fields: dict[str, object] = {
        name: {"from": name, "steps": _steps(f)} for name, f in kind.fields.items() if name in columns
    }
    lines: dict[str, object] = {
        name: {"from": LINE + name, "steps": _steps(f)} for name, f in kind.lines.items() if LINE + name in columns
    }
    # The number that nobody gave is the document's place, so that documents stay apart.
    fields.setdefault(kind.key, {"from": ORDINAL, "steps": []})
    group = {"key": ORDINAL, "starts": [RECORD]}
    return models.Mapping.model_validate(
        {"reads": kind.name, "format": {"type": "csv"}, "group": group, "fields": fields, "lines": lines}
    )


def _steps(field: Field) -> list[dict[str, object]]:
    return list(_STEPS[kind_of_field(field.type)])


def _document_rows(
    given: Sequence[GivenDocument], defaults: Defaults, kind: Document
) -> Iterator[tuple[dict[str, str], int]]:
    """Yield a row for each line of each document, and the document's place in the case."""
    needed = [name for name, field in kind.fields.items() if field.constraints.required and name != kind.key]
    blank = {
        **dict.fromkeys(needed, ""),
        **{LINE + name: "" for name, field in kind.lines.items() if field.constraints.required},
    }
    for number, one in enumerate(given, start=1):
        header = {name: as_read(kind.fields[name], text) for name, text in {**defaults.fields, **one.fields}.items()}
        for place, line in enumerate(one.lines or ({},)):
            cells = {**defaults.lines, **line}
            inside = {LINE + name: as_read(kind.lines[name], text) for name, text in cells.items()}
            start = {**header, RECORD: str(number)} if not place else {}
            yield {**blank, ORDINAL: str(number), **start, **inside}, number


def as_read(field: Field, text: str) -> str:
    """Return the text of a given field as the steps read it; ValueError for a moment that is none."""
    if kind_of_field(field.type) != "datetime" or not text:
        return text
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
