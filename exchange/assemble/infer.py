"""Infers a draft from a sample file: format, rows, columns, groups, matches, in this order."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from exchange.assemble.infer_format import Suggested, suggest_format
from exchange.assemble.infer_rows import front, read_rows
from exchange.documents.loader import document
from exchange.infer.draft import Draft, Inferred, draft
from exchange.infer.grouping import Grouping, nested, propose
from exchange.infer.kinds import Looks, looks_of
from exchange.infer.matching import Matches, called_like_a_number, match
from exchange.infer.naming import shared_steps, within, words
from exchange.infer.sample import BYTES, Sample
from exchange.infer.synonyms import kinds, synonyms
from exchange.mapping import moments

_TOLD_BY_NAME = 1.5
"""What a word such as `stock` in the name of the file or of its records counts for that document."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What `exchange infer` found."""

    inferred: Inferred
    draft: Draft
    warnings: tuple[str, ...]
    """What a person has to look at before anything works."""


def infer(path: Path, reads: str | None, name: str | None) -> Outcome:
    """Infer a mapping from the file at `path`; raises NotInferred where nothing can be inferred.

    `reads`: the document it makes, chosen by how well it fits where it is None. `name`: of the mapping.
    """
    with tempfile.TemporaryDirectory(prefix="exchange-infer-") as folder:
        copy, cut = front(path, Path(folder), BYTES)
        suggested = suggest_format(copy, whole=not cut)
        form = dict(suggested.form)
        if cut and form["type"] == "xml":
            form["on_broken"] = "keep_records"
        rows = read_rows(copy, form, suggested.names, suggested.inner)
    called = _called(form, rows.sample)
    looks = {name: looks_of(column, readable, called[name]) for name, column in rows.sample.columns.items()}
    told = {*words(path.stem), *words(path.parent.name), *words(str(form.get("record", "")))}
    kind, matches, grouping, because = _document(told, rows.sample, looks, reads)
    left_out = f" of its first {BYTES // 1024 // 1024} MB" if cut else ""
    inferred = Inferred(
        file=path.name,
        name=name or f"{slug(path.stem)}/{kind if kind == 'stock' else f'{kind}s'}",
        rows=rows.sample.rows,
        form=suggested.form,
        reasons=_reasons(suggested, rows.told),
        looks=looks,
        matches=matches,
        grouping=grouping,
        chosen_because=because,
        cut=rows.sample.cut + left_out,
        shown=suggested.shown,
    )
    return Outcome(inferred, draft(inferred), (*suggested.warnings, *rows.told))


def _called(form: Mapping[str, object], sample: Sample) -> dict[str, str]:
    """Return how each column is called where it stands: within its line, and without steps that tell nothing."""
    container = str(form.get("lines", ""))
    called = {
        name: name.removeprefix(container).strip("./") if name in sample.inner else name for name in sample.columns
    }
    if form["type"] != "xml":
        return called
    shared = shared_steps([path for name, path in called.items() if name not in sample.inner])
    return {name: within(path, shared) for name, path in called.items()}


def slug(text: str) -> str:
    """Return a text as the name of a folder: small letters, digits and `_`."""
    return re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_") or "partner"


def readable(values: pa.Array, form: str) -> pa.Array:
    """Tell which texts the date steps read in a format."""
    return pa.array(moments.read(values, form)[1])


def _reasons(suggested: Suggested, told: tuple[str, ...]) -> tuple[str, ...]:
    return (*suggested.reasons, *suggested.warnings, *told)


def _document(
    told_by: Set[str], sample: Sample, looks: Mapping[str, Looks], reads: str | None
) -> tuple[str, Matches, Grouping | None, str]:
    """Return the document that fits best, with its matches, its groups and the reason."""
    found = {}
    for kind in (reads,) if reads else kinds():
        called = called_like_a_number(document(kind), looks)
        grouping = _grouping(sample, looks, called)
        found[kind] = (match(document(kind), looks, grouping), grouping)
    scores = {kind: matches.score + _by_words(told_by, kind) for kind, (matches, _) in found.items()}
    best = max(scores, key=lambda kind: scores[kind])
    told = ", ".join(f"{kind} {score:.1f}" for kind, score in sorted(scores.items(), key=lambda each: -each[1]))
    because = "as told by --reads" if reads else f"how well it fits: {told}; --reads chooses another"
    return best, found[best][0], found[best][1], because


def _by_words(spelled: Set[str], kind: str) -> float:
    """Return what the words of the file's name and of its records tell of the document."""
    return _TOLD_BY_NAME if any(set(told) <= spelled for told in synonyms(kind).told_by) else 0.0


def _grouping(sample: Sample, looks: Mapping[str, Looks], called: Mapping[str, float]) -> Grouping | None:
    if sample.begins is None:
        return propose(sample, looks, called)
    outer = {name: score for name, score in called.items() if name not in sample.inner}
    if not outer:
        return None
    return nested(sample, max(outer, key=lambda name: (outer[name], len(sample.columns[name].distinct))))
