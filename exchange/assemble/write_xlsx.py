"""Writes workbooks: rows as CSV first, and the finished file as a workbook of text cells."""

from __future__ import annotations

from functools import partial

import numpy as np

from exchange.assemble.sources import Outbound
from exchange.config.formats import XlsxFormat
from exchange.formats.delimited.render import DelimitedWriter, without
from exchange.formats.xlsx.writer import too_long, write_workbook
from exchange.kernel.chunk import CellFailure, Fragment, Ints
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.pipeline import Columns, Written


def xlsx_writer(out: Outbound, name: str) -> Written:
    """Return how the delivery called `name` is written."""
    written = out.mapping.format
    if not isinstance(written, XlsxFormat):
        raise ConfigurationError(f"{out.delivery.mapping}, which {name} uses, is no workbook mapping")
    writer = DelimitedWriter(out.mapping.columns or (*out.mapping.fields, *out.mapping.lines))

    def render(header: Columns, lines: Columns, owner: Ints) -> tuple[Fragment, list[CellFailure]]:
        documents = np.arange(len(next(iter(header.values()))) if header else 0)
        failures = [*too_long(header, documents), *too_long(lines, owner)]
        fragment, _ = writer.render(lines, owner, header)
        refused = np.isin(fragment.documents, [failure.row for failure in failures])
        return (without(fragment, refused) if failures else fragment), failures

    return Written(writer.header(), writer.footer(), render, partial(write_workbook, sheet=written.sheet))
