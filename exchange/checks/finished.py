"""Reads a finished XML file once more, as a stream: well-formed, complete, and valid where only the whole tells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, cast

from lxml import etree

from exchange.checks.xsd import XsdCheck, schema_of
from exchange.checks.xsd_keys import KEY_FAULT, find_records, key_faults
from exchange.checks.xsd_whole import rules_of_whole_files
from exchange.kernel.pipeline import Finished, Unfit
from exchange.kernel.plural import many, which
from exchange.kernel.xmlchecking import checking_parser
from exchange.kernel.xmlparser import pull_parser

_BLOCK = 1024 * 1024
_FEW = 16 * 1024
"""Bytes read at a time where records are looked at in their tree: whatever is further on costs each of them."""
_SECOND_ROOT = 5
"""libxml2: something follows the root element, such as another record where the template writes nothing around them."""
_NAMESPACE = re.compile(r"\{[a-zA-Z][^{}]*\}")


@dataclass(frozen=True, slots=True)
class _Record:
    """The element that a template writes for each document."""

    tag: str
    """With its namespace."""
    written: bytes
    """As the file spells it, with its prefix."""
    above: tuple[str, ...]
    """Tags of the elements it stands in, from the root on."""


@dataclass(slots=True)
class FinishedXml:
    """The check of one delivery's files.

    Each record was validated before, so the stream is validated a second time only where the XSD has rules that no
    single record can break: keys over several records, limits on how many there are. Header and footer are validated
    around the first record. Memory is flat but for the values of keys.
    """

    xsd: XsdCheck
    path: Path
    name: str
    _whole: dict[tuple[str, tuple[str, ...]], bool] = field(default_factory=dict)
    _compiled: Any = None

    def check(self, path: Path, finished: Finished) -> tuple[Unfit, ...]:
        """Return what is wrong with the file at `path`; () where it is as it has to be."""
        if reasons := self.xsd.validate(finished.header + finished.first + finished.footer):
            return (Unfit(reasons[0], by_design=True),)
        record = _record(finished)
        if record is None:
            return (Unfit("the block `record` writes no element", by_design=True),)
        whole = self._is_whole(record)
        if whole and self.xsd.newer and (reasons := self.xsd.validate(path.read_bytes())):
            return (Unfit(reasons[0], by_design=True),)  # libxml2 cannot read this XSD, and nothing else reads streams
        whole = whole and not self.xsd.newer
        seen, faults = _stream(path, record.written, self._schema() if whole else None)
        if faults:
            return tuple(self._judged(path, record, faults))
        if seen != finished.documents:  # the bytes may stand in a text, or in an element of the same name further in
            seen = sum(1 for _ in _records(path, record))
        if seen == finished.documents:
            return ()
        element = _NAMESPACE.sub("", record.tag)
        written = f"{many(finished.documents, 'document')} {which(finished.documents, 'was', 'were')} written"
        return (Unfit(f"{written}, but it holds {many(seen, 'element')} {element}"),)

    def _judged(self, path: Path, record: _Record, faults: list[Any]) -> Iterator[Unfit]:
        """Yield what is told of the faults: whose values break a key, else the first of what is wrong."""
        found = key_faults(faults)
        if found:
            find_records(self.path, found, partial(_records, path, record))
        known = [fault for fault in found if fault.records]
        yield from (Unfit(fault.reason, fault.records) for fault in known)
        if not known:
            first = faults[0]
            reason = _NAMESPACE.sub("", str(first.message)).rstrip(". ")
            yield Unfit(reason, by_design=first.type == _SECOND_ROOT or str(first.type_name).startswith("SCHEMAV_"))

    def _schema(self) -> Any:
        if self._compiled is None:
            self._compiled = schema_of(self.path, self.name)
        return self._compiled

    def _is_whole(self, record: _Record) -> bool:
        key = record.tag, record.above
        if key not in self._whole:
            self._whole[key] = rules_of_whole_files(self.path, record.tag, record.above)
        return self._whole[key]


def _record(finished: Finished) -> _Record | None:
    """Find the element that the first record begins with."""
    parser = pull_parser(("start", "end", "pi"))
    for piece in (finished.header, b"<?exchange-record?>", finished.first, finished.footer):
        parser.feed(piece)
    begun = False
    above: list[str] = []
    for event, node in parser.read_events():
        if event == "pi":
            begun = begun or getattr(node, "target", "") == "exchange-record"
        elif event == "end":
            above.pop()
        elif begun:
            local = etree.QName(node).localname
            return _Record(node.tag, (f"{node.prefix}:{local}" if node.prefix else local).encode(), tuple(above))
        else:
            above.append(str(node.tag))
    return None


def _stream(path: Path, element: bytes, schema: Any) -> tuple[int, list[Any]]:
    """Return how many start tags of the element there seem to be, and what the parser refuses; nothing is kept.

    Broken keys are all told, anything else ends the reading.
    """
    opening = re.compile(b"<" + re.escape(element) + rb"(?=[\s/>])")
    longest = len(element) + 1
    parser, seen, left = checking_parser(schema), 0, b""
    try:
        for block in _blocks(path):
            parser.feed(block)
            joined = left + block
            seen += len(opening.findall(joined))
            left = joined[-longest:]  # too short for what was found already
            if any(fault.type != KEY_FAULT for fault in parser.feed_error_log):
                break
        else:
            parser.close()
    except etree.XMLSyntaxError as error:
        return seen, list(parser.feed_error_log) or [*cast("Iterable[Any]", error.error_log)]
    return seen, list(parser.feed_error_log)


def _records(path: Path, record: _Record) -> Iterator[Any]:
    """Yield the elements at the place of the record, each gone when the next one comes; slower, and sure."""
    parser = pull_parser(("end",), record.tag)
    for block in _blocks(path, _FEW):
        parser.feed(block)
        for _, node in parser.read_events():
            above = [str(each.tag) for each in node.iterancestors()]
            if len(above) == len(record.above):
                if above[::-1] == list(record.above):
                    yield node
                node.clear()
                while node.getprevious() is not None:
                    del node.getparent()[0]
    parser.close()


def _blocks(path: Path, most: int = _BLOCK) -> Iterator[bytes]:
    with path.open("rb") as stream:
        yield from iter(lambda: stream.read(min(most, _BLOCK)), b"")
