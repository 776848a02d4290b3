"""Renders orders and their lines by a template, and lets an XSD refuse the records it must."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jinja2 import TemplateSyntaxError, nodes
from markupsafe import Markup, escape

from exchange.formats.template.check import RENDER_FAULTS
from exchange.formats.template.columns import ColumnTemplate, NotPlain, Records
from exchange.formats.template.environment import BLOCKS, rendering_environment
from exchange.formats.template.escape import illegal, with_returns
from exchange.formats.template.nesting import nest, rows
from exchange.kernel.chunk import CellFailure, Fragment, Ints
from exchange.kernel.errors import ConfigurationError, Mistake
from exchange.kernel.pipeline import Columns

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


class XmlTemplateWriter:
    """Writes one XML file format; holds compiled code, so each process makes its own.

    `source` is the template's text, `name` what messages call it, `target` what failures call the receiver,
    `validate` and `explain` the check of a whole document. Raises ConfigurationError where the template cannot be
    compiled; `template_mistakes` finds what else is wrong with it.
    """

    def __init__(
        self,
        source: str,
        name: str,
        target: str,
        validate: Validate | None = None,
        explain: Validate | None = None,
    ) -> None:
        self._name, self._target = name, target
        self._validate, self._explain = validate, explain
        self._environment = rendering_environment()
        try:
            self._syntax = self._environment.parse(source)
            self._template = self._environment.from_string(source)
        except TemplateSyntaxError as fault:
            what = fault.message or "the template cannot be read"
            raise ConfigurationError([Mistake(name, fault.lineno, 1, what)]) from None
        if missing := [block for block in BLOCKS if block not in self._template.blocks]:
            raise ConfigurationError([Mistake(name, 0, 0, f"the block {block!r} is missing") for block in missing])
        self._header, self._footer = self._once("header"), self._once("footer")
        self._compiled: dict[tuple[frozenset[str], frozenset[str]], ColumnTemplate | None] = {}

    def header(self) -> bytes:
        """Return what every file starts with."""
        return self._header

    def footer(self) -> bytes:
        """Return what every file ends with."""
        return self._footer

    def render(self, header: Columns, lines: Columns, owner: Ints) -> tuple[Fragment, list[CellFailure]]:
        """Render one record per header row; `owner` names the header row of each line row, ascending.

        All columns are text. A record with a character XML forbids, or that the schema refuses, is a failure of its
        header row and not in the fragment; the fragment's documents are the header rows of the others.
        """
        count = len(next(iter(header.values()), ()))
        failures = self._illegal(header, lines, owner)
        kept = _without(count, failures)
        if len(kept) < count:
            header, lines, owner = _selected(header, lines, owner, kept)
        parts: list[_Rendered] = []
        for start in range(0, len(kept), RENDER_ROWS):
            rendered = self._refused(self._block(header, lines, owner, start), EXPLAINED - len(failures))
            failures += [_moved(failure, kept, start) for failure in rendered.failures]
            parts.append(rendered)
        return _fragment(parts, kept), failures

    def _once(self, block: str) -> bytes:
        try:
            return "".join(self._template.blocks[block](self._template.new_context({}))).encode()
        except RENDER_FAULTS as fault:
            raise ConfigurationError([Mistake(self._name, 0, 0, f"the block {block!r} fails: {fault}")]) from None

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
        compiled = self._columns(frozenset(header), frozenset(lines))
        if compiled is not None:
            try:
                return _from_text(compiled.render(records), [])
            except NotPlain:
                pass
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

    def _one_by_one(self, records: Records) -> _Rendered:
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
        return _from_text(pa.array(texts, pa.string()), failures)

    # --- validation ----------------------------------------------------------------------------------------
    def _refused(self, rendered: _Rendered, explained: int) -> _Rendered:
        """Return the block without the records that the schema refuses, or that the template left empty."""
        starts = np.concatenate([[0], rendered.ends[:-1]])
        known = {failure.row for failure in rendered.failures}
        empty = set(np.flatnonzero(starts == rendered.ends).tolist()) - known
        failures = [self._invalid(row, "the template writes nothing for it") for row in sorted(empty)]
        for first in range(0, len(rendered.ends) if self._validate else 0, CHECK_ROWS):
            last = min(first + CHECK_ROWS, len(rendered.ends))
            if self._reasons([rendered.data[starts[first] : rendered.ends[last - 1]]]):
                among = [row for row in range(first, last) if row not in known and row not in empty]
                texts = [rendered.data[starts[row] : rendered.ends[row]] for row in among]
                found = self._singly(texts, explained - len(failures))
                failures += [self._invalid(among[at], reason) for at, reason in sorted(found.items())]
        return _emptied(rendered, sorted(failures, key=lambda failure: failure.row))

    def _singly(self, texts: list[bytes], explained: int) -> dict[int, str]:
        """Return the reason for each record that is refused alone, or (keys that must be unique) beside the others."""
        found: dict[int, str] = {}
        for at, text in enumerate(texts):
            if reasons := self._reasons([text]):
                plainer = self._explain(self._file([text])) if self._explain and len(found) < explained else ()
                found[at] = (*plainer, *reasons)[0]
        if self._reasons([text for at, text in enumerate(texts) if at not in found]):
            beside: list[bytes] = []
            for at, text in enumerate(texts):
                if at in found:
                    continue
                if reasons := self._reasons([*beside, text]):
                    found[at] = reasons[0]
                else:
                    beside.append(text)
        return found

    def _reasons(self, texts: list[bytes]) -> Sequence[str]:
        return self._validate(self._file(texts)) if self._validate and texts else ()

    def _file(self, texts: list[bytes]) -> bytes:
        return b"".join((self._header, *texts, self._footer))

    def _invalid(self, row: int, reason: str) -> CellFailure:
        return CellFailure(row, "", None, None, "TARGET_INVALID", {"target": self._target, "reason": reason})


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
    return replace(failure, row=int(kept[start + failure.row]))


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


def _fragment(parts: list[_Rendered], kept: Ints) -> Fragment:
    """Join the blocks; records that failed are left out of ends and documents."""
    ends: list[Ints] = []
    documents: list[Ints] = []
    size = row = 0
    for part in parts:
        good = _without(len(part.ends), part.failures)
        ends.append(part.ends[good] + size)
        documents.append(kept[good + row])
        size, row = size + len(part.data), row + len(part.ends)
    none = np.zeros(0, np.int64)
    written = np.concatenate([none, *ends])
    data = b"".join(part.data for part in parts)
    return Fragment(data, written, np.ones(len(written), np.int64), np.concatenate([none, *documents]))
