"""Writes CSV: rows are lines, the header fields are repeated on each."""

from __future__ import annotations

from exchange.assemble.sources import Outbound
from exchange.config.formats import CsvFormat
from exchange.formats.delimited.render import DelimitedWriter
from exchange.kernel.chunk import CellFailure, Fragment, Ints
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.pipeline import Columns, Written

_NEWLINES = {"lf": "\n", "crlf": "\r\n"}


def csv_writer(out: Outbound, name: str) -> Written:
    """Return how the delivery called `name` is written."""
    written = out.mapping.format
    if not isinstance(written, CsvFormat):
        raise ConfigurationError(f"{out.delivery.mapping}, which {name} uses, is no CSV mapping")
    columns = out.mapping.columns or (*out.mapping.fields, *out.mapping.lines)
    writer = DelimitedWriter(
        columns, written.delimiter, written.encoding, _NEWLINES[written.newline], written.quote == "double"
    )

    def render(header: Columns, lines: Columns, owner: Ints) -> tuple[Fragment, list[CellFailure]]:
        fragment, failures = writer.render(lines, owner, header)
        on_documents = [CellFailure(int(owner[f.row]), f.field, f.column, f.value, f.code, f.detail) for f in failures]
        return fragment, on_documents

    return Written(writer.header(), writer.footer(), render)
