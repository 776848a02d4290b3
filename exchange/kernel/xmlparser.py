"""Alone makes XML parsers: locked down, so that no file reads, fetches, expands or grows what it should not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from lxml import etree

LINES_KEPT = 65_535
"""From this line on libxml2 takes an element's line from the text in or behind it."""


def xml_parser() -> etree.XMLParser:
    """Return a parser that loads nothing, expands nothing and refuses absurd sizes; every XML byte goes through one."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, recover=False
    )


def pull_parser(events: Sequence[Literal["start", "end", "pi"]], tag: str | None = None) -> Any:
    """Return a parser of the same kind that is fed piece by piece and tells of `events`, for elements `tag` if named.

    Comments are left out, so that an element's text is one text.
    """
    # Never `collect_ids=False`: lxml says it to libxml2 in a way that makes it load external DTDs, `load_dtd` or not.
    return etree.XMLPullParser(
        tuple(events),
        tag=tag,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
    )


def declared_entities(root: Any) -> list[str]:
    """Return the names of the entities that the document of an element declares."""
    subset = root.getroottree().docinfo.internalDTD
    return [] if subset is None else [str(entity.name) for entity in subset.iterentities()]


def line_of(element: Any) -> int:
    """Return the physical line on which an element's start tag ends, 1-based; right past 65,535 lines, too."""
    line = int(element.sourceline or 0)
    if line < LINES_KEPT:
        return line
    breaks = 0
    while True:
        if element.text:
            return line - breaks - str(element.text).count("\n")
        if not len(element):
            return line - breaks - str(element.tail or "").count("\n")
        element = element[0]
