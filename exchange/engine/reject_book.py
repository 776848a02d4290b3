"""The rejects of a claim as a workbook for people: whole documents, their problems in words, and a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

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
    return machine.books.write(target, layout, Book(rows, _summary(rejects), _meta(claim, plan)))


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
            here = [Told(each.code, each.field, each.message, each.remedy) for each in by_record.get(record, ())]
            yield BookRow(
                reject.id, line, (start, length), words_of(here), notes_of(here, examples), first, len(reject.rows)
            )
            first = False


class Told(NamedTuple):
    """One problem in words."""

    code: str
    field: str | None
    message: str
    remedy: str


def words_of(problems: Iterable[Told]) -> str:
    """Return what is wrong with a row and what to do."""
    return "\n".join(f"{problem.message} -> {problem.remedy}" for problem in problems)


def notes_of(problems: Iterable[Told], examples: Mapping[str, str]) -> dict[str, str]:
    """Return what is said beside each bad cell: the rule, what to do, and an example of a good value."""
    notes: dict[str, str] = {}
    for code, field, message, remedy in problems:
        if field is None:
            continue
        good = examples.get(field)
        example = f"\nFor example: {good}" if good and "For example" not in notes.get(field, "") else ""
        told = f"{CATALOGUE[code].title}: {message}\nDo: {remedy}{example}"
        notes[field] = f"{notes[field]}\n{told}" if field in notes else told
    return notes


def _summary(rejects: list[Rejected]) -> tuple[SummaryLine, ...]:
    return summary_of(
        (problem.code, problem.file_line or reject.file_line, problem.remedy)
        for reject in rejects
        for problem in reject.problems
    )


def summary_of(found: Iterable[tuple[str, int, str]]) -> tuple[SummaryLine, ...]:
    """Return one line for each problem code, the most frequent first; what no row can show is in it too.

    `found`: (code, line in the source file, remedy) of each problem.
    """
    counts: Counter[str] = Counter()
    lines: dict[str, dict[int, None]] = {}
    hints: dict[str, str] = {}
    for code, line, remedy in found:
        counts[code] += 1
        hints.setdefault(code, remedy)
        places = lines.setdefault(code, {})
        if len(places) <= _FIRST_LINES:
            places[line] = None
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
