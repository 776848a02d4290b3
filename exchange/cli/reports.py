"""How reports read for people: one file a paragraph, the numbers first, then what to do."""

from __future__ import annotations

from collections.abc import Iterator

from exchange.cli.wording import clean, told
from exchange.kernel.catalogue import CATALOGUE
from exchange.kernel.claim_rows import UNDELIVERED
from exchange.kernel.model import Counts, FileReport, Preview
from exchange.kernel.plural import many

_UNDELIVERED = frozenset(state.value for state in UNDELIVERED)


def counts(found: Counts) -> str:
    """Return the dispositions that occur: `3 out, 1 held`."""
    parts = [("out", found.out), ("rejected", found.rejected), ("filtered", found.filtered), ("held", found.held)]
    return ", ".join(f"{number:,} {word}" for word, number in parts if number) or "nothing"


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
