"""The format `blocks`: what it is called in `format:`, light, because every configuration is read with it."""

from __future__ import annotations

from typing import Literal

from exchange.config.formats import FileFormat, FormatType


class BlocksFormat(FileFormat):
    """A text file of lines `name: value`; an empty line ends a record."""

    type: Literal["blocks"]
    """Kind of file."""
    sign: str = ":"
    """What stands between a name and its value."""


BLOCKS = FormatType(
    BlocksFormat, reader="acme_exchange.blocks:blocks_reader", writer="acme_exchange.blocks:blocks_writer"
)
