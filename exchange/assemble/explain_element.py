"""Finds which fields of a mapping an element of rendered XML is made of, by rendering it with each one changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from exchange.assemble.sources import Outbound
from exchange.config.formats import XmlFormat
from exchange.config.workspace import template_file
from exchange.engine.handed import Handed
from exchange.formats.template.writer import XmlTemplateWriter
from exchange.formats.xml.at import Held, held
from exchange.kernel.pipeline import Columns, Target

_MARKS = ("Qz{}zQ", "73{:06}")
"""Texts that no file has; the second for templates that calculate."""


@dataclass(frozen=True, slots=True)
class Feeds:
    """A field whose value an element shows, or depends on."""

    field: str
    line: int
    """Line of the record, from 0; -1 for a field of the document."""
    shown: bool
    """Whether its very text stands there; else the element only changes with it."""


class Record:
    """One rendered record and the fields it is made of."""

    def __init__(self, out: Outbound, target: Target, handed: Handed, part: int) -> None:
        if not isinstance(out.mapping.format, XmlFormat):
            raise TypeError(f"{out.delivery.mapping} writes no XML")
        own = np.flatnonzero(handed.owner == part)
        header, _ = target.map_header(handed.header, len(handed.document))
        lines, _ = target.map_lines(handed.lines, len(handed.source))
        self._header = {name: cells.slice(part, 1) for name, cells in header.items()}
        self._lines = {name: cells.take(pa.array(own)) for name, cells in lines.items()}
        self._owner = np.zeros(len(own), np.int64)
        # Without the XSD: what is put in to see where it comes out need not be valid.
        self._writer = XmlTemplateWriter(
            out.template, template_file(out.mapping.format.template), target.name, totals=out.mapping.totals
        )

    def feeds(self, element: Held) -> list[Feeds]:
        """Return the fields that an element (or attribute) is made of; none where the template alone writes it."""
        plain = self._texts(self._header, self._lines)
        found = [
            Feeds(name, line, shown=shown)
            for name, line, texts, mark in self._changed()
            if (shown := mark.lower() in texts.get(element.path, "").lower())
            or texts.get(element.path) != plain.get(element.path)
        ]
        return [each for each in found if each.shown] or found

    def _changed(self) -> Iterator[tuple[str, int, dict[str, str], str]]:
        """Yield (field, line, the record's texts with another value in it, that value)."""
        places = [(name, -1) for name, cells in self._header.items() if cells[0].is_valid]
        places += [(name, line) for name, cells in self._lines.items() for line in _filled(cells)]
        for number, (name, line) in enumerate(places):
            for pattern in _MARKS:
                mark = pattern.format(number)
                header = self._header if line >= 0 else {**self._header, name: pa.array([mark])}
                lines = self._lines if line < 0 else {**self._lines, name: _with(self._lines[name], line, mark)}
                if texts := self._texts(header, lines):
                    yield name, int(line), texts, mark
                    break

    def _texts(self, header: Columns, lines: Columns) -> dict[str, str]:
        """Return what each element holds; nothing where the template cannot be rendered so."""
        fragment, _ = self._writer.render(header, lines, self._owner)
        text = bytes(fragment.data).decode()
        return {found.path: found.text for found in held(text)} if text else {}


def _filled(cells: pa.Array) -> list[int]:
    return [row for row, cell in enumerate(cells.to_pylist()) if cell is not None]


def _with(cells: pa.Array, row: int, text: str) -> pa.Array:
    return pa.array([text if place == row else cell for place, cell in enumerate(cells.to_pylist())], pa.string())
