"""XML Schema: checking a document against an XSD."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol, cast

from lxml import etree

from exchange.checks.xsd_version import is_newer
from exchange.kernel.errors import ConfigurationError, Mistake
from exchange.kernel.load import load
from exchange.kernel.xmlparser import declared_entities, xml_parser

_CODE = "NOT_AN_XSD"
_NAMESPACE = re.compile(r"\{[a-zA-Z][^{}]*\}")
"""A namespace is a URI; `{2}` in a pattern is none."""
_PREFIX = re.compile(r"(^|/)\w+:")
_SUBJECT = re.compile(r"^Element '([^']*)'(?:, attribute '([^']*)')?: ")
_FACET = re.compile(r"^\[facet '[^']*'\] ")


class Entry(Protocol):
    """What libxml2 logs about one fault."""

    message: str
    line: int
    column: int
    path: str | None
    type: int


def xsd_mistakes(path: Path, name: str = "") -> list[Mistake]:
    """Return what is wrong with the XSD at `path` (nothing: it compiles); `name` is what messages call the file."""
    try:
        XsdCheck(path, name)
    except ConfigurationError as fault:
        return list(fault.mistakes)
    return []


class XsdCheck:
    """One compiled XSD; it does not pickle, so each process makes its own. XSD 1.1 is some fifty times slower.

    Raises ConfigurationError with the line of each mistake where the XSD is missing, not XML or not a schema.
    """

    def __init__(self, path: Path, name: str = "") -> None:
        self._path = path
        self._name = name or str(path)
        self._mine = threading.local()
        self._explain: Callable[[etree._Element], tuple[str, ...]] | None = None
        self.newer = is_newer(path)
        """Whether it is an XSD 1.1, which libxml2 does not know."""
        if self.newer:
            self._explain = load("exchange.checks.xsd_words:XsdWords")(path, name).explain
        else:
            self._schema()

    def validate(self, document: bytes) -> tuple[str, ...]:
        """Return what the schema refuses in a whole document, `Order/ShipTo/Name: reason` each; () when it is valid.

        A document that is not well-formed, or declares entities, is refused with that as its reason.
        """
        root = self._parsed(document)
        if isinstance(root, str):
            return (root,)
        if self.newer and self._explain is not None:
            return self._explain(root)
        schema = self._schema()
        if schema.validate(root):
            return ()
        found = messages(cast("Iterable[Entry]", schema.error_log))
        return tuple(f"{place}: {reason}" if place else reason for place, reason, _ in found)

    def explain(self, document: bytes) -> tuple[str, ...]:
        """Return the same faults in the words of `xmlschema`, which name what was expected.

        About 1 ms per document, and a third of a second the first time: for a few refused records only.
        """
        root = self._parsed(document)
        if isinstance(root, str):
            return (root,)
        if self._explain is None:
            self._explain = load("exchange.checks.xsd_words:XsdWords")(self._path).explain
        return self._explain(root) or self.validate(document)

    def _schema(self) -> etree.XMLSchema:
        """Return this thread's schema: a schema keeps the log of its last validation, so threads cannot share one."""
        made: etree.XMLSchema | None = getattr(self._mine, "schema", None)
        if made is None:
            made = self._mine.schema = schema_of(self._path, self._name)
        return made

    def _parsed(self, document: bytes) -> etree._Element | str:
        try:
            root = etree.fromstring(document, xml_parser())
        except etree.XMLSyntaxError as fault:
            return f"not well-formed XML: {fault.msg}"
        if declared_entities(root):
            return "the document declares entities"
        return root


def schema_of(path: Path, name: str) -> etree.XMLSchema:
    """Return the compiled XSD; raises ConfigurationError with the line of each mistake in it."""
    try:
        return etree.XMLSchema(etree.parse(str(path), xml_parser()))
    except OSError as fault:
        raise ConfigurationError(
            [Mistake(name, 0, 0, "the schema cannot be read", str(fault.strerror or ""), _CODE)]
        ) from None
    except etree.XMLSyntaxError as fault:
        line, column = fault.position
        what = f"not well-formed XML: {fault.msg}"
        raise ConfigurationError([Mistake(name, line, column, what, "", _CODE)]) from None
    except etree.XMLSchemaParseError as fault:
        raise ConfigurationError(_schema_mistakes(cast("Iterable[Entry]", fault.error_log), name)) from None


def _schema_mistakes(log: Iterable[Entry], name: str) -> list[Mistake]:
    mistakes = [
        Mistake(name, entry.line, max(entry.column, 1), _NAMESPACE.sub("", _SUBJECT.sub("", entry.message)), "", _CODE)
        for entry in log
        if entry.line
    ]
    return mistakes or [Mistake(name, 0, 0, "the file is not an XML schema", "start it with <xs:schema>", _CODE)]


def messages(log: Iterable[Entry]) -> list[tuple[str, str, Entry]]:
    """Return (place, what is wrong there, the entry) of each fault, without namespaces."""
    # libxml2 says a broken facet twice, the second time without the reason: the first word on each place is kept.
    said: dict[str, tuple[str, str, Entry]] = {}
    for entry in log:
        found = _SUBJECT.match(entry.message)
        place = _place(entry.path, found)
        reason = entry.message[found.end() :] if found else entry.message
        said.setdefault(place, (place, _NAMESPACE.sub("", _FACET.sub("", reason)).rstrip(". "), entry))
    return list(said.values())


def _place(path: str | None, found: re.Match[str] | None) -> str:
    # With namespaces libxml2's paths are all stars; the element's own name then says more.
    element, attribute = (found[1], found[2]) if found else ("", None)
    place = _PREFIX.sub(r"\1", path.strip("/")) if path and "*" not in path else _NAMESPACE.sub("", element)
    if attribute and not place.endswith(attribute):
        place = f"{place}/@{_NAMESPACE.sub('', attribute)}"
    return place
