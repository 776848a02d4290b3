"""Alone finds what a mapping reads from or writes to a fixed-width file that its records do not have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from exchange.config.formats import FixedFormat
from exchange.config.loader import Loaded
from exchange.config.models import Mapping
from exchange.config.suggest import suggest
from exchange.config.yamltext import Path
from exchange.kernel.errors import Mistake

_COLUMN = "UNKNOWN_COLUMN"


def fixed_mistakes(
    loaded: Loaded[Mapping], mapping: Mapping, form: FixedFormat, named: Iterable[tuple[Path, str]]
) -> Iterator[Mistake]:
    """Yield the mistakes of a mapping; `named` are the columns that it reads, with their YAML paths."""
    known = {field.name for record in form.records if record.role != "ignore" for field in record.fields} | {"_record"}
    written = [((level, name), name) for level in ("fields", "lines") for name in getattr(mapping, level)]
    for path, name in named if mapping.reads is not None else written:
        if name not in known:
            where = path if path in loaded.parsed.values else path[:-1]
            what = f"no record of `format:` has a field {name!r}"
            yield loaded.mistake(where, what, suggest(name, known), key=mapping.reads is None, code=_COLUMN)
    yield from _trailers(loaded, form)


def _trailers(loaded: Loaded[Mapping], form: FixedFormat) -> Iterator[Mistake]:
    """Yield counts and sums of trailers that name nothing."""
    names = {record.name for record in form.records} | {"records", "documents"}
    fields = {field.name for record in form.records for field in record.fields}
    for number, record in enumerate(form.records):
        for at, field in enumerate(record.fields):
            path: Path = ("format", "records", number, "fields", at)
            for name in field.counts:
                if name not in names:
                    what = f"there is no record {name!r} to count"
                    yield loaded.mistake((*path, "counts"), what, suggest(name, names), key=False, code=_COLUMN)
            if field.sums and field.sums not in fields:
                what = f"there is no field {field.sums!r} to add up"
                yield loaded.mistake((*path, "sums"), what, suggest(field.sums, fields), key=False, code=_COLUMN)
