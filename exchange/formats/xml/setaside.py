"""Sets records of XML files aside: one well-formed file of their ancestors and them, read from the source anew."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from exchange.formats.delimited.flat import FlatSetAside
from exchange.formats.xml.places import Place
from exchange.formats.xml.records import REJECT_ID, RecordStream
from exchange.formats.xml.shape import Shape
from exchange.kernel.layout import Layout

_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_MARK = "here"
_MARKED = f"<?{_MARK} ?>"


@dataclass(frozen=True, slots=True)
class XmlSetAside:
    """Sets records of XML files aside; fulfils `kernel.pipeline.SetAside`."""

    shape: Shape
    suffix: str = ".xml"

    def reject_rows(self, layout: Layout, rows: Iterable[tuple[int, int, tuple[str, ...]]]) -> Iterator[bytes]:
        """Yield a file of the records that the rows come from, each behind a `<?reject-id ...?>`; in file order."""
        ids = dict(_ordinals(layout, ((start, length, cells[0]) for start, length, cells in rows)))
        yield from _file(self._texts(layout, ids))

    def held_rows(self, layout: Layout, rows: Iterable[tuple[int, int]]) -> Iterator[bytes]:
        """Yield a file of the records that the rows come from, as they came; in the order of the rows."""
        wanted = [ordinal for ordinal, _ in _ordinals(layout, ((start, length, "") for start, length in rows))]
        yield from _file(text for run in _ascending(wanted) for text in self._texts(layout, dict.fromkeys(run, "")))

    def raw_record(self, layout: Layout, start: int, length: int) -> bytes:
        """Return what is known of a record that cannot become a row."""
        return FlatSetAside().raw_record(layout, start, length)

    def _texts(self, layout: Layout, wanted: dict[int, str]) -> Iterator[tuple[Place | None, str]]:
        """Yield (place, text) of the wanted records (ordinal -> reject id)."""
        last = max(wanted, default=-1)
        for ordinal, record in enumerate(RecordStream(_source(layout), self.shape)):
            if ordinal in wanted:
                yield record.place, _told(wanted[ordinal]) + _text(record.element, record.place)
            if ordinal >= last:
                return


def _source(layout: Layout) -> Path:
    """Return the file that a flat copy was made of."""
    return layout.path.with_name(layout.path.name.removesuffix(".flat.csv"))


def _ordinals(layout: Layout, rows: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, str]]:
    """Yield the ordinal of the record that begins with a row, and what goes with the row."""
    with layout.path.open("rb") as stream:
        for start, length, said in rows:
            cell = os.pread(stream.fileno(), min(length, 32), start).partition(b",")[0]
            if cell.isdigit():
                yield int(cell), said


def _ascending(ordinals: list[int]) -> Iterator[list[int]]:
    """Cut ordinals where they do not ascend; nearly always that is one piece, read in one go."""
    begin = 0
    for at in range(1, len(ordinals) + 1):
        if at == len(ordinals) or ordinals[at] <= ordinals[at - 1]:
            yield ordinals[begin:at]
            begin = at


def _told(reject_id: str) -> str:
    return f"<?{REJECT_ID} {escape(reject_id)}?>\n" if reject_id else ""


def _file(texts: Iterable[tuple[Place | None, str]]) -> Iterator[bytes]:
    """Yield a file of records in their ancestors; what they have in common is opened once."""
    yield _DECLARATION
    place: Place | None = None
    tags: list[tuple[str, str, str]] = []
    for where, text in texts:
        if where is not None and where is not place:
            same = _common(place, where)
            fresh = _tags(where)
            yield "".join(end for _, _, end in reversed(tags[same:])).encode()
            yield "".join(start + head for start, head, _ in fresh[same:]).encode()
            place, tags = where, fresh
        yield f"{text}\n".encode()
    yield "".join(end for _, _, end in reversed(tags)).encode()


def _common(one: Place | None, other: Place) -> int:
    """Return how many levels two places share."""
    count = 0
    for left, right in zip(one.ids if one else (), other.ids, strict=False):
        if left != right:
            break
        count += 1
    return count


def _tags(place: Place) -> list[tuple[str, str, str]]:
    """Return (start tag, what stands before the way down, end tag) of each level of a place."""
    inside = place.levels[-1][len(place.heads[-1]) :]
    for record in inside:
        place.levels[-1].remove(record)
    marks = []
    for level, head in zip(place.levels, place.heads, strict=True):
        for at in (0, len(head) + 1):
            mark = etree.ProcessingInstruction(_MARK)
            level.insert(at, mark)
            marks.append((level, mark))
    text = etree.tostring(place.root, encoding="unicode")
    for level, mark in marks:
        level.remove(mark)
    place.levels[-1].extend(inside)
    before, _, after = text.rpartition(_MARKED)
    pieces, ends = before.split(_MARKED), [f"<{end}\n" for end in after.split("<")[1:]]
    return [
        (start + "\n", head + "\n" if head else "", end)
        for start, head, end in zip(pieces[::2], pieces[1::2], reversed(ends), strict=True)
    ]


def _text(element: Any, place: Place | None) -> str:
    """Return a record as text, in its ancestors' namespaces."""
    text = str(etree.tostring(element, encoding="unicode", with_tail=False))
    if place is None:
        return text
    # Alone, a record would declare again what its ancestors have declared.
    for prefix, space in place.levels[-1].nsmap.items():
        declared = f' xmlns:{prefix}="{space}"' if prefix else f' xmlns="{space}"'
        text = text.replace(declared, "", 1) if declared in text.partition(">")[0] else text
    return text
