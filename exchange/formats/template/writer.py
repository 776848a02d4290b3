"""Renders orders and their lines by a template, and lets an XSD refuse the records it must."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jinja2 import TemplateSyntaxError, nodes
from markupsafe import Markup, escape

from exchange.formats.template.check import RENDER_FAULTS
from exchange.formats.template.columns import ColumnTemplate, NotPlain, Records
from exchange.formats.template.environment import BLOCKS, rendering_environment
from exchange.formats.template.escape import attributes_kept, illegal, with_breaks, with_returns
from exchange.formats.template.nesting import nest, rows
from exchange.formats.template.totals import Totals, added, no_numbers, totals_of
from exchange.kernel.chunk import CellFailure, Fragment, Ints, Mask
from exchange.kernel.errors import ConfigurationError, Mistake
from exchange.kernel.naming import CLAIM_LENGTH
from exchange.kernel.pipeline import Columns, FileFacts

_CODE = "TEMPLATE_INVALID"
RENDER_ROWS = 8192
"""Records rendered together: enough for column kernels, little enough to keep memory and 32-bit offsets small."""
CHECK_ROWS = 64
"""Records parsed and validated together; one that is refused makes its whole block be validated one by one."""
EXPLAINED = 100
"""Refused records per call that get the slower, plainer message."""

Validate = Callable[[bytes], Sequence[str]]
"""A whole document -> what is wrong with it; nothing where it is valid."""


@dataclass(frozen=True, slots=True)
class _Rendered:
    data: bytes
    ends: Ints
    """End of each record in `data`."""
    failures: list[CellFailure]
    """By row within the block; a failed record is an empty stretch of `data`."""


_Around = tuple[bytes, bytes]
"""What stands before and behind records while they are validated."""


class XmlTemplateWriter:
    """Writes one XML file format; holds compiled code, so each process makes its own.

    `source` is the template's text, `name` what messages call it, `target` what failures call the receiver,
    `validate` and `explain` the check of a whole document, `totals` the fields that header and footer may tell the sum
    of. Raises ConfigurationError where the template cannot be compiled; `template_mistakes` finds what else is wrong.
    """

    def __init__(
        self,
        source: str,
        name: str,
        target: str,
        validate: Validate | None = None,
        explain: Validate | None = None,
        *,
        totals: Sequence[str] = (),
    ) -> None:
        self._name, self._target, self._totals = name, target, tuple(totals)
        self._checked_together = CHECK_ROWS
        self._validate, self._explain = validate, explain
        self._environment = rendering_environment()
        try:
            self._syntax = self._environment.parse(source)
            self._template = self._environment.from_string(source)
        except TemplateSyntaxError as fault:
            what = fault.message or "the template cannot be read"
            raise ConfigurationError([Mistake(name, fault.lineno, 1, what, "", _CODE)]) from None
        if missing := [block for block in BLOCKS if block not in self._template.blocks]:
            said = [f"the block {block!r} is missing" for block in missing]
            raise ConfigurationError([Mistake(name, 0, 0, what, "", _CODE) for what in said])
        self.tells = any(self._names_file(block) for block in self._syntax.find_all(nodes.Block))
        """Whether header or footer tell something of their file, so that they are made when it is finished."""
        self._constant: _Around = (b"", b"") if self.tells else (self._once("header"), self._once("footer"))
        self._compiled: dict[tuple[frozenset[str], frozenset[str]], ColumnTemplate | None] = {}

    def one_each(self) -> XmlTemplateWriter:
        """Return the writer for files of one record: two of them together need not be valid."""
        self._checked_together = 1
        return self

    def header(self) -> bytes:
        """Return what every file starts with; nothing where that depends on the file."""
        return self._constant[0]

    def footer(self) -> bytes:
        """Return what every file ends with; nothing where that depends on the file."""
        return self._constant[1]

    def around(self, facts: FileFacts) -> tuple[bytes, bytes]:
        """Return what a file of which so much is known starts and ends with."""
        if not self.tells:
            return self._constant
        told = {
            "name": facts.name,
            "claim": facts.claim,
            "part": facts.part,
            "date": facts.date,
            "documents": facts.documents,
            "lines": facts.lines,
            "totals": nest({name: f"{total:f}" for name, total in facts.totals.items()}),
        }
        return self._once("header", told), self._once("footer", told)

    def render(self, header: Columns, lines: Columns, owner: Ints) -> tuple[Fragment, list[CellFailure]]:
        """Render one record per header row; `owner` names the header row of each line row, ascending.

        All columns are text. A record with a character XML forbids, or that the schema refuses, is a failure of its
        header row and not in the fragment; the fragment's documents are the header rows of the others.
        """
        count = len(next(iter(header.values()), ()))
        failures = [*self._illegal(header, lines, owner), *no_numbers(header, lines, owner, self._totals)]
        kept = _without(count, failures)
        if len(kept) < count:
            header, lines, owner = _selected(header, lines, owner, kept)
        totals = totals_of(header, lines, owner, self._totals, len(kept)) if self.tells else None
        parts: list[_Rendered] = []
        for start in range(0, len(kept), RENDER_ROWS):
            rendered = self._block(header, lines, owner, start)
            around = self._sample(totals, start, start + len(rendered.ends))
            rendered = self._refused(rendered, EXPLAINED - len(failures), around)
            failures += [_moved(failure, kept, start) for failure in rendered.failures]
            parts.append(rendered)
        return _fragment(parts, kept, totals), failures

    @staticmethod
    def _names_file(block: nodes.Block) -> bool:
        return any(name.name == "file" for name in block.find_all(nodes.Name))

    def _sample(self, totals: Totals | None, start: int, stop: int) -> _Around:
        """Return what records are validated in: as if those of their block were a file."""
        if totals is None:
            return self._constant
        sums = {name: added(values[start:stop]) for name, values in totals.values.items()}
        counts = (stop - start, int(totals.lines[start:stop].sum()))
        return self.around(FileFacts("file.xml", "0" * CLAIM_LENGTH, 1, "2000-01-01", *counts, sums))

    def _once(self, block: str, told: Mapping[str, object] | None = None) -> bytes:
        try:
            return "".join(self._template.blocks[block](self._template.new_context({"file": told or {}}))).encode()
        except RENDER_FAULTS as fault:
            what = f"the block {block!r} fails: {fault}"
            raise ConfigurationError([Mistake(self._name, 0, 0, what, "", _CODE)]) from None

    def _illegal(self, header: Columns, lines: Columns, owner: Ints) -> list[CellFailure]:
        failures = [failure for name, column in header.items() for failure in illegal(name, column, None, self._target)]
        for name, column in lines.items():
            failures += illegal(name, column, owner, self._target)
        return failures

    # --- rendering -----------------------------------------------------------------------------------------
    def _block(self, header: Columns, lines: Columns, owner: Ints, start: int) -> _Rendered:
        count = min(RENDER_ROWS, len(next(iter(header.values()))) - start)
        first, last = (int(at) for at in np.searchsorted(owner, [start, start + count]))
        here = {name: column.slice(start, count) for name, column in header.items()}
        there = {name: column.slice(first, last - first) for name, column in lines.items()}
        records = Records(here, there, owner[first:last] - start, count)
        texts, failures = self._texts(records)
        return _from_text(attributes_kept(texts, _broken(records)), failures)

    def _texts(self, records: Records) -> tuple[pa.Array, list[CellFailure]]:
        compiled = self._columns(frozenset(records.header), frozenset(records.lines))
        if compiled is not None:
            with suppress(NotPlain):
                return compiled.render(records), []
        return self._one_by_one(records)

    def _columns(self, fields: frozenset[str], lines: frozenset[str]) -> ColumnTemplate | None:
        if (fields, lines) not in self._compiled:
            block = next(found for found in self._syntax.find_all(nodes.Block) if found.name == "record")
            try:
                made = ColumnTemplate(block, set(fields), set(lines))
            except NotPlain:
                made = None
            self._compiled[fields, lines] = made
        return self._compiled[fields, lines]

    def _one_by_one(self, records: Records) -> tuple[pa.Array, list[CellFailure]]:
        orders = rows(nest(_lists(records.header)), records.count)
        lines = rows(nest(_lists(records.lines)), len(records.owner))
        for order, (first, last) in zip(orders, pairwise(records.bounds.tolist()), strict=True):
            order["lines"] = lines[first:last]
        texts, failures = [], []
        block, context = self._template.blocks["record"], self._template.new_context({"order": None})
        for row, order in enumerate(orders):
            context.parent["order"] = order
            try:
                texts.append("".join(block(context)))
            except RENDER_FAULTS as fault:
                texts.append("")
                failures.append(self._invalid(row, f"the template fails: {fault}"))
        return pa.array(texts, pa.string()), failures

    # --- validation ----------------------------------------------------------------------------------------
    def _refused(self, rendered: _Rendered, explained: int, around: _Around) -> _Rendered:
        """Return the block without the records that the schema refuses, or that the template left empty."""
        starts = np.concatenate([[0], rendered.ends[:-1]])
        known = {failure.row for failure in rendered.failures}
        empty = set(np.flatnonzero(starts == rendered.ends).tolist()) - known
        failures = [self._invalid(row, "the template writes nothing for it") for row in sorted(empty)]
        for first in range(0, len(rendered.ends) if self._validate else 0, self._checked_together):
            last = min(first + self._checked_together, len(rendered.ends))
            if self._reasons([rendered.data[starts[first] : rendered.ends[last - 1]]], around):
                among = [row for row in range(first, last) if row not in known and row not in empty]
                texts = [rendered.data[starts[row] : rendered.ends[row]] for row in among]
                found = self._singly(texts, explained - len(failures), around)
                failures += [self._invalid(among[at], reason) for at, reason in sorted(found.items())]
        return _emptied(rendered, sorted(failures, key=lambda failure: failure.row))

    def _singly(self, texts: list[bytes], explained: int, around: _Around) -> dict[int, str]:
        """Return the reason for each record that is refused alone; what only several break the finished file tells."""
        found: dict[int, str] = {}
        for at, text in enumerate(texts):
            if reasons := self._reasons([text], around):
                plainer = self._explain(_file([text], around)) if self._explain and len(found) < explained else ()
                found[at] = (*plainer, *reasons)[0]
        return found

    def _reasons(self, texts: list[bytes], around: _Around) -> Sequence[str]:
        return self._validate(_file(texts, around)) if self._validate and texts else ()

    def _invalid(self, row: int, reason: str) -> CellFailure:
        return CellFailure(row, "", None, None, "TARGET_INVALID", {"target": self._target, "reason": reason})


def _file(texts: list[bytes], around: _Around) -> bytes:
    return b"".join((around[0], *texts, around[1]))


def _broken(records: Records) -> Mask:
    """Return the records with a tab or a line feed in a value."""
    rows = np.zeros(records.count, np.bool_)
    for column in records.header.values():
        rows |= with_breaks(column)
    for column in records.lines.values():
        rows[records.owner[with_breaks(column)]] = True
    return rows


def _from_text(text: pa.Array, failures: list[CellFailure]) -> _Rendered:
    _, offsets, data = text.buffers()
    borders = np.frombuffer(offsets, np.int32)[text.offset : text.offset + len(text) + 1].astype(np.int64)
    shared = memoryview(data)[borders[0] : borders[-1]] if data is not None else b""
    return _Rendered(bytes(shared), borders[1:] - borders[0], failures)


def _lists(columns: Columns) -> dict[str, list[object]]:
    """Return the columns as lists; carriage returns are escaped here, as Jinja2 does not."""
    return {
        name: [_with_references(cell) for cell in column.to_pylist()] if with_returns(column) else column.to_pylist()
        for name, column in columns.items()
    }


def _with_references(cell: str | None) -> str | None:
    return Markup(str(escape(cell)).replace("\r", "&#13;")) if cell and "\r" in cell else cell  # noqa: S704 - escaped here


def _without(count: int, failures: list[CellFailure]) -> Ints:
    kept = np.ones(count, np.bool_)
    kept[[failure.row for failure in failures]] = False
    return np.flatnonzero(kept)


def _selected(header: Columns, lines: Columns, owner: Ints, kept: Ints) -> tuple[Columns, Columns, Ints]:
    """Return the kept header rows, their lines, and the owners counted anew."""
    own = np.isin(owner, kept)
    rows_kept, lines_kept = pa.array(kept), pa.array(np.flatnonzero(own))
    renumbered: Ints = np.searchsorted(kept, owner[own]).astype(np.int64)
    return _taken(header, rows_kept), _taken(lines, lines_kept), renumbered


def _taken(columns: Mapping[str, pa.Array], at: pa.Array) -> dict[str, pa.Array]:
    return {name: pc.take(column, at) for name, column in columns.items()}


def _moved(failure: CellFailure, kept: Ints, start: int) -> CellFailure:
    return failure._replace(row=int(kept[start + failure.row]))


def _emptied(rendered: _Rendered, failures: list[CellFailure]) -> _Rendered:
    """Return the block with the given records cut out of its data, and their failures added."""
    if not failures:
        return rendered
    bad = np.array([failure.row for failure in failures])
    lengths = np.diff(rendered.ends, prepend=0)
    starts = rendered.ends - lengths
    pieces, place = [], 0
    for row in bad.tolist():
        pieces.append(rendered.data[place : starts[row]])
        place = int(rendered.ends[row])
    pieces.append(rendered.data[place:])
    lengths[bad] = 0
    return _Rendered(b"".join(pieces), np.cumsum(lengths), [*rendered.failures, *failures])


def _fragment(parts: list[_Rendered], kept: Ints, totals: Totals | None) -> Fragment:
    """Join the blocks; records that failed are left out of ends, documents and totals."""
    ends: list[Ints] = []
    written: list[Ints] = []
    size = row = 0
    for part in parts:
        good = _without(len(part.ends), part.failures)
        ends.append(part.ends[good] + size)
        written.append(good + row)
        size, row = size + len(part.data), row + len(part.ends)
    none = np.zeros(0, np.int64)
    rows_written = np.concatenate([none, *written])
    data = b"".join(part.data for part in parts)
    told = totals.of(rows_written) if totals is not None else Totals()
    ones = np.ones(len(rows_written), np.int64)
    return Fragment(data, np.concatenate([none, *ends]), ones, kept[rows_written], told.lines, told.values)
