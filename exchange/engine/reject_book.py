"""The rejects of a claim as a workbook for people: whole documents, their problems in words, and a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from exchange.engine.rejects import Rejected
from exchange.kernel.catalogue import CATALOGUE
from exchange.kernel.layout import Layout
from exchange.kernel.model import Claim
from exchange.kernel.pipeline import Machine
from exchange.kernel.plan import Plan
from exchange.kernel.problems import Problem
from exchange.kernel.reject_book import Book, BookRow, SummaryLine

_FIRST_LINES = 5


def write_reject_book(
    target: Path, claim: Claim, plan: Plan, read: tuple[Machine, Layout], rejects: list[Rejected]
) -> tuple[str, ...]:
    """Write the workbook of a claim's rejects; returns what does not stand in it, for people."""
    machine, layout = read
    if machine.books is None:
        return ()
    rows = _rows(rejects, machine.examples)
    return machine.books.write(target, layout, Book(rows, summary(rejects), _meta(claim, plan)))


def _meta(claim: Claim, plan: Plan) -> dict[str, str]:
    files = {f"version of {file}": version for file, version in plan.files.items()}
    return {
        "claim": claim.id,
        "flow": claim.flow,
        "source": claim.source.shown,
        "source sha256": claim.sha256,
        "mapping": claim.mapping,
        "mapping version": plan.version,
        **files,
    }


def _rows(rejects: list[Rejected], examples: Mapping[str, str]) -> Iterator[BookRow]:
    for reject in rejects:
        by_record: dict[int, list[Problem]] = {}
        for problem in reject.problems:
            by_record.setdefault(reject.first_record if problem.record is None else problem.record, []).append(problem)
        first = True
        for record, line, start, length in reject.rows.tolist():
            here = by_record.get(record, [])
            told = "\n".join(f"{problem.message} -> {problem.remedy}" for problem in here)
            yield BookRow(reject.id, line, (start, length), told, _notes(here, examples), first)
            first = False


def _notes(problems: list[Problem], examples: Mapping[str, str]) -> dict[str, str]:
    """Return what is said beside each bad cell: the rule, what to do, and an example of a good value."""
    notes: dict[str, str] = {}
    for problem in problems:
        if problem.field is None:
            continue
        good = examples.get(problem.field)
        example = f"\nFor example: {good}" if good and "For example" not in notes.get(problem.field, "") else ""
        told = f"{CATALOGUE[problem.code].title}: {problem.message}\nDo: {problem.remedy}{example}"
        notes[problem.field] = f"{notes[problem.field]}\n{told}" if problem.field in notes else told
    return notes


def summary(rejects: list[Rejected]) -> tuple[SummaryLine, ...]:
    """Return one line for each problem code, the most frequent first; what no row can show is in it too."""
    counts = Counter(problem.code for reject in rejects for problem in reject.problems)
    lines: dict[str, dict[int, None]] = {}
    hints: dict[str, str] = {}
    for reject in rejects:
        for problem in reject.problems:
            hints.setdefault(problem.code, problem.remedy)
            places = lines.setdefault(problem.code, {})
            if len(places) <= _FIRST_LINES:
                places[problem.file_line or reject.file_line] = None
    return tuple(
        SummaryLine(code, count, CATALOGUE[code].title, hints[code], _shown(list(lines[code])))
        for code, count in counts.most_common()
    )


def _shown(places: list[int]) -> str:
    more = ", …" if len(places) > _FIRST_LINES else ""
    return ", ".join(map(str, places[:_FIRST_LINES])) + more


def blocks_of(path: Path, size: int = 1024 * 1024) -> Iterator[bytes]:
    """Yield the bytes of a file that was written by somebody else's program, so that they are synced as ours are."""
    with path.open("rb") as stream:
        while block := stream.read(size):
            yield block
