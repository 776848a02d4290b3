"""What a target is told of documents that it was sent before: parts that are new, changed, cancelled or as before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.engine.chosen import had
from exchange.engine.content import content_hashes
from exchange.engine.pieces import taken_by
from exchange.engine.prepared import Prepared, as_ints, as_mask
from exchange.engine.sent import Recalled
from exchange.kernel.chunk import Ints, Mask, one_array
from exchange.kernel.pipeline import Target

ACTIONS = ("new", "change", "cancel", "return")
NEW, CHANGE, CANCEL, RETURN = range(4)


@dataclass(frozen=True, slots=True)
class Moves:
    """What was decided of the documents of one span that were sent before."""

    action: Ints
    """Per document: place in `ACTIONS`."""
    recalled: Recalled
    """Those that are no longer new, as they were sent last."""

    @property
    def touched(self) -> Mask:
        """Return which documents are not simply new."""
        made: Mask = self.action != NEW
        return made


@dataclass(frozen=True, slots=True)
class Rows:
    """Parts of documents with their lines, in the order of document and part."""

    document: Ints
    """Row in the span of each part's document."""
    part: Ints
    first: Ints
    """First of `lines` of each part."""
    lines: Ints
    """Rows in the table of lines they come from."""

    @classmethod
    def of(cls, document: Ints, part: Ints, lines: Ints) -> Rows:
        """Return the parts of lines whose document (ascending) and part are told."""
        if (part[1:] != part[:-1]).any():
            order = np.lexsort((part, document))
            document, part, lines = document[order], part[order], lines[order]
        begins = np.ones(len(lines), bool)
        begins[1:] = (document[1:] != document[:-1]) | (part[1:] != part[:-1])
        return cls(document[begins], part[begins], np.flatnonzero(begins), lines)

    @property
    def owner(self) -> Ints:
        """Return the part (its place here) of each line."""
        return np.repeat(np.arange(len(self.first)), np.diff(np.append(self.first, len(self.lines))))

    def where(self, stays: Mask) -> Rows:
        """Return some of the parts."""
        lines = self.lines[stays[self.owner]]
        counts = np.diff(np.append(self.first, len(self.lines)))[stays]
        return Rows(self.document[stays], self.part[stays], np.cumsum(counts) - counts, lines)


def before(moves: Moves, target: Target) -> Rows:
    """Return the parts that a target has of the documents that are no longer new, from what was sent."""
    recalled = moves.recalled
    owner = as_ints(recalled.lines, "_owner")
    has = np.array([target.name in text.split(",") for text in recalled.header.column("_targets").to_pylist()], bool)
    if target.needs_shipping:
        has &= as_mask(recalled.header, "_ships")
    wanted = has[owner] & as_mask(recalled.lines, "_keep") & ships(recalled.lines, target)
    wanted &= taken_by(recalled.lines, parts=target.per_part) & had(recalled.lines, target)
    part = as_ints(recalled.lines, "_part") if target.per_part else np.ones(len(owner), np.int64)
    lines = np.flatnonzero(wanted & (part > 0))
    return Rows.of(recalled.document[owner[lines]], part[lines], lines)


def ships(lines: pa.Table, target: Target) -> Mask:
    """Return the lines that a target takes by its own nature."""
    if not target.needs_shipping or "requires_shipping" not in lines.column_names:
        return np.ones(lines.num_rows, bool)
    wanted: Mask = pc.fill_null(lines.column("requires_shipping"), fill_value=True).to_numpy().astype(bool)
    return wanted


def told(prepared: Prepared, target: Target, moves: Moves, now: Rows, was: Rows) -> tuple[Ints, Mask]:
    """Return what is said of each part of `now` (place in `ACTIONS`; -1 for nothing: it is as it was), and which parts
    of `was` are cancelled.
    """
    action = moves.action[now.document].copy()
    known = _pairs(was)
    here = _pairs(now)
    ours = action == CHANGE
    action[ours] = NEW
    common = np.flatnonzero(ours & np.isin(here, known))
    if len(common):
        same = _same(prepared, target, moves.recalled, (now, common), (was, np.searchsorted(known, here[common])))
        action[common] = np.where(same, -1, CHANGE)
    # New: it was sent before, and waits or is rejected now.
    cancelled = ~np.isin(known, here) & ~np.isin(moves.action[was.document], (NEW, RETURN))
    return action, cancelled


def _pairs(rows: Rows) -> Ints:
    """Return one number for each document and part, ascending."""
    return rows.document * 2**20 + rows.part


def _same(
    prepared: Prepared, target: Target, recalled: Recalled, new: tuple[Rows, Ints], old: tuple[Rows, Ints]
) -> Mask:
    """Return which parts have the content that they had: all that the target reads of them, and the lines' numbers."""
    of_header = dict(zip(recalled.document.tolist(), range(len(recalled.document)), strict=True))
    old_headers = np.array([of_header[document] for document in old[0].document[old[1]].tolist()], np.int64)
    compared = (target.header_inputs, tuple(dict.fromkeys([*target.line_inputs, "line_number"])))
    heads = _stacked(compared[0], (prepared.header, new[0].document[new[1]]), (recalled.header, old_headers))
    mine, theirs = new[0].where(_chosen(new)), old[0].where(_chosen(old))
    lines = _stacked(compared[1], (prepared.lines, mine.lines), (recalled.lines, theirs.lines))
    first = np.concatenate([mine.first, len(mine.lines) + theirs.first])
    hashes = content_hashes(heads, lines, first, compared)
    made: Mask = hashes[: len(mine.first)] == hashes[len(mine.first) :]
    return made


def _chosen(rows: tuple[Rows, Ints]) -> Mask:
    stays = np.zeros(len(rows[0].document), bool)
    stays[rows[1]] = True
    return stays


def _stacked(names: tuple[str, ...], *pieces: tuple[pa.Table, Ints]) -> dict[str, pa.Array]:
    """Return some rows of two tables below each other; a column that one of them lacks is blank there."""
    tables = []
    for table, rows in pieces:
        tables.append(table.select([name for name in names if name in table.column_names]).take(pa.array(rows)))
    return columns_of(tables[0], tables[1])


def columns_of(first: pa.Table, second: pa.Table) -> dict[str, pa.Array]:
    """Return the rows of two tables below each other; numbers of different widths get the wider one."""
    together = pa.concat_tables([first, second], promote_options="permissive").combine_chunks()
    return {name: one_array(together.column(name)) for name in together.column_names}


def below(first: Mapping[str, pa.Array], second: Mapping[str, pa.Array], rows: tuple[int, int]) -> dict[str, pa.Array]:
    """Return columns of `rows[0]` and `rows[1]` rows below each other; one that either lacks is blank there."""
    tables = [
        pa.table({**columns, "": pa.nulls(number)}) for columns, number in zip((first, second), rows, strict=True)
    ]
    made = columns_of(*tables)
    del made[""]
    return made
