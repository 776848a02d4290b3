"""What a mapping says of the XML files it reads: plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """How the files of one partner are built; picklable."""

    record: tuple[str, ...]
    """Tags from the root down to the element that is one record."""
    shown: str
    """The same as the mapping writes it, for messages."""
    mapping: str
    """The mapping file's path, for messages."""
    doctype: bool = False
    """Whether a file may have a DOCTYPE; what it names is never loaded."""
    keep_records: bool = False
    """Of a file that is not well-formed from some place on: whether the records before that place count."""


def plain(tag: str) -> str:
    """Return a tag without its namespace."""
    return tag.rpartition("}")[2]
