"""Writes JSON Lines: one object a document, or one a line."""

from __future__ import annotations

from exchange.assemble.sources import Outbound
from exchange.config.formats import JsonlFormat
from exchange.formats.jsonl.writer import JsonLinesWriter
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.pipeline import Written


def jsonl_writer(out: Outbound, name: str) -> Written:
    """Return how the delivery called `name` is written."""
    written, mapping = out.mapping.format, out.mapping
    if not isinstance(written, JsonlFormat):
        raise ConfigurationError(f"{out.delivery.mapping}, which {name} uses, is no JSON Lines mapping")
    chosen = mapping.columns or (*mapping.fields, *mapping.lines)
    fields = tuple(column for column in chosen if column not in mapping.lines)
    lines = tuple(column for column in chosen if column in mapping.lines)
    writer = JsonLinesWriter(fields, lines, written.lines, frozenset(written.numbers), frozenset(written.flags))
    return Written(b"", b"", writer.render)
