"""Tells how each field of one document came from the cells of the partner's file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from exchange.assemble.explain_addresses import in_form
from exchange.assemble.explain_document import OneDocument
from exchange.assemble.explain_shown import Shown, Source, Step
from exchange.assemble.explain_tables import table_line
from exchange.assemble.sources import Sources
from exchange.config.formats import CsvFormat, XlsxFormat
from exchange.config.loader import load
from exchange.config.models import Mapping as MappingFile
from exchange.config.workspace import mapping_file
from exchange.config.yamltext import Elsewhere, Parsed
from exchange.formats.delimited.flat import RECORD
from exchange.kernel.chunk import CellFailure
from exchange.kernel.pipeline import Apply
from exchange.kernel.problems import Problem
from exchange.mapping.chain import Path as YamlPath
from exchange.mapping.explain import Filled, Stage, explain
from exchange.mapping.level import LevelPlan

Told = tuple[str, int | None, str | None]
"""(code, record, field) of a problem."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """The fields of one document."""

    header: Mapping[str, Shown]
    lines: tuple[Mapping[str, Shown], ...]
    """By line, in the order of the document."""
    others: tuple[Problem, ...] = field(default=())
    """What is wrong with the document and with none of its fields."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where a mapping says what; what it takes over from the mapping that it extends stands there."""

    file: str
    parsed: Parsed

    @classmethod
    def read(cls, root: Path, name: str) -> Places:
        """Read the mapping called `name`."""
        file = mapping_file(name)
        return cls(file, load(root, file, MappingFile).parsed)

    def of(self, path: YamlPath) -> str:
        """Return the place of a key as `file:line`."""
        place = self.parsed.place(path, key=True)
        return f"{place.file if isinstance(place, Elsewhere) else self.file}:{place[0]}"


def level_of(apply: Apply) -> LevelPlan:
    """Return the compiled level that a machine runs."""
    if isinstance(apply, partial) and isinstance(apply.args[0], LevelPlan):
        return apply.args[0]
    raise TypeError(f"{apply} runs no compiled mapping")


def steps_of(stages: Iterable[Stage], root: Path, sources: Sources, places: Places) -> tuple[Step, ...]:
    """Return steps with the places of what they say and read."""
    return tuple(
        Step(
            stage.name,
            stage.argument,
            places.of(stage.path),
            stage.beside,
            stage.values,
            tuple(table_line(root, sources.tables, read) for read in stage.reads),
            stage.code,
        )
        for stage in stages
    )


def inbound(root: Path, sources: Sources, one: OneDocument, file: str) -> Inbound:
    """Return how the fields of a document came to be; `file` is what people call the partner's file."""
    teller = _Teller(root, sources, one, file, _numbers(sources, one), Places.read(root, sources.name))
    header = explain(level_of(one.machine.map_header), one.heads, one.grouping.size)
    lines = explain(level_of(one.machine.map_lines), one.unpacked.columns, one.rows)
    known = [(teller.row_of(made, in_lines=False), made) for made in header]
    known += [(teller.row_of(made, in_lines=True), made) for made in lines]
    told = {_key(problem) for row, made in known for problem in teller.own(row, made)}
    late = [problem for _, problem in one.prepared.problems if _key(problem) not in told]
    placed: set[Told] = set()
    fields: dict[str, Shown] = {}
    by_line: list[dict[str, Shown]] = [{} for _ in range(one.rows)]
    for place, (row, made) in enumerate(known):
        shown = teller.shown(row, made, late, in_lines=place >= len(header))
        placed |= {_key(problem) for problem in shown.problems}
        if place < len(header):
            fields.setdefault(made.name, shown)
        else:
            by_line[row][made.name] = shown
    others = tuple(problem for problem in late if _key(problem) not in placed)
    return Inbound(in_form(root, sources, one, fields), tuple(by_line), others)


def _key(problem: Problem) -> Told:
    return problem.code, problem.record, problem.field


def _numbers(sources: Sources, one: OneDocument) -> Callable[[str], int]:
    """Return what tells the number of a column; 0 where a file has no columns to count."""
    columns = [column for column in one.layout.columns if column != RECORD]
    counted = isinstance(sources.mapping.format, CsvFormat | XlsxFormat)
    return lambda name: columns.index(name) + 1 if counted and name in columns else 0


@dataclass(frozen=True, slots=True)
class _Teller:
    root: Path
    sources: Sources
    one: OneDocument
    file: str
    number: Callable[[str], int]
    places: Places

    def row_of(self, made: Filled, *, in_lines: bool) -> int:
        """Return the line of the document that a field's cells stand on."""
        return made.row if in_lines else int(self.one.grouping.head[made.row])

    def own(self, row: int, made: Filled) -> Iterator[Problem]:
        """Yield what a field's own steps and limits refuse, as far as the run tells it too."""
        run = {_key(problem) for _, problem in self.one.prepared.problems}
        for failure in made.failures:
            problem = self._problem(row, failure)
            if _key(problem) in run:
                yield problem

    def shown(self, row: int, made: Filled, late: list[Problem], *, in_lines: bool) -> Shown:
        """Return a field with all that is wrong with it."""
        sources = tuple(self._source(row, name, text) for name, text in made.inputs)
        cells, record = {source.name for source in sources} | {made.name}, self._record(row)
        checked = [problem for problem in late if problem.record == record and problem.field in cells]
        return Shown(
            self.sources.name,
            "lines" if in_lines else "fields",
            made.row + 1,
            made.name,
            self.places.of(made.path),
            int(self.one.unpacked.positions.file_line[row]),
            sources,
            steps_of(made.stages, self.root, self.sources, self.places),
            made.value,
            (*self.own(row, made), *checked),
        )

    def _record(self, row: int) -> int:
        return int(self.one.unpacked.positions.record[row])

    def _source(self, row: int, name: str, text: str | None) -> Source:
        line = int(self.one.unpacked.positions.file_line[row])
        place = self.one.unpacked.place(row, name)
        return Source(place, text, self.file, line, self.number(place.partition("[")[0]) or self.number(name))

    def _problem(self, row: int, failure: CellFailure) -> Problem:
        place = self.one.unpacked.place(row, failure.column or failure.field)
        line = int(self.one.unpacked.positions.file_line[row])
        made = Problem(failure.code, line, self._record(row), place, failure.value, failure.detail)
        return replace(made, level="warning") if failure.warning else made
