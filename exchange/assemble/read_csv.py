"""Reads CSV: rows are lines, and rejects keep the source's own bytes."""

from __future__ import annotations

from dataclasses import replace

from exchange.assemble.sources import Sources
from exchange.config.formats import CsvFormat
from exchange.config.workspace import mapping_file
from exchange.formats.delimited.around import Around
from exchange.formats.delimited.carried import Carried
from exchange.formats.delimited.flat import FlatSetAside, flat_reader
from exchange.formats.delimited.plaintext import PlainText
from exchange.formats.delimited.reader import DelimitedReader
from exchange.formats.delimited.rejectfile import DelimitedSetAside
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.pipeline import Reader, SetAside


def csv_reader(
    sources: Sources, wanted: tuple[str, ...], required: tuple[str, ...], key: str
) -> tuple[Reader, SetAside]:
    """Return how the files of a CSV mapping are read, and how records of them are set aside."""
    written, file = sources.mapping.format, mapping_file(sources.name)
    if not isinstance(written, CsvFormat):
        raise ConfigurationError(f"{file} is no CSV mapping")
    around = Around(written.skip, written.header_has, written.comment, written.footer, written.fallback_encoding)
    rows = DelimitedReader(
        written.encoding, written.delimiter, wanted, required, key, file, described(sources), around=around
    )
    group = sources.mapping.group
    rows = replace(rows, patterns=patterns(sources), starts=group.starts if group else ())
    carried = sources.mapping.carried
    if len(written.delimiter) == 1 and written.quote == "double" and not carried:
        return rows, DelimitedSetAside()
    text = PlainText(written.encoding, written.delimiter, written.quote == "double", file, around)
    return flat_reader(Carried(text, carried) if carried else text, rows), FlatSetAside()


def described(sources: Sources) -> tuple[str, ...]:
    """Return the columns that the mapping's table schema describes, read or not."""
    return tuple(field.name for field in sources.schema.fields) if sources.schema else ()


def patterns(sources: Sources) -> tuple[str, ...]:
    """Return the patterns of packed columns: how many of them a file has depends on its largest document."""
    return tuple(name for how in sources.mapping.explode.values() for name in how.columns if "*" in name)
