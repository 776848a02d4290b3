"""Tells how each field of a partner's import file came from the document, and so from the cells of another file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from exchange.assemble.explain_document import OneDocument
from exchange.assemble.explain_inbound import Inbound, Places, level_of, steps_of
from exchange.assemble.explain_shown import Shown, Source
from exchange.assemble.sources import Sources
from exchange.documents.loader import document
from exchange.engine.facts import OUT
from exchange.engine.handed import Handed, hand_over
from exchange.engine.moves import Moves
from exchange.engine.prepared import Prepared, as_ints, sold_line
from exchange.kernel.pipeline import Target
from exchange.kernel.problems import Problem
from exchange.mapping.explain import Filled, explain

_CHANGED = "as the rules of the flow leave it"
_BEFORE = "as it was sent before: it is cancelled now"


@dataclass(frozen=True, slots=True)
class Outbound:
    """One document as a target gets it."""

    handed: Handed
    header: tuple[Shown, ...]
    """Row by row: of a document, or of each of its parts."""
    lines: tuple[Shown, ...]
    """Line by line, as they are written; `row` counts the lines of the whole document."""


def outbound(
    root: Path, sources: Sources, one: OneDocument, target: int, known: tuple[Inbound, str, Moves | None]
) -> Outbound:
    """Return how the fields of a target came to be.

    `known`: the document's own fields, the claim's channel, and what was told of a document that was sent before.
    """
    inbound, channel, moves = known
    out = np.full(one.grouping.size, OUT)
    chosen = one.machine.targets[target]
    handed = hand_over(one.prepared, out, one.machine, chosen, channel, moves)
    name = sources.outbound[target].delivery.mapping
    teller = _Teller(root, sources, name, chosen, (inbound, handed, one.prepared), Places.read(root, name))
    header = explain(level_of(chosen.map_header), handed.header, len(handed.document))
    lines = explain(level_of(chosen.map_lines), handed.lines, len(handed.source))
    return Outbound(
        handed,
        tuple(teller.shown(made, in_lines=False) for made in sorted(header, key=lambda made: made.row)),
        tuple(teller.shown(made, in_lines=True) for made in sorted(lines, key=lambda made: made.row)),
    )


@dataclass(frozen=True, slots=True)
class _Teller:
    root: Path
    sources: Sources
    name: str
    """Of the mapping."""
    chosen: Target
    document: tuple[Inbound, Handed, Prepared]
    """How its own fields came to be, what the target gets of it, and the whole of it."""
    places: Places

    def shown(self, made: Filled, *, in_lines: bool) -> Shown:
        """Return a field with how the document's fields came to be that it starts from."""
        return Shown(
            self.name,
            "lines" if in_lines else "fields",
            made.row + 1,
            made.name,
            self.places.of(made.path),
            self._line(made.row, in_lines=in_lines),
            tuple(self._source(made.row, field, text, in_lines=in_lines) for field, text in made.inputs),
            steps_of(made.stages, self.root, self.sources, self.places),
            made.value,
            tuple(self._problems(made, in_lines=in_lines)),
        )

    def _line(self, row: int, *, in_lines: bool) -> int:
        """Return the line of the partner's file that a row comes from; that of its first line for a document."""
        _, handed, prepared = self.document
        at = row if in_lines else int(np.searchsorted(handed.owner, row))
        return int(as_ints(prepared.lines, "_line")[int(handed.source[at])])

    def _source(self, row: int, name: str, text: str | None, *, in_lines: bool) -> Source:
        if not self._fresh(row, in_lines=in_lines):
            return Source(name, text, note=_BEFORE)
        came = self._fields(row, name, in_lines=in_lines).get(name)
        if came is None:
            return Source(name, text, note=self._computed(name, in_lines=in_lines))
        return Source(name, text, note="" if came.value == text else _CHANGED, came=came)

    def _fresh(self, row: int, *, in_lines: bool) -> bool:
        """Tell whether a row is of the document as it is, not of what was sent before and is cancelled."""
        _, handed, _ = self.document
        return bool(handed.fresh[row if in_lines else int(np.searchsorted(handed.owner, row))])

    def _fields(self, row: int, name: str, *, in_lines: bool) -> Mapping[str, Shown]:
        """Return the document's fields among which one is found: a part has its warehouse from its first line."""
        inbound, handed, prepared = self.document
        if not in_lines and name not in handed.of_parts:
            return inbound.header
        line = int(handed.source[row if in_lines else int(np.searchsorted(handed.owner, row))])
        return inbound.lines[sold_line(prepared, line)]

    def _computed(self, name: str, *, in_lines: bool) -> str:
        """Return where a field comes from that the inbound mapping does not fill."""
        kind = document(self.sources.mapping.reads or "")
        known = (kind.computed_lines if in_lines else kind.computed_fields).get(name)
        return f"set by the product: {known.description}" if known else f"{self.sources.name} does not fill it"

    def _problems(self, made: Filled, *, in_lines: bool) -> Iterator[Problem]:
        """Yield what the target's mapping refuses, named as the run names it: by the source's own column."""
        for failure in made.failures:
            detail = {"target": self.chosen.name, **failure.detail}
            field = failure.column or failure.field
            came = self._fields(made.row, field, in_lines=in_lines).get(field)
            where = came.sources[0].name if came is not None and came.sources else field
            yield Problem(failure.code, field=where, value=failure.value, detail=detail)
