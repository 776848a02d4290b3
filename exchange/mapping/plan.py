"""Compiles a mapping against its document: finds every mistake, gives the plan that `mapper.apply` runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from exchange.config import models
from exchange.config.suggest import suggest
from exchange.documents.currencies import amounts
from exchange.documents.loader import Document, Field
from exchange.kernel.table import Table
from exchange.mapping.binding import Scope
from exchange.mapping.chain import PlanMistake
from exchange.mapping.companions import missing_companions
from exchange.mapping.explode_names import columns_read, explode_mistakes, packed_columns
from exchange.mapping.kinds import Kind, kind_of_field
from exchange.mapping.level import Level, LevelPlan, compile_level


class PlanError(Exception):
    """A mapping cannot be compiled; carries every mistake that was found."""

    def __init__(self, mistakes: tuple[PlanMistake, ...]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(f"{'.'.join(map(str, found.path))}: {found.what}" for found in mistakes))


@dataclass(frozen=True, slots=True)
class MappingPlan:
    """A compiled mapping."""

    name: str
    header: LevelPlan
    lines: LevelPlan


def compile_mapping(
    mapping: models.Mapping,
    document: Document,
    tables: Mapping[str, Table],
    name: str,
    columns: Collection[str] | None = None,
) -> MappingPlan:
    """Compile `mapping` (YAML name `name`) against the document it reads into or writes from.

    `columns` are the source's column names where a schema lists them all (inbound only). Raises PlanError.
    """
    mistakes: list[PlanMistake] = []
    if mapping.reads is None:
        header, lines = _outbound(document, tables, mistakes)
        mistakes += _wrong_columns(mapping)
    else:
        mistakes += explode_mistakes(mapping)
        header, lines = _inbound(mapping, document, tables, mistakes, columns)
        mistakes += _unfilled(mapping, document)
    plan = MappingPlan(
        name, compile_level("fields", mapping.fields, header), compile_level("lines", mapping.lines, lines)
    )
    mistakes += [*missing_companions(plan.header), *missing_companions(plan.lines)]
    if mistakes:
        raise PlanError(tuple(mistakes))
    return plan


def _kinds(fields: Mapping[str, Field]) -> dict[str, Kind]:
    return {name: kind_of_field(field.type) for name, field in fields.items()}


def _outbound(document: Document, tables: Mapping[str, Table], mistakes: list[PlanMistake]) -> tuple[Level, Level]:
    header, lines = _kinds(document.readable_fields), _kinds(document.readable_lines)
    for_header = {name: "it is a line field; read it below `lines`" for name in lines if name not in header}
    for_lines = {name: "it is a header field; read it below `fields`" for name in header if name not in lines}
    return (
        Level(None, for_header, Scope(header, is_open=False), tables, mistakes, amounts(document.readable_fields)),
        Level(None, for_lines, Scope(lines, is_open=False), tables, mistakes, amounts(document.readable_lines)),
    )


def _inbound(
    mapping: models.Mapping,
    document: Document,
    tables: Mapping[str, Table],
    mistakes: list[PlanMistake],
    columns: Collection[str] | None,
) -> tuple[Level, Level]:
    computed = dict.fromkeys([*document.computed_fields, *document.computed_lines], "remove it; the product sets it")
    header, lines = _kinds(document.fields), _kinds(document.lines)
    for_header = {**dict.fromkeys(lines, "it is a line field; write it below `lines`"), **computed}
    for_lines = {**dict.fromkeys(header, "it is a header field; write it below `fields`"), **computed}
    listed = columns if columns is not None else columns_read(mapping)
    known: dict[str, Kind] = dict.fromkeys([*listed, *packed_columns(mapping)], "text")
    is_open = columns is None
    return (
        Level(header, for_header, Scope(known, is_open), tables, mistakes),
        Level(lines, for_lines, Scope(known, is_open), tables, mistakes),
    )


def _unfilled(mapping: models.Mapping, document: Document) -> Iterator[PlanMistake]:
    """Find fields that the document needs and the mapping does not fill."""
    filled = {
        "fields": {
            name if field.address is None else f"{name}.{part}"
            for name, field in mapping.fields.items()
            for part in (field.address or [""])
        },
        "lines": set(mapping.lines),
    }
    for block, fields in (("fields", document.fields), ("lines", document.lines)):
        for name, field in fields.items():
            if field.constraints.required and name not in filled[block]:
                instead = f"add {name} below `{block}`"
                what = f"nothing fills {name}, which every {document.name} needs"
                yield PlanMistake((block,), what, instead, "NOT_FILLED")


def _wrong_columns(mapping: models.Mapping) -> Iterator[PlanMistake]:
    """Find mistakes in the order of written columns."""
    if mapping.format.type == "csv":
        for name in mapping.lines:
            if name in mapping.fields:
                what = f"the column {name} is written by `fields` too"
                yield PlanMistake(("lines", name), what, "rename one of them", "FILLED_TWICE")
    known = {*mapping.fields, *mapping.lines}
    counts = Counter(mapping.columns)
    for place, name in enumerate(mapping.columns):
        if name not in known:
            what = f"neither fields nor lines fill {name}"
            yield PlanMistake(("columns", place), what, suggest(name, known), "UNKNOWN_COLUMN")
        elif counts[name] > 1 and mapping.columns.index(name) != place:
            yield PlanMistake(("columns", place), f"{name} is listed twice", "remove one of them", "FILLED_TWICE")
