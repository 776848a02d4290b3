"""Makes the parser that only looks at a file once more: locked down as those of `xmlparser`, it keeps nothing."""

from __future__ import annotations

from typing import Any, cast

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


class _Nothing:
    """Makes nothing of a parsed file."""

    def close(self) -> None:
        """Be done."""
