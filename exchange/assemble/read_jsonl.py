"""Reads JSON Lines: one object a line, flattened to rows."""

from __future__ import annotations

from exchange.assemble.read_csv import described, patterns
from exchange.assemble.sources import Sources
from exchange.config.formats import JsonlFormat
from exchange.config.workspace import mapping_file
from exchange.formats.delimited.flat import FlatSetAside, flat_reader
from exchange.formats.delimited.reader import DelimitedReader
from exchange.formats.jsonl.flatten import JsonLines
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.pipeline import Reader, SetAside


def jsonl_reader(
    sources: Sources, wanted: tuple[str, ...], required: tuple[str, ...], key: str
) -> tuple[Reader, SetAside]:
    """Return how the files of a JSON Lines mapping are read, and how records of them are set aside."""
    written, file = sources.mapping.format, mapping_file(sources.name)
    if not isinstance(written, JsonlFormat):
        raise ConfigurationError(f"{file} is no JSON Lines mapping")
    flatten = JsonLines(wanted, written.lines, key, described(sources), patterns(sources))
    rows = DelimitedReader("utf-8", ",", wanted, required, key, file, patterns=patterns(sources))
    return flat_reader(flatten, rows), FlatSetAside()
