"""How files of the format `blocks` are read and written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from exchange.assemble.read_csv import described
from exchange.assemble.sources import Outbound, Sources
from exchange.config.workspace import mapping_file
from exchange.formats.delimited.flat import RECORD, FlatCopy, FlatSetAside, flat_reader
from exchange.formats.delimited.reader import DelimitedReader
from exchange.kernel.chunk import CellFailure, Fragment, Ints
from exchange.kernel.pipeline import Columns, Reader, SetAside, Written
from exchange.kernel.problems import Problem


@dataclass(frozen=True, slots=True)
class Blocks:
    """Flattens a file: a block becomes a row of the copy that is read as any CSV is."""

    wanted: tuple[str, ...]
    sign: str

    def __call__(self, path: Path, copy: FlatCopy) -> Iterable[Problem]:
        """Write the blocks into the copy; yield what is wrong with the file as a whole."""
        copy.header([name for name in self.wanted if name != RECORD])
        for number, (line, block) in enumerate(_blocks(path), start=1):
            cells, odd = {RECORD: str(number)}, ""
            for text in block:
                name, sign, value = text.partition(self.sign)
                odd = odd or ("" if sign else text)
                cells[name.strip()] = value.strip()
            if odd:
                reason = f"{odd[:40]!r} is no name{self.sign} value"
                copy.add_broken("\n".join(block), line, Problem("NOT_THIS_RECORD", detail={"reason": reason}))
            else:
                copy.add([cells.get(name) for name in copy.columns], line)
        return ()


def _blocks(path: Path) -> Iterator[tuple[int, list[str]]]:
    block: list[str] = []
    number = 0
    with path.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                block.append(line.rstrip("\r\n"))
            elif block:
                yield number - len(block), block
                block = []
    if block:
        yield number - len(block) + 1, block


def blocks_reader(
    sources: Sources, wanted: tuple[str, ...], required: tuple[str, ...], key: str
) -> tuple[Reader, SetAside]:
    """Return how files of such a mapping are read, and how records of them are set aside."""
    written: Any = sources.mapping.format
    rows = DelimitedReader("utf-8", ",", wanted, required, key, mapping_file(sources.name), described(sources))
    return flat_reader(Blocks((RECORD, *wanted), written.sign), rows), FlatSetAside()


@dataclass(frozen=True, slots=True)
class BlocksWriter:
    """Writes a block for each line of a document, with the document's own cells repeated in it."""

    sign: str

    def render(self, header: Columns, lines: Columns, owner: Ints) -> tuple[Fragment, list[CellFailure]]:
        """Return the documents as bytes; one that cannot be written is left out, and why is said."""
        failures: list[CellFailure] = []
        blocks: dict[int, list[str]] = {}
        for row, document in enumerate(owner.tolist()):
            cells = [(name, values[document].as_py()) for name, values in header.items()]
            cells += [(name, values[row].as_py()) for name, values in lines.items()]
            failures += _unwritable(document, cells)
            block = "".join(f"{name}{self.sign} {value}\n" for name, value in cells if value is not None)
            blocks.setdefault(document, []).append(f"{block}\n")
        for failure in failures:
            blocks.pop(failure.row, None)
        data = ["".join(made).encode() for made in blocks.values()]
        ends = np.cumsum([len(made) for made in data], dtype=np.int64)
        records = np.array([len(made) for made in blocks.values()], np.int64)
        return Fragment(b"".join(data), ends, records, np.array(list(blocks), np.int64)), failures


def _unwritable(document: int, cells: list[tuple[str, str | None]]) -> Iterator[CellFailure]:
    detail = {"character": "a line break", "target": "a block"}
    for name, value in cells:
        if value is not None and len(value.splitlines()) > 1:
            yield CellFailure(document, name, None, value, "ILLEGAL_CHARACTER", detail)


def blocks_writer(out: Outbound, name: str) -> Written:
    """Return how the delivery called `name` is written."""
    del name
    written: Any = out.mapping.format
    return Written(b"", b"", BlocksWriter(written.sign).render)
