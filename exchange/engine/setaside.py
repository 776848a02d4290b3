"""Writes what does not go out: reject files for people, held rows for a later release."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from exchange.engine.outputs import Numbers
from exchange.engine.reject_book import blocks_of, write_reject_book
from exchange.engine.rejects import Rejected, as_line, problem_lines, problem_row, reject_rows
from exchange.kernel.atomic import write_synced
from exchange.kernel.chunk import Ints
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.layout import Layout
from exchange.kernel.model import HELD, REJECTS, Artifact, Claim
from exchange.kernel.naming import returned_name, safe_name, temporary_name
from exchange.kernel.pipeline import SetAside, machine_of
from exchange.kernel.plan import Plan
from exchange.kernel.problems import Problem

Place = tuple[Path, Numbers]
"""(the claim's work folder, the next artifact number)."""


def write_rejects(
    claim: Claim, layout: Layout, format_: SetAside, rejects: list[Rejected], place: Place
) -> list[Artifact]:
    """Write `<source name>.<claim>.rejects.csv` (rows that take more columns) and `.rejects.jsonl` (all problems)."""
    if not rejects:
        return []
    made = []
    if any(len(reject.rows) for reject in rejects):
        rows = sum(len(reject.rows) for reject in rejects)
        blocks = format_.reject_rows(layout, reject_rows(rejects))
        made.append(_artifact(claim, "reject", REJECTS, f"rejects{format_.suffix}", (place, blocks, rows)))
    lines = problem_lines(rejects, format_.raw_record, claim, layout)
    count = sum(len(reject.problems) for reject in rejects)
    made.append(_artifact(claim, "reject", REJECTS, "rejects.jsonl", (place, lines, count)))
    return made


def write_workbook(
    claim: Claim, plan: Plan, layout: Layout, rejects: list[Rejected], place: Place
) -> tuple[list[Artifact], tuple[str, ...]]:
    """Write `<source name>.<claim>.rejects.xlsx`; returns it, and what of the rows does not stand in it."""
    machine, rows = machine_of(plan), sum(len(reject.rows) for reject in rejects)
    if not rows or machine.books is None or machine.books.most == 0:
        return [], ()
    made = place[0] / "rejects.book"
    said = write_reject_book(made, claim, plan, (machine, layout), rejects)
    artifact = _artifact(claim, "reject", REJECTS, "rejects.xlsx", (place, blocks_of(made), rows))
    made.unlink()
    return [artifact], said


def write_refusal(claim: Claim, problems: Iterable[Problem], reject: str, place: Place) -> list[Artifact]:
    """Write the problems of a file that is rejected whole."""
    lines = [as_line(problem_row(problem, claim, reject, "")) for problem in problems]
    return [_artifact(claim, "reject", REJECTS, "rejects.jsonl", (place, lines, len(lines)))]


def write_held(claim: Claim, layout: Layout, format_: SetAside, held: list[Ints], place: Place) -> list[Artifact]:
    """Write the rows of held documents as they came; `release` reads them from there."""
    count = sum(map(len, held))
    if not count:
        return []
    rows = (tuple(row) for block in held for row in block.tolist())
    return [_artifact(claim, "held", HELD, f"held{format_.suffix}", (place, format_.held_rows(layout, rows), count))]


def _artifact(
    claim: Claim, kind: str, endpoint: str, ending: str, content: tuple[Place, Iterable[bytes], int]
) -> Artifact:
    (folder, numbers), blocks, records = content
    number = numbers.next()
    path = folder / f"{number:05}.artifact"
    path.unlink(missing_ok=True)
    written = write_synced(path, blocks)
    crashpoint("setaside.written")
    # Rejects that come back and fail again are named after the source that they are of.
    source = returned_name(claim.source.shown) or claim.source.shown
    name = f"{safe_name(source)}.{claim.id}.{ending}"
    return Artifact(
        claim.id,
        number,
        kind,
        endpoint,
        claim.flow,
        name,
        temporary_name(name, claim.id),
        path.name,
        written.size,
        written.sha256,
        records,
    )
