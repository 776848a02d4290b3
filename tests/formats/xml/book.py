"""One XML file as it was read."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

from exchange.formats.delimited.flat import FlatReader
from exchange.formats.xml.setaside import XmlSetAside
from exchange.formats.xml.shape import Shape
from exchange.kernel.chunk import Chunk
from exchange.kernel.layout import Layout, Survey
from exchange.kernel.problems import Problem


class Book:
    """What a reader makes of a file."""

    def __init__(self, shape: Shape, reader: FlatReader, path: Path) -> None:
        self.shape, self.reader, self.path = shape, reader, path

    @cached_property
    def survey(self) -> Survey:
        """The first look."""
        return self.reader.survey(self.path)

    @property
    def layout(self) -> Layout:
        """The layout of the flat copy."""
        assert self.survey.layout is not None, self.codes
        return self.survey.layout

    @cached_property
    def chunks(self) -> list[Chunk]:
        """All that is read."""
        return [self.reader.parse(span, self.layout) for span in self.reader.spans(self.layout)]

    @property
    def codes(self) -> list[str]:
        """What is wrong with the file as a whole."""
        return [problem.code for problem in self.survey.problems]

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with its records."""
        return [problem for chunk in self.chunks for problem in chunk.problems]

    @property
    def lines(self) -> list[int]:
        """Physical line of each row."""
        return [int(line) for chunk in self.chunks for line in chunk.positions.file_line]

    def rows(self, *columns: str) -> list[Any]:
        """Return the cells of one column, or of several as tuples."""
        frames = [chunk.frame for chunk in self.chunks]
        cells = [[cell if isinstance(cell, str) else None for f in frames for cell in f[name]] for name in columns]
        return cells[0] if len(cells) == 1 else list(zip(*cells, strict=True))

    def set_aside(self, wanted: Iterable[int], *, held: bool = False) -> str:
        """Return the file that some rows are set aside in; rejects are called `id<row>`."""
        where = [
            place for chunk in self.chunks for place in zip(chunk.positions.start, chunk.positions.length, strict=True)
        ]
        aside = XmlSetAside(self.shape)
        if held:
            return b"".join(
                aside.held_rows(self.layout, [(int(where[row][0]), int(where[row][1])) for row in wanted])
            ).decode()
        rows = [(int(where[row][0]), int(where[row][1]), (f"id{row}", *("",) * 6)) for row in wanted]
        return b"".join(aside.reject_rows(self.layout, rows)).decode()
