"""Reads fixed width: one record a line, flattened to rows."""

from __future__ import annotations

from exchange.assemble.fixed_shape import fixed_shape
from exchange.assemble.read_csv import patterns
from exchange.assemble.sources import Sources
from exchange.config.formats import FixedFormat
from exchange.config.workspace import mapping_file
from exchange.formats.delimited.flat import FlatSetAside, flat_reader
from exchange.formats.delimited.reader import DelimitedReader
from exchange.formats.fixed.flatten import FixedWidth
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.pipeline import Reader, SetAside


def fixed_reader(
    sources: Sources, wanted: tuple[str, ...], required: tuple[str, ...], key: str
) -> tuple[Reader, SetAside]:
    """Return how the files of a fixed-width mapping are read, and how records of them are set aside."""
    written, file = sources.mapping.format, mapping_file(sources.name)
    if not isinstance(written, FixedFormat):
        raise ConfigurationError(f"{file} is no fixed-width mapping")
    shape = fixed_shape(written)
    # A field that the mapping declares and does not read is nothing to warn of.
    rows = DelimitedReader("utf-8", ",", wanted, required, key, file, shape.columns, patterns=patterns(sources))
    return flat_reader(FixedWidth(shape, key, file), rows), FlatSetAside()
