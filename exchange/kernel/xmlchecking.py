"""Makes the parsers that look at finished files once more: locked down as those of `xmlparser`, fed piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, cast

from lxml import etree


def checking_parser(schema: etree.XMLSchema | None = None) -> Any:
    """Return a parser that keeps nothing of what it reads.

    Feeding and closing raise XMLSyntaxError where the file is not well-formed; what `schema` refuses is in
    `feed_error_log` only.
    """
    return etree.XMLParser(
        target=cast("Any", _Nothing()),
        schema=schema,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
    )


def pull_parser(events: Sequence[Literal["start", "end", "pi"]], tag: str | None = None) -> Any:
    """Return a parser that tells of `events`, those of elements called `tag` only where it is named."""
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


class _Nothing:
    """Makes nothing of a parsed file."""

    def close(self) -> None:
        """Be done."""
