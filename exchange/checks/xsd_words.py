"""Plainer words for what an XSD refuses, by `xmlschema`; loaded only when a document was refused."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import xmlschema
from lxml import etree

_NAMESPACE = re.compile(r"\{[a-zA-Z][^{}]*\}")
_PREFIX = re.compile(r"(^|/)\w+:")
_SLASH = r"\1"
_MOST = 10
"""Faults told per document: one bad value can make all its siblings unexpected."""


class XsdWords:
    """One XSD as `xmlschema` reads it: entities refused, nothing fetched from outside the schema's own folder."""

    def __init__(self, path: Path) -> None:
        self._folder = str(path.parent)
        self._schema = xmlschema.XMLSchema(str(path), defuse="always", allow="sandbox")

    def explain(self, root: etree._Element) -> tuple[str, ...]:
        """Return the first faults of a parsed document as `Orders/Order/ShipTo/Name: reason`, without namespaces."""
        source = xmlschema.XMLResource(root, base_url=self._folder, defuse="always", allow="sandbox")
        faults = itertools.islice(self._schema.iter_errors(source), _MOST)
        said = {f"{_PREFIX.sub(_SLASH, (fault.path or '').strip('/'))}: {fault.reason}": None for fault in faults}
        return tuple(_NAMESPACE.sub("", text) for text in said)
