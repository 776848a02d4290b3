"""What a dry run shows beyond numbers: how each output begins, what is rejected and why, what is held and filtered."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from exchange.engine.batch import Batch
from exchange.engine.facts import FILTERED, HELD, Facts
from exchange.engine.prepared import Spool
from exchange.kernel.model import Disposition, Kept, Preview, Refused, Sample
from exchange.kernel.problems import Problem
from exchange.kernel.reject_rows import ProblemRow

SHOWN = 20
"""Most rejected documents that are told."""
EXAMPLES = 5
"""Most documents named for one reason."""
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def preview(batch: Batch, facts: Facts, spool: Spool) -> Preview:
    """Return what a dry run shows of a file that was decided upon."""
    outputs = [artifact for artifact in batch.artifacts if artifact.kind == "output"]
    return Preview(
        samples=tuple(
            Sample(each.endpoint, each.name, as_text(batch.samples[each.number]))
            for each in outputs
            if each.number in batch.samples
        ),
        rejected=tuple(
            _refused(reject.number, problem) for reject in batch.rejects[:SHOWN] for problem in reject.problems
        ),
        held=_kept(facts, spool, HELD),
        filtered=_kept(facts, spool, FILTERED),
    )


def refused(problems: Sequence[ProblemRow]) -> Preview:
    """Return what a dry run shows of a file that is rejected whole."""
    return Preview(rejected=tuple(_refused("", problem) for problem in problems[:SHOWN]))


def as_text(data: bytes) -> str:
    """Return bytes of an output for people, whatever it is encoded in; a last character that was cut is left out."""
    named = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return codecs.getincrementaldecoder(named)().decode(data)
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _refused(number: str, problem: Problem | ProblemRow) -> Refused:
    return Refused(number, problem.code, problem.file_line, problem.field, problem.message, problem.remedy)


def _kept(facts: Facts, spool: Spool, which: int) -> tuple[Kept, ...]:
    """Return the documents of one disposition by reason, the most frequent first."""
    counts: dict[str, int] = {}
    examples: dict[str, list[str]] = {}
    for index, span in enumerate(facts.spans):
        rows = np.flatnonzero(span.disposition == which).tolist()
        numbers = spool.get(index, lines=False).header.column("_number") if rows else ()
        for row in rows:
            reason = span.reason[row] or _WORDS[which]
            counts[reason] = counts.get(reason, 0) + 1
            named = examples.setdefault(reason, [])
            if len(named) < EXAMPLES:
                named.append(numbers[row].as_py())
    return tuple(_most(counts, examples))


def _most(counts: Mapping[str, int], examples: Mapping[str, Sequence[str]]) -> Iterable[Kept]:
    for reason, number in sorted(counts.items(), key=lambda item: -item[1]):
        yield Kept(reason, number, tuple(examples[reason]))


_WORDS = {HELD: Disposition.HELD.value, FILTERED: Disposition.FILTERED.value}
