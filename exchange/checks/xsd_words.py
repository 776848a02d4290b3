"""Plainer words for what an XSD refuses, by `xmlschema`; loaded only when a document was refused."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xmlschema
from lxml import etree

from exchange.checks.xsd_version import is_newer
from exchange.kernel.errors import ConfigurationError, Mistake
from exchange.kernel.xmlparser import line_of

_NAMESPACE = re.compile(r"\{[a-zA-Z][^{}]*\}")
_PREFIX = re.compile(r"(^|/)\w+:")
_SLASH = r"\1"
_MOST = 10
"""Faults told per document: one bad value can make all its siblings unexpected."""


class XsdWords:
    """One XSD as `xmlschema` reads it: entities refused, nothing fetched from elsewhere.

    The XSD may include others of this machine (those of UBL stand in two folders); a document may name none. Raises
    ConfigurationError where `xmlschema` does not take it for a schema.
    """

    def __init__(self, path: Path, name: str = "") -> None:
        self._folder = str(path.parent)
        make = xmlschema.XMLSchema11 if is_newer(path) else xmlschema.XMLSchema
        try:
            self._schema = make(str(path), defuse="always", allow="local")
        except xmlschema.XMLSchemaException as fault:
            what = " ".join(str(getattr(fault, "message", fault)).split())
            line = getattr(getattr(fault, "elem", None), "sourceline", None) or 0
            mistake = Mistake(name or str(path), line, 1 if line else 0, what, "", "NOT_AN_XSD")
            raise ConfigurationError([mistake]) from None

    def explain(self, root: etree._Element) -> tuple[str, ...]:
        """Return the first faults of a parsed document as `Orders/Order/ShipTo/Name: reason`, without namespaces."""
        said = {f"{_place(fault)}: {_reason(fault)}": None for fault in itertools.islice(self._faults(root), _MOST)}
        return tuple(_NAMESPACE.sub("", text) for text in said)

    def of_record(self, root: Any, record: Any) -> list[tuple[int, str, str]]:
        """Return (line, place, reason) of the first faults within one record of a parsed document."""
        within = (fault for fault in self._faults(root) if _is_within(fault.elem, record))
        return [
            (line_of(fault.elem), _NAMESPACE.sub("", _place(fault)), _NAMESPACE.sub("", _reason(fault)))
            for fault in itertools.islice(within, _MOST)
        ]

    def _faults(self, root: Any) -> Iterator[Any]:
        source = xmlschema.XMLResource(root, base_url=self._folder, defuse="always", allow="sandbox")
        yield from self._schema.iter_errors(source)


def _place(fault: Any) -> str:
    return _PREFIX.sub(_SLASH, (fault.path or "").strip("/"))


def _reason(fault: Any) -> str:
    if isinstance(fault, xmlschema.XMLSchemaDecodeError) and isinstance(fault.obj, str):
        # Its own words are those of the Python function that failed.
        kind = getattr(fault.validator, "prefixed_name", None) or "value of its type"
        return f"{str(fault.obj)!r} is no {kind}"
    return str(fault.reason)


def _is_within(element: Any, record: Any) -> bool:
    while element is not None and element is not record:
        element = element.getparent()
    return element is record
