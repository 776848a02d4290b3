"""Reads workbooks: one sheet, flattened to rows of text."""

from __future__ import annotations

from exchange.assemble.read_csv import described, patterns
from exchange.assemble.sources import Sources
from exchange.config.formats import XlsxFormat
from exchange.config.workspace import mapping_file
from exchange.formats.delimited.carried import Carried
from exchange.formats.delimited.flat import FlatSetAside, flat_reader
from exchange.formats.delimited.reader import DelimitedReader
from exchange.formats.xlsx.flatten import Workbook
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.pipeline import Reader, SetAside


def xlsx_reader(
    sources: Sources, wanted: tuple[str, ...], required: tuple[str, ...], key: str
) -> tuple[Reader, SetAside]:
    """Return how the workbooks of a mapping are read, and how rows of them are set aside."""
    written, file = sources.mapping.format, mapping_file(sources.name)
    if not isinstance(written, XlsxFormat):
        raise ConfigurationError(f"{file} is no workbook mapping")
    rows = DelimitedReader("utf-8", ",", wanted, required, key, file, described(sources), patterns=patterns(sources))
    book = Workbook(written.sheet, written.header_has, (*wanted, *patterns(sources)), file)
    carried = sources.mapping.carried
    return flat_reader(Carried(book, carried) if carried else book, rows), FlatSetAside()
