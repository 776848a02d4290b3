"""What each target's mapping is handed: a row for each document or part it takes, and one for each of its lines."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from exchange.documents.currencies import USUAL, places_of
from exchange.engine.chosen import chosen
from exchange.engine.facts import OUT
from exchange.engine.moves import ACTIONS, CANCEL, NEW, RETURN, Moves, Rows, before, below, ships, told
from exchange.engine.parts import parts_of
from exchange.engine.pieces import FOR, taken_by
from exchange.engine.prepared import Prepared, as_ints, as_mask, picked
from exchange.kernel.chunk import PLACES, Ints, Mask, one_array
from exchange.kernel.pipeline import Machine, Target


@dataclass(frozen=True, slots=True)
class Handed:
    """One target's documents, in the order in which they are written."""

    header: dict[str, pa.Array]
    """Document fields that its header fields read: a row for each document, or part of one."""
    lines: dict[str, pa.Array]
    """Document fields that its line fields read."""
    owner: Ints
    """Header row of each line."""
    document: Ints
    """Document (row in the span) of each header row."""
    source: Ints
    """Row in the span's lines of each line; the document's first where the line is one that was sent before."""
    fresh: Mask
    """Per line: it is the document's own, and not one that was sent before and is cancelled."""
    of_parts: frozenset[str]
    """Header columns that are a part's own."""


def hand_over(
    prepared: Prepared,
    disposition: Ints,
    machine: Machine,
    target: Target,
    channel: str,
    moves: Moves | None = None,
) -> Handed:
    """Return what a target gets of the documents that go out."""
    now, most = _rows(prepared, disposition, machine, target, moves)
    if moves is None:
        if ACTIONS[NEW] not in target.actions:  # everything is new, and it wants to be told of none of that
            now = now.where(np.zeros(len(now.document), bool))
        action, was = np.full(len(now.document), NEW), None
    else:
        was = before(moves, target)
        action, cancelled = told(prepared, target, moves, now, was)
        stays = np.isin(action, [place for place, word in enumerate(ACTIONS) if word in target.actions])
        now, action = now.where(stays), action[stays]
        was = was.where(cancelled & (ACTIONS[CANCEL] in target.actions))
    header = {
        **picked(prepared.header, target.header_inputs, now.document),
        **_places(prepared.header, now.document),
        "channel": pa.repeat(pa.scalar(channel), len(now.document)),
        "action": pa.array(ACTIONS, pa.string()).take(pa.array(action)),
    }
    if target.per_part:
        header |= {"part": pa.array(now.part), "parts": pa.array(most[now.document])}
        header |= picked(prepared.lines, machine.part_fields, now.lines[now.first])
    of_parts = frozenset({"part", "parts", *machine.part_fields} & set(header)) if target.per_part else frozenset()
    lines = picked(prepared.lines, target.line_inputs, now.lines) | _places(prepared.lines, now.lines)
    fresh = np.ones(len(now.lines), bool)
    made = Handed(header, lines, now.owner, now.document, now.lines, fresh, of_parts)
    if moves is not None and was is not None and len(was.document):
        made = _joined(made, prepared, (machine, target), (moves, was), channel)
    return _with_places(made)


def _places(table: pa.Table, rows: Ints) -> dict[str, pa.Array]:
    """Return how many digits the amounts of some rows have; nothing where every currency there has two."""
    if "currency" not in table.column_names:
        return {}
    places = places_of(one_array(table.column("currency")))
    return {} if (places == USUAL).all() else {PLACES: pa.array(places[rows])}


def _with_places(made: Handed) -> Handed:
    """Have each line know the digits of its amounts, by its own currency or that of its document."""
    header, lines = made.header.get(PLACES), made.lines.get(PLACES)
    if header is not None:
        header = header.fill_null(USUAL)
        below_it = header.take(pa.array(made.owner))
        lines = below_it if lines is None else lines
        made = replace(made, header={**made.header, PLACES: header})
    return made if lines is None else replace(made, lines={**made.lines, PLACES: lines.fill_null(USUAL)})


def selectable(prepared: Prepared, disposition: Ints, target: Target) -> tuple[Mask, Mask]:
    """Return which documents and which lines a target would take, but for its `only:`."""
    documents = disposition == OUT
    if target.needs_shipping:
        documents = documents & as_mask(prepared.header, "_ships")
    lines = documents[as_ints(prepared.lines, "_owner")] & as_mask(prepared.lines, "_keep")
    if FOR in prepared.lines.column_names:
        lines &= taken_by(prepared.lines, parts=target.per_part)
    if target.needs_shipping:
        lines &= ships(prepared.lines, target)
    return documents, lines


def selected(prepared: Prepared, disposition: Ints, target: Target) -> tuple[Mask, Mask]:
    """Return which documents and which lines a target takes."""
    documents, lines = selectable(prepared, disposition, target)
    if target.only_header:
        documents = documents & chosen(prepared.header, target.only_header)
        lines &= documents[as_ints(prepared.lines, "_owner")]
    if target.only_lines:
        lines &= chosen(prepared.lines, target.only_lines)
    return documents, lines


def parted(prepared: Prepared, disposition: Ints, machine: Machine, moves: Moves | None) -> Ints:
    """Return the part of each line that goes to a target which takes parts; 0 for the others."""
    taken = np.zeros(prepared.lines.num_rows, bool)
    for target in machine.targets:
        if target.per_part:
            taken |= selected(prepared, disposition, target)[1]
    return parts_of(prepared, taken, machine, None if moves is None else moves.recalled)


def _rows(
    prepared: Prepared, disposition: Ints, machine: Machine, target: Target, moves: Moves | None
) -> tuple[Rows, Ints]:
    """Return the documents or parts that go out to a target as they are now, and how many parts each document has."""
    _, mask = selected(prepared, disposition, target)
    owner = as_ints(prepared.lines, "_owner")
    if moves is not None:
        stops = (CANCEL, RETURN) if ACTIONS[RETURN] not in target.actions else (CANCEL,)
        mask &= ~np.isin(moves.action, stops)[owner]
    lines = np.flatnonzero(mask)
    if not target.per_part:
        return Rows.of(owner[lines], np.ones(len(lines), np.int64), lines), np.empty(0, np.int64)
    part = parted(prepared, disposition, machine, moves)
    return Rows.of(owner[lines], part[lines], lines), _most(owner, part, len(disposition))


def _most(document: Ints, part: Ints, size: int) -> Ints:
    """Return the highest part of each document: all its parts tell the same, whoever gets them."""
    if int(part.max(initial=0)) <= 1:
        return np.ones(size, np.int64)
    parts = np.zeros(size, np.int64)
    np.maximum.at(parts, document, part)
    return parts


def _joined(
    made: Handed, prepared: Prepared, whose: tuple[Machine, Target], gone: tuple[Moves, Rows], channel: str
) -> Handed:
    """Add the parts that are cancelled, as they were sent, each before the parts of its document that go on."""
    machine, target = whose
    recalled, was = gone[0].recalled, gone[1]
    place = np.searchsorted(recalled.document, was.document)
    rows = (len(made.document), len(was.document))
    header = {
        **picked(recalled.header, target.header_inputs, place),
        **_places(recalled.header, place),
        "channel": pa.repeat(pa.scalar(channel), rows[1]),
        "action": pa.repeat(pa.scalar(ACTIONS[CANCEL]), rows[1]),
    }
    if target.per_part:
        most = _most(as_ints(recalled.lines, "_owner"), as_ints(recalled.lines, "_part"), len(recalled.document))
        header |= {"part": pa.array(was.part), "parts": pa.array(most[place])}
        header |= picked(recalled.lines, machine.part_fields, was.lines[was.first])
    document = np.concatenate([made.document, was.document])
    is_cancel = np.repeat([False, True], rows)
    order = np.lexsort((~is_cancel, document))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    owner = rank[np.concatenate([made.owner, len(made.document) + was.owner])]
    line_order = np.argsort(owner, kind="stable")
    first_line = np.searchsorted(as_ints(prepared.lines, "_owner"), was.document[was.owner])
    gone_lines = picked(recalled.lines, target.line_inputs, was.lines) | _places(recalled.lines, was.lines)
    lines = below(made.lines, gone_lines, (len(made.source), len(was.lines)))
    return Handed(
        _taken(below(made.header, header, rows), order),
        _taken(lines, line_order),
        owner[line_order],
        document[order],
        np.concatenate([made.source, first_line])[line_order],
        np.repeat([True, False], [len(made.source), len(was.lines)])[line_order],
        made.of_parts,
    )


def _taken(columns: dict[str, pa.Array], order: Ints) -> dict[str, pa.Array]:
    return {name: column.take(pa.array(order)) for name, column in columns.items()}
