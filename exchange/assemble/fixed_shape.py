"""Turns the records of a fixed-width mapping into the shape that reading and writing share."""

from __future__ import annotations

from collections.abc import Iterator

from exchange.config.formats import FixedField, FixedFormat, FixedRecord
from exchange.formats.fixed.record import Place, Record, Shape


def fixed_shape(written: FixedFormat) -> Shape:
    """Return the shape of the files of a format."""
    records = sorted(map(_record, written.records), key=lambda record: -len(record.code))
    return Shape(
        records=tuple(records),
        type_at=written.record_type_at - 1,
        encoding=written.encoding,
        by_bytes=written.places == "bytes",
        short=written.short == "accept",
    )


def _record(said: FixedRecord) -> Record:
    places = tuple(_places(said.fields))
    end = max((place.start + place.length for place in places), default=0)
    return Record(said.name, said.code, said.role, places, max(end, said.length))


def _places(fields: tuple[FixedField, ...]) -> Iterator[Place]:
    behind = 0
    for field in fields:
        start = behind if field.start is None else field.start - 1
        behind = start + field.length
        text = field.type == "text"
        yield Place(
            name=field.name,
            start=start,
            length=field.length,
            kind=field.type,
            decimals=field.decimals if field.type == "decimal" else 0,
            pad=field.pad or (" " if text else "0"),
            right=field.justify == "right" or (not field.justify and not text),
            value=field.value,
            counts=field.counts,
            sums=field.sums,
        )
