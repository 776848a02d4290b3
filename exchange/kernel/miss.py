"""What a table lacks, as a value; light, because idle runs look whether it is there by now."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Miss:
    """A value that a table lacks."""

    table: str
    key: str
    """Column of the table."""
    value: str
