"""Writers of outbound mappings, one row a format: a header, a footer, and how documents are rendered between."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from exchange.assemble.sources import Outbound
from exchange.checks.xsd import XsdCheck
from exchange.config.models import CsvFormat, XmlFormat
from exchange.config.workspace import template_file
from exchange.formats.delimited.render import DelimitedWriter
from exchange.formats.template.writer import XmlTemplateWriter
from exchange.kernel.chunk import CellFailure, Fragment, Ints
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.pipeline import Columns, Render

Made = tuple[bytes, bytes, Render]
"""(header of every file, footer, render)."""
_NEWLINES = {"lf": "\n", "crlf": "\r\n"}


def _csv(out: Outbound, name: str) -> Made:
    """Rows are lines; the header fields are repeated on each."""
    del name
    written = out.mapping.format
    if not isinstance(written, CsvFormat):
        raise ConfigurationError(f"{out.delivery.mapping} is no CSV mapping")
    columns = out.mapping.columns or (*out.mapping.fields, *out.mapping.lines)
    writer = DelimitedWriter(columns, written.delimiter, written.encoding, _NEWLINES[written.newline])

    def render(header: Columns, lines: Columns, owner: Ints) -> tuple[Fragment, list[CellFailure]]:
        rows = pa.array(owner)
        spread = {field: column.take(rows) for field, column in header.items()}
        fragment, failures = writer.render({**spread, **lines}, owner)
        return fragment, [
            CellFailure(int(owner[f.row]), f.field, f.column, f.value, f.code, f.detail) for f in failures
        ]

    return writer.header(), writer.footer(), render


def _xml(out: Outbound, name: str) -> Made:
    """Records are documents, rendered by the template and validated by the XSD."""
    written = out.mapping.format
    if not isinstance(written, XmlFormat) or out.xsd is None:
        raise ConfigurationError(f"{out.delivery.mapping} is no XML mapping")
    check = XsdCheck(out.xsd, f"mappings/schemas/{written.schema_}")
    template = template_file(written.template)
    writer = XmlTemplateWriter(out.template, template, name, check.validate, check.explain)
    return writer.header(), writer.footer(), writer.render


WRITERS: dict[str, Callable[[Outbound, str], Made]] = {"csv": _csv, "xml": _xml}
"""Format type -> its writer. A new format is one module and one row here."""
