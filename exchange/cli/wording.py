"""How reports read for people: one file a paragraph, the numbers first, then what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from exchange.kernel.catalogue import CATALOGUE
from exchange.kernel.claim_rows import UNDELIVERED, Delivery
from exchange.kernel.ledger import Brake
from exchange.kernel.model import Counts, FileReport, Preview
from exchange.kernel.reject_rows import ProblemRow

_UNDELIVERED = frozenset(state.value for state in UNDELIVERED)


def many(number: int, word: str) -> str:
    """Return `1 order`, `2 orders`."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def counts(found: Counts) -> str:
    """Return the dispositions that occur: `3 out, 1 held`."""
    parts = [("out", found.out), ("rejected", found.rejected), ("filtered", found.filtered), ("held", found.held)]
    return ", ".join(f"{number:,} {word}" for word, number in parts if number) or "nothing"


_ACTIONS = {"new": "new", "change": "change", "cancel": "cancellation", "return": "return"}


def told(actions: Mapping[str, int]) -> str:
    """Return what targets were told: `5 new, 1 change, 2 cancellations`; blank for nothing but new ones."""
    if not set(actions) - {"new"}:
        return ""
    found = [(actions.get(action, 0), word) for action, word in _ACTIONS.items()]
    return ", ".join(f"{number:,} new" if word == "new" else many(number, word) for number, word in found if number)


def nothing_due(coming: Mapping[str, datetime]) -> str:
    """Return what is said where no schedule has come round: when the next ones will."""
    first = sorted(coming.items(), key=lambda row: row[1])[:3]
    return "nothing is due; next: " + ", ".join(f"{flow} at {moment:%Y-%m-%d %H:%M} UTC" for flow, moment in first)


def report_lines(report: FileReport) -> Iterator[str]:
    """Yield what a person reads of one file."""
    yield f"{report.flow}: {clean(report.file)} (claim {report.claim}) {report.state} in {report.seconds:.1f} s"
    if report.records.total:
        yield (
            f"  in {many(report.documents.total, 'document')} ({many(report.records.total, 'record')}): "
            f"{counts(report.documents)}"
        )
    if said := told(report.actions):
        yield f"  told  {said}"
    for output in report.outputs:
        word = "wait" if output.get("state") in _UNDELIVERED else "out "
        yield f"  {word}  {output['path']} ({many(int(str(output['records'])), 'record')})"
    for code, number in sorted(report.problems.items(), key=lambda item: -item[1]):
        yield f"  {number:>5} x {code}: {CATALOGUE[code].title}"
    for path in report.rejects:
        # The lines of a .jsonl are for reading; what comes back is the file in the source's own columns.
        yield f"  {'see' if path.endswith('.jsonl') else 'fix'}   {path}"
    for note in report.notes:
        yield f"  note  {clean(note)}"
    if report.preview is not None:
        yield from _preview_lines(report.preview)


def _preview_lines(preview: Preview) -> Iterator[str]:
    """Yield what a dry run shows beyond the numbers."""
    for sample in preview.samples:
        yield f"  {clean(sample.path)} for {sample.endpoint} would begin:"
        yield from (f"    | {clean(line)}" for line in sample.text.rstrip().splitlines())
    if preview.rejected:
        yield "  would be rejected:"
    for found in preview.rejected:
        where = f"line {found.file_line}: " if found.file_line else ""
        yield f"    {clean(found.document or '(no number)')}: {where}{found.code}: {clean(found.message)}"
    for word, kept in (("held", preview.held), ("filtered", preview.filtered)):
        for each in kept:
            named = ", ".join(map(clean, each.examples)) + (" ..." if each.documents > len(each.examples) else "")
            yield f"  would be {word}: {each.documents:,} ({clean(each.reason)}): {named}"


def problem_object(problem: ProblemRow) -> dict[str, object]:
    """Return one problem as `--json` shows it."""
    return {
        "code": problem.code,
        "severity": problem.severity,
        "file_line": problem.file_line,
        "field": problem.field,
        "value": problem.value,
        "message": problem.message,
        "remedy": problem.remedy,
    }


def delivery_object(delivery: Delivery) -> dict[str, object]:
    """Return one delivery as `--json` shows it."""
    artifact = delivery.artifact
    return {
        "delivery": delivery.id,
        "endpoint": artifact.endpoint,
        "folder": artifact.folder,
        "name": artifact.name,
        "path": delivery.path,
        "state": artifact.state.value,
        "sha256": artifact.sha256,
        "delivered_at": artifact.delivered_at,
        "acknowledged_at": delivery.acknowledged_at,
    }


def brake_object(brake: Brake) -> dict[str, object]:
    """Return what is paused as `--json` shows it."""
    return {"kind": brake.kind, "name": brake.name, "who": brake.who, "reason": brake.reason, "at": brake.at}


def clean(text: str) -> str:
    """Return text from outside with its control characters made visible: a name must not drive the terminal."""
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)
