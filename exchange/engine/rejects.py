"""Collects what is rejected and writes it down: rows a person can fix in a spreadsheet, and every problem as JSON."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from pydantic_core import PydanticSerializationError, to_json

from exchange.engine.ages import ages_of
from exchange.engine.facts import REJECTED, SpanFacts
from exchange.engine.packed import record_starts
from exchange.engine.prepared import Prepared, as_ints
from exchange.kernel.chunk import BrokenRecord, Ints
from exchange.kernel.layout import Layout
from exchange.kernel.limits import RAW_REJECT_BYTES
from exchange.kernel.model import Claim
from exchange.kernel.naming import reject_id
from exchange.kernel.problems import Problem

_NOTHING = ("",) * 5


@dataclass(slots=True)
class Rejected:
    """One document, or one record that belongs to none, set aside."""

    number: str
    """The document's number; empty where it is not known."""
    first_record: int
    file_line: int
    problems: list[Problem]
    rows: Ints
    """(record, file line, start, length) of each readable row."""
    broken: list[BrokenRecord] = field(default_factory=list)
    id: str = ""
    as_of: datetime | None = None
    """Its age, where a column says it."""


class Collector:
    """Gathers rejects over the spans of a file."""

    def __init__(self) -> None:
        self._found: list[Rejected] = []
        self._by_key: dict[str, Rejected] = {}

    def add(self, prepared: Prepared, facts: SpanFacts) -> None:
        """Take the rejected documents of one span."""
        rows = np.flatnonzero(facts.disposition == REJECTED)
        if not len(rows):
            return
        owner = as_ints(prepared.lines, "_owner")
        own = record_starts(as_ints(prepared.lines, "_record")) & (facts.disposition == REJECTED)[owner]
        names = ("_record", "_line", "_start", "_length")
        # A copy, of which each reject has a view: the rows of the whole span are let go of.
        places = np.column_stack([as_ints(prepared.lines, name)[own] for name in names])
        starts = np.searchsorted(owner[own], rows)
        ends = [*starts[1:].tolist(), len(places)]
        ages = ages_of(prepared, rows)
        records, lines = places[starts, 0].tolist(), places[starts, 1].tolist()
        keys, numbers = (prepared.header.column(name).take(rows).to_pylist() for name in ("_key", "_number"))
        of_documents = zip(rows.tolist(), starts.tolist(), ends, records, lines, keys, numbers, strict=True)
        for document, start, end, record, line, key, number in of_documents:
            problems = facts.problems.get(document, [])
            made = Rejected(number, record, line, problems, places[start:end], as_of=ages.get(document))
            self._found.append(made)
            if key is not None:
                self._by_key[key] = made

    def add_broken(self, broken: Iterable[BrokenRecord]) -> None:
        """Take the unreadable records, after all spans: to their document where they have one, else alone."""
        for record in broken:
            owner = self._by_key.get(record.key) if record.key is not None else None
            if owner is None:
                nothing = np.empty((0, 4), np.int64)
                owner = Rejected(
                    record.number or record.key or "", record.record, record.file_line, [record.problem], nothing
                )
                self._found.append(owner)
                if record.key is not None:
                    self._by_key[record.key] = owner
            elif not any(problem is record.problem for problem in owner.problems):
                owner.problems.append(record.problem)
            owner.broken.append(record)

    def alone(self) -> list[Rejected]:
        """Return the rejects that consist of unreadable records only."""
        return [made for made in self._found if not len(made.rows)]

    def in_file_order(self, claim: Claim) -> list[Rejected]:
        """Return all rejects with their ids, numbered in file order."""
        self._found.sort(key=lambda made: made.first_record)
        for number, made in enumerate(self._found, start=1):
            made.id = reject_id(claim.id, number)
        return self._found


def reject_rows(rejects: Iterable[Rejected]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield (start, length, the seven cells) of each readable row; a row shows the first of its problems."""
    for reject in rejects:
        shown: dict[int, Problem] = {}
        for problem in reject.problems:
            shown.setdefault(reject.first_record if problem.record is None else problem.record, problem)
        for record, file_line, start, length in reject.rows.tolist():
            problem_here = shown.get(record)
            words = _NOTHING if problem_here is None else _words(problem_here)
            yield start, length, (reject.id, str(file_line), *words)


def _words(problem: Problem) -> tuple[str, ...]:
    return (problem.field or "", problem.value or "", problem.code, problem.message, problem.remedy)


def problem_lines(
    rejects: Iterable[Rejected], raw: Callable[[Layout, int, int], bytes], claim: Claim, layout: Layout
) -> Iterator[bytes]:
    """Yield one JSON line for each problem; unreadable records travel here alone, as bytes."""
    for reject in rejects:
        waiting = {record.record: record for record in reject.broken}
        for problem in reject.problems:
            row = problem_row(problem, claim, reject.id, reject.number)
            record = waiting.pop(problem.record, None) if problem.record is not None else None
            if record is not None:
                data = raw(layout, record.start, min(record.length, RAW_REJECT_BYTES))
                row["raw"] = data.decode(layout.encoding, errors="backslashreplace")
                row["raw_base64"] = base64.b64encode(data).decode()
                row["raw_bytes"] = record.length
            yield as_line(row)


def problem_row(problem: Problem, claim: Claim, reject: str | None, number: str) -> dict[str, object]:
    """Return the JSON object of one problem."""
    return {
        "reject_id": reject,
        "document": number or None,
        "file": claim.source.shown,
        "line": problem.file_line,
        "field": problem.field,
        "value": problem.value,
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "remedy": problem.remedy,
    }


def as_line(row: dict[str, object]) -> bytes:
    """Return one line of JSON."""
    try:
        return to_json(row) + b"\n"
    except PydanticSerializationError:
        # A file name that is no UTF-8 travels with its bytes spelled out.
        text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
        return text.encode(errors="backslashreplace") + b"\n"
