"""Reads a sample file through the readers that a run uses, with a format that was only just suggested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa

from exchange.assemble.plan import READERS
from exchange.assemble.sources import Sources
from exchange.config.models import Delivery, Flow, PickUp
from exchange.config.models import Mapping as MappingModel
from exchange.formats.delimited.flat import RECORD
from exchange.infer.sample import ROWS, Sample, sample_of
from exchange.kernel.chunk import BrokenRecord, Chunk, arrays
from exchange.kernel.load import load
from exchange.kernel.pipeline import Reader
from exchange.kernel.plural import many


class NotInferred(Exception):
    """Nothing can be inferred from a file, or the draft cannot be written; says why and what to do."""


_SHOWN = 3
_BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Rows:
    """What a file holds when it is read with a format."""

    sample: Sample
    broken: tuple[BrokenRecord, ...]
    """Records that cannot be read."""

    @property
    def told(self) -> tuple[str, ...]:
        """What is wrong with rows of the sample, for people."""
        if not self.broken:
            return ()
        places = [f"line {each.file_line}: {each.problem.message}" for each in self.broken[:_SHOWN]]
        return (f"{many(len(self.broken), 'row')} cannot be read and would be rejected ({'; '.join(places)})",)


def cannot(path: Path, why: str) -> NotInferred:
    """Return the refusal of a file."""
    return NotInferred(f"nothing can be inferred from {path.name}: {why}")


def read_rows(path: Path, form: Mapping[str, object], names: tuple[str, ...], inner: frozenset[str]) -> Rows:
    """Return the first rows of a file; raises NotInferred where it cannot be read as `form` says.

    `names`: the columns to read; empty where the file names them itself. `inner`: those of lines within records.
    """
    mapping = MappingModel.model_validate({"reads": "order", "format": form, "fields": {}})
    columns = names or _columns(path, mapping)
    nests = mapping.format.nests
    key = next((name for name in columns if name not in inner), "")
    reader = _reader(mapping, (RECORD, *columns) if nests else columns, key)
    found = reader.survey(path)
    if found.layout is None:
        raise _refused(path, [problem.message for problem in found.problems])
    chunks: list[Chunk] = []
    rows = 0
    for span in reader.spans(found.layout):
        chunks.append(reader.parse(span, found.layout))
        rows += len(chunks[-1].positions.record)
        if rows >= ROWS:
            break
    broken = tuple(record for chunk in chunks for record in chunk.broken)
    return Rows(_sample(chunks, columns, inner, nests=nests, more=rows > ROWS), broken)


def _columns(path: Path, mapping: MappingModel) -> tuple[str, ...]:
    found = _reader(mapping, (), "").survey(path)
    if found.layout is None:
        raise _refused(path, [problem.message for problem in found.problems])
    return tuple(dict.fromkeys(name for name in found.layout.columns if name and name != RECORD))


@cache
def _flow() -> Flow:
    """Return a flow that runs nowhere: readers are made from the sources of one, and look at its mapping only."""
    pick_up = PickUp.model_validate({"from": "infer", "mapping": "infer"})
    return Flow(flow="infer", pick_up=(pick_up,), deliver=(Delivery(to="infer", mapping="infer", name="infer"),))


def _reader(mapping: MappingModel, wanted: tuple[str, ...], key: str) -> Reader:
    """Return the reader of a format; `key`: a column outside of lines, which nested formats put on each of them."""
    sources = Sources(_flow(), mapping, "infer", None, (), {}, "")
    made: tuple[Reader, object] = load(READERS[mapping.format.type])(sources, wanted, (), key)
    return made[0]


def _refused(path: Path, reasons: list[str]) -> NotInferred:
    return cannot(path, "; ".join(reasons) or "it has no rows")


def _sample(chunks: list[Chunk], names: tuple[str, ...], inner: frozenset[str], *, nests: bool, more: bool) -> Sample:
    frames = [arrays(chunk.frame) for chunk in chunks]
    cells = {name: _joined([frame[name] for frame in frames]) for name in names}
    lines = np.concatenate([chunk.positions.file_line for chunk in chunks]) if chunks else np.empty(0, np.int64)
    begins = None
    if nests:
        begins = _joined([frame[RECORD] for frame in frames]).is_valid().to_numpy(zero_copy_only=False)
    made = sample_of(cells, lines[:ROWS], begins)
    return replace(made, inner=inner, cut=f" (the first {ROWS} of more)" if more else "")


def _joined(pieces: list[pa.Array]) -> pa.Array:
    joined = pa.chunked_array(pieces, pa.string()).combine_chunks()
    one = joined if isinstance(joined, pa.Array) else pa.concat_arrays(joined.chunks)
    return one[:ROWS]


def front(path: Path, folder: Path, limit: int) -> tuple[Path, bool]:
    """Copy the front of a file, up to its last whole line, into a folder; tells whether something was left out.

    Readers make copies beside what they read: nothing is ever written beside the sample itself.
    """
    target = folder / path.name
    size = path.stat().st_size
    with path.open("rb") as stream, target.open("wb") as out:
        for done in range(0, min(size, limit), _BLOCK):
            out.write(stream.read(min(_BLOCK, limit - done)))
    if size <= limit:
        return target, False
    with target.open("r+b") as out:
        out.seek(max(0, limit - _BLOCK))
        at = out.tell()
        tail = out.read()
        out.truncate(at + tail.rfind(b"\n") + 1 if b"\n" in tail else limit)
    return target, True
