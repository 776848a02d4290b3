"""Writes fixed width: a record for each document and each line, between the file's own record and a trailer."""

from __future__ import annotations

from exchange.assemble.fixed_shape import fixed_shape
from exchange.assemble.sources import Outbound
from exchange.config.formats import FixedFormat
from exchange.formats.fixed.writer import FixedWriter
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.pipeline import Written


def fixed_writer(out: Outbound, name: str) -> Written:
    """Return how the delivery called `name` is written."""
    written = out.mapping.format
    if not isinstance(written, FixedFormat):
        raise ConfigurationError(f"{out.delivery.mapping}, which {name} uses, is no fixed-width mapping")
    writer = FixedWriter(fixed_shape(written), "\r\n" if written.newline == "crlf" else "\n")
    packed = any(record.role in {"file", "trailer"} for record in written.records)
    return Written(b"", b"", writer.render, writer.pack if packed else None)
