"""Runs one case of a mapping through the same machine as a run, and keeps what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa

from exchange.assemble.cases_given import LINE, Stage, stage
from exchange.assemble.plan import CompileError, build
from exchange.assemble.sources import Sources
from exchange.cases.made import Cells, Made, MadeDocument, MadeProblem
from exchange.config.cases import Case, Defaults
from exchange.config.loader import load
from exchange.config.models import Mapping
from exchange.config.rules import Money
from exchange.config.workspace import mapping_file
from exchange.documents.loader import Document, document
from exchange.engine.facts import OUT, REJECTED
from exchange.engine.finish import finish
from exchange.engine.gather import gather
from exchange.engine.outputs import Numbers, TargetFiles
from exchange.engine.prepare import prepare
from exchange.engine.prepared import Prepared, Spool, as_ints, as_mask
from exchange.kernel.chunk import CellFailure, Fragment, Ints, Mask
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.layout import Layout
from exchange.kernel.model import Claim, Origin, SourceFile
from exchange.kernel.pipeline import Columns, Machine, Settled, Target, Verdicts, Written, machine_of
from exchange.kernel.plan import Plan
from exchange.kernel.problems import Problem
from exchange.mapping.kinds import kind_of_field
from exchange.mapping.render import as_text
from exchange.rules.amounts import AMOUNT
from exchange.rules.money import settle, unsettled

Adjust = Callable[[Machine, Sources], Machine]
"""What is changed in a compiled machine before it runs: recorders of coverage."""
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
"""The clock of every case of a mapping."""
CLAIM = "000000000000"
"""The claim of every case of a mapping, as templates and trailers show it."""


@dataclass(slots=True)
class Seen:
    """What a target was given to write: columns of text, and the header row of each line."""

    header: list[Columns] = field(default_factory=list)
    lines: list[Columns] = field(default_factory=list)
    owner: list[Ints] = field(default_factory=list)
    refused: list[set[int]] = field(default_factory=list)


def run_case(root: Path, name: str, case: Case, defaults: Defaults, work: tuple[Path, Adjust]) -> Made:
    """Run a case of the mapping `name` in an empty folder and return what it made; raises ConfigurationError."""
    folder, adjust = work
    staged = stage(root, name, case, defaults)
    file = folder / "given"
    file.write_bytes(staged.content if staged.content is not None else (root / case.given.file).read_bytes())
    seen = Seen()
    adjusted = _Built(staged, adjust, seen)
    plan = Plan(staged.sources.version, staged.sources, adjusted, case.given.channel, root=str(folder))
    machine = _compiled(root, plan)
    survey = machine.reader.survey(file)
    if survey.layout is None or survey.refused:
        return Made(problems=tuple(_told(problem, staged) for problem in survey.problems))
    spans, void = _prepared(folder, plan, machine, survey.layout)
    # Given rows and documents are no file: that it has columns which nobody reads says nothing.
    problems = [*(() if staged.rows else survey.problems), *_problems(spans, void)]
    if not machine.targets:
        made = Made(tuple(_documents(spans, void, document(machine.kind))), kinds=_kinds(document(machine.kind)))
    else:
        content, refused = _written(folder, plan, machine, spans, void)
        problems += refused
        made = _outbound(seen, content)
    return replace(made, problems=tuple(_told(problem, staged) for problem in problems))


def _compiled(root: Path, plan: Plan) -> Machine:
    try:
        return machine_of(plan)
    except CompileError as error:
        loaded = load(root, mapping_file(error.mapping), Mapping)
        found = error.fault.mistakes
        raise ConfigurationError([loaded.mistake(m.path, m.what, m.instead, code=m.code) for m in found]) from error


@dataclass(frozen=True, slots=True)
class _Built:
    """Builds the machine of a case: as that of a run, without the rules that belong to a flow."""

    staged: Stage
    adjust: Adjust
    seen: Seen

    def __call__(self, sources: Sources) -> Machine:
        """Compile it; raises CompileError, ConfigurationError."""
        machine = replace(self.adjust(build(sources), sources), release=_released)
        if not machine.targets:
            return replace(machine, settle=_as_read)
        machine = replace(machine, targets=tuple(_recording(target, self.seen) for target in machine.targets))
        if machine.settle is unsettled:
            return machine
        how = Money(allocate_discount="none") if self.staged.documents else Money()
        machine = replace(machine, settle=partial(_unchecked, money=how))
        return replace(machine, check_header=_nothing, check_lines=_nothing) if self.staged.documents else machine


def _nothing(columns: Columns) -> list[CellFailure]:
    """Check nothing: a given document is as it is."""
    del columns
    return []


def _released(header: Columns, rows: int) -> Verdicts:
    """Let every document go: which ones do is a flow's rule."""
    del header
    return Verdicts(np.ones(rows, bool), np.zeros(rows, bool), ("",) * rows)


def _as_read(header: Columns, lines: Columns, owner: Ints, bad: Mask) -> Settled:
    """Leave the amounts as the mapping has read them: sums and discounts are a flow's rules."""
    del header, bad
    nothing = pa.nulls(len(owner), AMOUNT)
    return Settled(lines.get("line_discount", nothing), nothing, [])


def _unchecked(header: Columns, lines: Columns, owner: Ints, bad: Mask, money: Money) -> Settled:
    """Compute the lines' amounts; whether the sums agree is a flow's rule."""
    return replace(settle(header, lines, owner, bad, money), failures=[])


def _recording(target: Target, seen: Seen) -> Target:
    render = target.written.render

    def recorded(header: Columns, lines: Columns, owner: Ints) -> tuple[Fragment, list[CellFailure]]:
        fragment, failures = render(header, lines, owner)
        seen.header.append(header)
        seen.lines.append(lines)
        seen.owner.append(owner)
        seen.refused.append({failure.row for failure in failures})
        return fragment, failures

    written: Written = replace(target.written, render=recorded)
    return replace(target, written=written)


# --- reading ------------------------------------------------------------------------------------------------------
def _prepared(
    folder: Path, plan: Plan, machine: Machine, layout: Layout
) -> tuple[list[Prepared], set[tuple[int, int]]]:
    """Return the prepared spans, and the places (span, document) that stand elsewhere."""
    spool = Spool(folder)
    for span in machine.reader.spans(layout):
        spool.add(prepare(span, layout, plan))
    void, gathered = gather(spool, layout, plan)
    return [*(spool.get(index) for index in range(len(spool))), *gathered], void


def _alive(prepared: Prepared, span: int, void: set[tuple[int, int]]) -> list[int]:
    """Return the rows of documents without errors; a row of nothing is none."""
    bad, blank = as_mask(prepared.header, "_bad"), as_mask(prepared.header, "_filter")
    return [
        row for row in range(prepared.header.num_rows) if not bad[row] and not blank[row] and (span, row) not in void
    ]


def _problems(spans: list[Prepared], void: set[tuple[int, int]]) -> Iterator[Problem]:
    for index, prepared in enumerate(spans):
        yield from (problem for row, problem in prepared.problems if (index, row) not in void)
        yield from (broken.problem for broken in prepared.broken)


def _documents(spans: list[Prepared], void: set[tuple[int, int]], kind: Document) -> Iterator[MadeDocument]:
    for index, prepared in enumerate(spans):
        header, lines = _cells(prepared.header, kind.fields), _cells(prepared.lines, kind.lines)
        owner = as_ints(prepared.lines, "_owner")
        for row in _alive(prepared, index, void):
            own = np.flatnonzero(owner == row).tolist()
            yield MadeDocument(header[row], tuple(lines[place] for place in own))


def _cells(table: pa.Table, names: Iterable[str]) -> list[Cells]:
    """Return the rows of a table as text."""
    columns = {
        name: as_text(table.column(name).combine_chunks()).to_pylist() for name in names if name in table.column_names
    }
    return [{name: cells[row] or "" for name, cells in columns.items()} for row in range(table.num_rows)]


def _kinds(kind: Document) -> dict[str, str]:
    lines = {f"lines.{name}": kind_of_field(field.type) for name, field in kind.lines.items()}
    return {**{name: kind_of_field(field.type) for name, field in kind.fields.items()}, **lines}


# --- writing ------------------------------------------------------------------------------------------------------
def _written(
    folder: Path, plan: Plan, machine: Machine, spans: list[Prepared], void: set[tuple[int, int]]
) -> tuple[bytes | None, list[Problem]]:
    """Return the file that the target gets, and what it refuses."""
    problems: list[Problem] = []
    [target] = machine.targets
    source = SourceFile("given", "", "given", 0, 0)
    claim = Claim(CLAIM, "case", "", 1, Origin.PICK_UP, source, 0, plan.channel, "", MOMENT, MOMENT)
    with TargetFiles(target, claim, folder, Numbers()) as files:
        for index, prepared in enumerate(spans):
            disposition = np.full(prepared.header.num_rows, REJECTED, np.int64)
            disposition[_alive(prepared, index, void)] = OUT
            result = finish(prepared, disposition, plan)
            problems += [problem for _, problem in result.refused]
            files.add(result.targets[0].fragment)
    made = [(folder / artifact.work_path).read_bytes() for artifact in files.artifacts]
    return (b"".join(made) if made else None), problems


def _outbound(seen: Seen, content: bytes | None) -> Made:
    documents: list[MadeDocument] = []
    for header, lines, owner, refused in zip(seen.header, seen.lines, seen.owner, seen.refused, strict=True):
        fields, cells = _rows(header), _rows(lines)
        for row, own in enumerate(fields):
            if row not in refused:
                places = np.flatnonzero(owner == row).tolist()
                documents.append(MadeDocument(own, tuple(cells[place] if cells else {} for place in places)))
    rows = [{**one.fields, **line} for one in documents for line in one.lines or ({},)]
    return Made(tuple(documents), tuple(rows), content)


def _rows(columns: Columns) -> list[Cells]:
    return _cells(pa.table(dict(columns)), columns) if columns else []


# --- problems -----------------------------------------------------------------------------------------------------
def _told(problem: Problem, staged: Stage) -> MadeProblem:
    """Return a problem with the row that the case calls it by."""
    row = line = None
    if staged.rows:
        row = staged.rows[problem.record] if problem.record is not None else None
    else:
        line = problem.file_line
    message = f"{problem.message}; {problem.remedy}".replace(LINE, "") if staged.documents else ""
    told = message or f"{problem.message}; {problem.remedy}"
    where = (problem.field or "").removeprefix(LINE) if staged.documents else problem.field or ""
    return MadeProblem(problem.code, where, row, line, problem.value or "", told)
