"""The shape of fixed-width files: which record a line is, and its fields as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_NUMBER = re.compile(r"([+-]?)([0-9]+)([+-]?)")


@dataclass(frozen=True, slots=True)
class Place:
    """One field."""

    name: str
    start: int
    """From 0."""
    length: int
    kind: str
    """text, integer or decimal."""
    decimals: int
    pad: str
    right: bool
    """Whether the value stands at the right end."""
    value: str = ""
    """What is written where nothing else is said."""
    counts: tuple[str, ...] = ()
    sums: str = ""

    def read(self, raw: str) -> str:
        """Return the cell's text: without what fills it up, numbers with their point and no leading zeros.

        Text that is no number stays as it is; the mapping's steps say so.
        """
        if self.kind == "text":
            return raw.lstrip(self.pad) if self.right else raw.rstrip(self.pad)
        text = raw.strip().strip(self.pad) if self.pad != "0" else raw.strip()
        matched = _NUMBER.fullmatch(text)
        if matched is None or (matched[1] and matched[3]):
            return text
        digits = matched[2].zfill(self.decimals + 1)
        whole, part = digits[: len(digits) - self.decimals], digits[len(digits) - self.decimals :]
        sign = "-" if "-" in (matched[1], matched[3]) else ""
        return sign + (whole.lstrip("0") or "0") + (f".{part}" if part else "")


@dataclass(frozen=True, slots=True)
class Record:
    """One type of record."""

    name: str
    code: str
    role: str
    places: tuple[Place, ...]
    length: int
    """Places of the whole record."""

    def cells(self, text: str | bytes, encoding: str) -> Iterator[tuple[str, str]]:
        """Yield (column, text) of a line that is long enough."""
        for place in self.places:
            raw = text[place.start : place.start + place.length]
            yield place.name, place.read(raw if isinstance(raw, str) else raw.decode(encoding))


@dataclass(frozen=True, slots=True)
class Shape:
    """All records of a file; picklable, without state."""

    records: tuple[Record, ...]
    """Those with the longest codes first, so that one that begins like another is told from it."""
    type_at: int
    """From 0: where the code stands."""
    encoding: str
    by_bytes: bool
    """Whether places are counted in bytes."""
    short: bool
    """Whether blanks may be missing at the end."""

    @property
    def nests(self) -> bool:
        """Whether documents begin with a record of their own."""
        return any(record.role == "document" for record in self.records)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of rows, each once."""
        told = [record for record in self.records if record.role not in {"trailer", "ignore"}]
        return tuple(dict.fromkeys(place.name for record in told for place in record.places))

    def record_of(self, text: str) -> Record | None:
        """Return the type of a line."""
        return next((record for record in self.records if text.startswith(record.code, self.type_at)), None)


class Tally:
    """Counts records up to a trailer, and adds up the fields that one of them sums."""

    def __init__(self, shape: Shape) -> None:
        self._summed = {
            place.sums for record in shape.records for place in record.places if record.role == "trailer" and place.sums
        }
        self.clear()

    def clear(self) -> None:
        """Begin anew, behind a trailer."""
        self.counted: dict[str, int] = {}
        self.summed = dict.fromkeys(self._summed, Decimal(0))

    def add(self, record: Record, cells: dict[str, str]) -> None:
        """Count a record."""
        for name in {record.name, "records", *(["documents"] if record.role == "document" else [])}:
            self.counted[name] = self.counted.get(name, 0) + 1
        for name in self._summed & cells.keys():
            if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cells[name]):
                self.summed[name] += Decimal(cells[name])

    def of(self, place: Place) -> Decimal | None:
        """Return what a field of a trailer has to say; None where it says nothing that can be checked."""
        if place.counts:
            return Decimal(sum(self.counted.get(name, 0) for name in place.counts))
        return self.summed[place.sums] if place.sums else None
