"""Infers a draft from a sample file: format, rows, columns, groups, matches, in this order."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from exchange.assemble.infer_format import Suggested, one_each, suggest_format
from exchange.assemble.infer_rows import Rows, cannot, front, read_rows
from exchange.documents.loader import Document, document
from exchange.infer.draft import Draft, Inferred, draft
from exchange.infer.evidence import another, looked_for, told
from exchange.infer.grouping import Grouping, nested, propose
from exchange.infer.kinds import Looks, looks_of
from exchange.infer.matching import SURE, Matches, called_like_a_number, match, of_other_fields
from exchange.infer.naming import shared_steps, within, words
from exchange.infer.sample import BYTES, Sample
from exchange.infer.synonyms import kinds, synonyms
from exchange.mapping import moments

_ASK = f"say what to read it as: --reads {', '.join(kinds()[:-1])} or {kinds()[-1]}"
_ITEM = "item_number"
"""Key of documents that are one item each: a file of them has no documents with lines, but items."""
_TOLD_BY_NAME = 1.5
"""What a word such as `stock` in the name of the file or of what its records stand in counts for that document."""
_TOLD_BY_ELEMENT = 4.0
"""What it counts besides in the name of the records or their lines: `InventoryReport` says what it is, and the names
and addresses of all who have to do with it make it look like an order."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What a file turns out to be when it is read as suggested."""

    rows: Rows
    looks: Mapping[str, Looks]
    kind: str
    matches: Matches
    grouping: Grouping | None
    because: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What `exchange infer` found."""

    inferred: Inferred
    draft: Draft
    warnings: tuple[str, ...]
    """What a person has to look at before anything works."""


def infer(path: Path, reads: str | None, name: str | None, sheet: str = "") -> Outcome:
    """Infer a mapping from the file at `path`; raises NotInferred where nothing can be inferred.

    `reads`: the document it makes, chosen by how well it fits where it is None. `name`: of the mapping. `sheet`: of a
    workbook, by name or number; blank for the first that holds a table.
    """
    with tempfile.TemporaryDirectory(prefix="exchange-infer-") as folder:
        copy, cut = front(path, Path(folder), BYTES)
        suggested = suggest_format(copy, sheet, whole=not cut)
        found = _found((path, copy), suggested, reads, cut=cut)
        because = found.because
        if (by_item := one_each(suggested)) is not None and document(found.kind).key == _ITEM:
            suggested = by_item
            found = _found((path, copy), suggested, found.kind, cut=cut)
    kind, rows = found.kind, found.rows
    left_out = f" of its first {BYTES // 1024 // 1024} MB" if cut else ""
    inferred = Inferred(
        file=path.name,
        name=name or f"{slug(path.stem)}/{kind if kind == 'stock' else f'{kind}s'}",
        rows=rows.sample.rows,
        form=suggested.form,
        reasons=_reasons(suggested, rows.told),
        looks=found.looks,
        matches=found.matches,
        grouping=found.grouping,
        chosen_because=because,
        cut=rows.sample.cut + left_out,
        shown=suggested.shown,
    )
    made = draft(inferred)
    return Outcome(inferred, made, (*suggested.warnings, *rows.told, *made.blank))


def _found(files: tuple[Path, Path], suggested: Suggested, reads: str | None, *, cut: bool) -> _Found:
    """Return what is in a file that is read as suggested; `files`: as it is called, and the copy that is read."""
    path, copy = files
    form = dict(suggested.form)
    if cut and form["type"] == "xml":
        form["on_broken"] = "keep_records"
    rows = read_rows(copy, form, suggested.names, suggested.inner)
    called = _called(form, rows.sample)
    looks = {
        name: replace(looks_of(column, readable, called[name]), direct=form["type"] == "xml" and "/" not in name)
        for name, column in rows.sample.columns.items()
    }
    around = {*words(path.stem), *words(path.parent.name), *words(str(form.get("record", "")))}
    elements = {*_last_words(form.get("record")), *_last_words(form.get("lines"))} if form["type"] == "xml" else set()
    if reads is None and (other := another(_last_words(form.get("record")))) and form["type"] == "xml":
        raise cannot(path, f"its {form['record']} says that it is another document ({other}); {_ASK}")
    kind, matches, grouping, because = _document(path, (around, elements), rows.sample, looks, reads)
    return _Found(rows, looks, kind, matches, grouping, because)


def _called(form: Mapping[str, object], sample: Sample) -> dict[str, str]:
    """Return how each column is called where it stands: within its line, and without steps that tell nothing."""
    container = str(form.get("lines", ""))
    called = {
        name: name.removeprefix(container).strip("./") if name in sample.inner else _below(name, form)
        for name in sample.columns
    }
    if form["type"] != "xml":
        return called
    shared = shared_steps([path for name, path in called.items() if name not in sample.inner])
    return {name: within(path, shared) for name, path in called.items()}


def _below(name: str, form: Mapping[str, object]) -> str:
    """Return a column without the way to what stands around the records, where it begins at the root."""
    return name.removeprefix(str(form.get("record", "")).rpartition("/")[0] + "/") if name.startswith("/") else name


def slug(text: str) -> str:
    """Return a text as the name of a folder: small letters, digits and `_`."""
    return re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_") or "partner"


def readable(values: pa.Array, form: str) -> pa.Array:
    """Tell which texts the date steps read in a format."""
    return pa.array(moments.read(values, form)[1])


def _reasons(suggested: Suggested, told: tuple[str, ...]) -> tuple[str, ...]:
    return (*suggested.reasons, *suggested.warnings, *told)


def _document(
    path: Path, told_by: tuple[Set[str], Set[str]], sample: Sample, looks: Mapping[str, Looks], reads: str | None
) -> tuple[str, Matches, Grouping | None, str]:
    """Return the document that fits best, with its matches, its groups and the reason; raises NotInferred for none.

    `told_by`: the words of all names around the records, and of those of the records and lines themselves.
    """
    found = {}
    for kind in (reads,) if reads else kinds():
        called = called_like_a_number(document(kind), looks)
        grouping = _grouping(sample, document(kind), looks, called)
        found[kind] = (match(document(kind), looks, grouping), grouping)
    by_name = {kind: _by_words(*told_by, kind) for kind in found}
    matched = {kind: matches for kind, (matches, _) in found.items()}
    possible = (reads,) if reads else told(matched, {kind for kind, score in by_name.items() if score})
    if not possible:
        raise cannot(path, f"nothing tells what it is; {_ASK}. {looked_for(matched)}")
    scores = {kind: matched[kind].score + by_name[kind] for kind in possible}
    best = max(scores, key=lambda kind: scores[kind])
    fits = ", ".join(f"{kind} {score:.1f}" for kind, score in sorted(scores.items(), key=lambda each: -each[1]))
    because = "as told by --reads" if reads else f"how well it fits: {fits}; --reads chooses another"
    return best, matched[best], found[best][1], because


def _last_words(path: object) -> tuple[str, ...]:
    """Return the words of the last element of a path: `InventoryReport`, without its prefix."""
    return words(str(path or "").rpartition("/")[2].rpartition(":")[2])


def _by_words(spelled: Set[str], elements: Set[str], kind: str) -> float:
    """Return what the words of the file's name and of its records tell of the document."""
    by_name = any(set(told) <= spelled for told in synonyms(kind).told_by)
    by_element = any(set(told) <= elements for told in synonyms(kind).told_by)
    return by_name * _TOLD_BY_NAME + by_element * _TOLD_BY_ELEMENT


def _grouping(
    sample: Sample, kind: Document, looks: Mapping[str, Looks], called: Mapping[str, float]
) -> Grouping | None:
    if sample.begins is None:
        named = frozenset(name for name in looks if called[name] >= SURE)
        others = of_other_fields(kind, looks) - named
        if kind.key == _ITEM and named:
            others = frozenset(looks) - named  # an item is told by its number, not by what it has in common with others
        return propose(sample, {name: look for name, look in looks.items() if name not in others}, called)
    outer = {name: score for name, score in called.items() if name not in sample.inner}
    if not outer:
        return None
    return nested(sample, max(outer, key=lambda name: (outer[name], len(sample.columns[name].distinct))))
