"""Writes what a partner is told of his own file: its counts, and one line for each problem."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from exchange.config.models import Feedback
from exchange.engine.control import control_name
from exchange.engine.outputs import Numbers
from exchange.kernel.atomic import write_synced
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.model import Artifact, Claim, Counts
from exchange.kernel.naming import safe_name, temporary_name
from exchange.kernel.plural import many
from exchange.kernel.problems import Problem

COLUMNS = ("kind", "file", "claim", "line", "document", "field", "value", "code", "message", "remedy")
Told = tuple[str, Problem]
"""(document number, blank for none; its problem)."""


def write_feedback(
    claim: Claim, how: Feedback | None, counts: Counts, told: Iterable[Told], place: tuple[Path, Numbers]
) -> list[Artifact]:
    """Write the feedback file of a claim; none where the pick-up asks for none."""
    if how is None:
        return []
    folder, numbers = place
    number = numbers.next()
    name = safe_name(control_name(how.name, claim.source.shown))
    path = folder / f"{number:05}.artifact"
    path.unlink(missing_ok=True)
    problems = list(told)
    written = write_synced(path, _rows(claim, counts, problems))
    crashpoint("feedback.written")
    where = (how.to, how.folder, name, temporary_name(name, claim.id), path.name)
    return [Artifact(claim.id, number, "feedback", *where, written.size, written.sha256, len(problems), "unique")]


def _rows(claim: Claim, counts: Counts, told: Iterable[Told]) -> Iterator[bytes]:
    which = (claim.source.shown, claim.id)
    said = (
        f"{many(counts.total, 'record')}: {counts.out} taken, {counts.rejected} rejected, "
        f"{counts.filtered} not needed, {counts.held} waiting"
    )
    yield _line(COLUMNS)
    yield _line(("summary", *which, "", "", "", "", "", said, ""))
    for number, problem in told:
        line = "" if problem.file_line is None else str(problem.file_line)
        where = (*which, line, number, problem.field or "", problem.value or "")
        yield _line((problem.severity, *where, problem.code, problem.message, problem.remedy))


def _line(cells: Iterable[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode()
