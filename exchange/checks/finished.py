"""Reads a finished XML file once more, as a stream: well-formed, complete, and valid where only the whole tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from exchange.checks.xsd import XsdCheck, schema_of
from exchange.checks.xsd_whole import rules_of_whole_files
from exchange.kernel.pipeline import Finished
from exchange.kernel.xmlchecking import checking_parser
from exchange.kernel.xmlparser import pull_parser

_BLOCK = 1024 * 1024
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

    def check(self, path: Path, finished: Finished) -> tuple[str, ...]:
        """Return what is wrong with the file at `path`; () where it is as it has to be."""
        if reasons := self.xsd.validate(finished.header + finished.first + finished.footer):
            return reasons[:1]
        record = _record(finished)
        if record is None:
            return ("the block `record` writes no element",)
        seen, fault = _stream(path, record.written, self._schema() if self._is_whole(record) else None)
        if fault:
            return (fault,)
        if seen != finished.documents:  # the bytes may stand in a text, or in an element of the same name further in
            seen = _counted(path, record)
        if seen == finished.documents:
            return ()
        element = _NAMESPACE.sub("", record.tag)
        return (f"{finished.documents} documents were written, but it holds {seen} elements {element}",)

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


def _stream(path: Path, element: bytes, schema: Any) -> tuple[int, str]:
    """Return how many start tags of the element there seem to be, and what the parser refuses; nothing is kept."""
    opening = re.compile(b"<" + re.escape(element) + rb"(?=[\s/>])")
    longest = len(element) + 1
    parser, seen, left = checking_parser(schema), 0, b""
    try:
        for block in _blocks(path):
            parser.feed(block)
            joined = left + block
            seen += len(opening.findall(joined))
            left = joined[-longest:]  # too short for what was found already
            if fault := _fault(parser):
                return seen, fault
        parser.close()
    except etree.XMLSyntaxError as error:
        return seen, _fault(parser) or str(error.msg)
    return seen, _fault(parser)


def _fault(parser: Any) -> str:
    """Return the first thing that the parser, or the schema, has refused so far."""
    first = next(iter(parser.feed_error_log), None)
    return "" if first is None else _NAMESPACE.sub("", str(first.message)).rstrip(". ")


def _counted(path: Path, record: _Record) -> int:
    """Return the number of the elements at the place of the record; slower, and sure."""
    parser, count = pull_parser(("end",), record.tag), 0
    for block in _blocks(path):
        parser.feed(block)
        for _, node in parser.read_events():
            above = [str(each.tag) for each in node.iterancestors()]
            if len(above) == len(record.above):
                count += above[::-1] == list(record.above)
                node.clear()
                while node.getprevious() is not None:
                    del node.getparent()[0]
    parser.close()
    return count


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        yield from iter(lambda: stream.read(_BLOCK), b"")
