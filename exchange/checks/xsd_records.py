"""Checks the records of an XML file by an XSD, one at a time, where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exchange.checks.xsd import Entry, messages, schema_of
from exchange.checks.xsd_version import is_newer
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.load import load
from exchange.kernel.xmlparser import LINES_KEPT, line_of

WORDS = "exchange.checks.xsd_words:XsdWords"
_NOT_DECLARED = 1845
"""libxml2: the XSD declares no element of this name at its top level."""
_CONTENT = 1871
"""libxml2: children are missing, or one is not expected."""
_KEYREF = "No match found for key-sequence"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that the schema refuses in a record."""

    line: int
    """Physical line; 0 where it is not known."""
    place: str
    """Path of the element or attribute from the record on, without namespaces; the record's own name for itself."""
    reason: str


class XsdRecords:
    """The XSD of one mapping; it does not pickle, so each process makes its own.

    `explained`: so many refused records of a file are told in the words of `xmlschema`, the rest in libxml2's. An XSD
    1.1 is beyond libxml2: `xmlschema` then looks at every record, some fifty times slower. Raises ConfigurationError
    where the XSD is missing or none.
    """

    def __init__(self, path: Path, name: str, explained: int) -> None:
        self._path, self._explained = path, explained
        self._schema = None if is_newer(path) else schema_of(path, name)
        self._words: Any = load(WORDS)(path, name) if self._schema is None else None

    def of_file(self) -> Callable[[Any, Any], list[Refusal]]:
        """Return the check of the records of one file: (root of the tree it stands in, record) -> what is refused."""
        return _OfFile(self._schema, self._explain, self._explained).check

    def _explain(self, root: Any, record: Any) -> list[Refusal]:
        if self._words is None:
            try:
                self._words = load(WORDS)(self._path)
            except ConfigurationError:  # libxml2 takes it for a schema: its own words have to do
                self._explained = 0
                return []
        depth = 1 + sum(1 for _ in record.iterancestors()) if root is not record else 1
        return [Refusal(line, _within(place, depth), why) for line, place, why in self._words.of_record(root, record)]


class _OfFile:
    """Checks the records of one file."""

    def __init__(self, schema: Any, explain: Callable[[Any, Any], list[Refusal]], explained: int) -> None:
        self._schema, self._explain = schema, explain
        self._left = explained
        self._alone = False
        """Whether the XSD knows the record only, not what it stands in."""

    def check(self, root: Any, record: Any) -> list[Refusal]:
        """Return what is refused in a record, or in what stands before it; what may still come is not missed."""
        if self._schema is None:
            return self._explain(root, record)
        if self._schema.validate(record if self._alone else root):
            return []
        if not self._alone and self._outside(root):
            self._alone = True
            return self.check(root, record)
        found = list(self._refusals(root, record))
        if not found or not self._left:
            return found
        self._left -= 1
        return self._explain(record if self._alone else root, record) or found

    def _outside(self, root: Any) -> bool:
        """Tell whether it is the root that the XSD does not know."""
        first = next(iter(self._schema.error_log), None)
        return first is not None and first.type == _NOT_DECLARED and first.path == root.getroottree().getpath(root)

    def _refusals(self, root: Any, record: Any) -> Iterator[Refusal]:
        own = root.getroottree().getpath(record)
        mine: list[Entry] = [entry for entry in self._schema.error_log if self._alone or not _open(entry, own)]
        depth = 1 if self._alone else own.count("/")
        for place, reason, entry in messages(mine):
            yield Refusal(_line(record, entry), _within(place, depth), reason)


def _open(entry: Entry, record: str) -> bool:
    """Tell whether a fault may not be one once the whole file is read: a trailer that is still to come, another record.

    `record`: path of the record.
    """
    around = not entry.path or (record.startswith(f"{entry.path}/") and entry.type == _CONTENT)
    return around or _KEYREF in entry.message


def _within(place: str, depth: int) -> str:
    """Return a path from the record on, of one from the root (or, of namespaced elements, a name alone)."""
    parts = place.split("/")
    return "/".join(parts[depth:]) or parts[-1]


def _line(record: Any, entry: Entry) -> int:
    if not entry.path:
        return entry.line
    # Past 65,535 lines libxml2 tells the line of a text near the element.
    found = record.getroottree().xpath(entry.path) if entry.line >= LINES_KEPT else []
    return line_of(found[0]) if found else entry.line
