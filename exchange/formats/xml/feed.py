"""Feeds a file to a parser block by block, so that the tree can be looked at, and taken down, while it grows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree

from exchange.formats.xml.tags import OpenTag
from exchange.kernel.limits import XML_BLOCK, XML_RECORD_BYTES, XML_RECORD_TAGS, XML_TAG_BYTES
from exchange.kernel.problems import Problem
from exchange.kernel.xmlparser import pull_parser

_MARK = "<?exchange?>"
_DECLARED = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml\s[^>]*\?>")
_WIDE = (("utf-16-le", b"\xff\xfe", b"<\0"), ("utf-16-be", b"\xfe\xff", b"\0<"))


class Feed:
    """One file on its way through a parser.

    A parser that calls back for each element is half as slow again, and one that does not keeps the tree to itself
    until the end. So one processing instruction is put before the root, which the parser tells of: from there the root
    can be reached.
    """

    def __init__(self, path: Path) -> None:
        self.root: Any = None
        """The root element, once its start tag was read."""
        self.fault: etree.XMLSyntaxError | None = None
        """Where the file is not well-formed; nothing is read from there on."""
        self.large: Problem | None = None
        """What is larger than anything may be; nothing is read from there on."""
        self.column_shift = 0
        """How much further the parser thinks it is in the first line."""
        self._path = path
        self._parser = pull_parser(("pi",))
        self._mark: Any = None
        self._bytes = self._tags = 0

    def blocks(self) -> Iterator[bool]:
        """Yield whenever there may be more of the tree: False while elements are still open, True at the end."""
        with self._path.open("rb") as stream:
            for block in self._read(stream):
                self._parse(block)
                if self.fault is None:
                    yield False
                if self.fault is not None or self.large is not None:
                    break
            else:
                self._parse(None)
        yield True

    def taken(self) -> None:
        """Take note that a record was read and is gone from the tree."""
        self._bytes = self._tags = 0

    def _read(self, stream: BinaryIO) -> Iterator[bytes]:
        tag = OpenTag()
        block = stream.read(XML_BLOCK)
        at, mark = _front(block)
        self.column_shift = len(_MARK)
        yield block[:at] + mark + block[at:]
        while True:
            self._bytes += len(block)
            self._tags += block.count(b"<")
            self.large = _too_large(self._bytes, self._tags, tag.size(block))
            block = b"" if self.large else stream.read(XML_BLOCK)
            if not block:
                return
            yield block

    def _parse(self, block: bytes | None) -> None:
        try:
            if block is None:
                self._parser.close()
            else:
                self._parser.feed(block)
        except etree.XMLSyntaxError as fault:
            self.fault = _first(fault, self._parser.feed_error_log)
        for _, node in self._parser.read_events():
            self._mark = node if self._mark is None else self._mark
        if self.root is None and self._mark is not None:
            self.root = self._mark.getroottree().getroot()


def _front(data: bytes) -> tuple[int, bytes]:
    """Return where the mark is put, behind the XML declaration, and the mark in the file's encoding."""
    for encoding, order, begin in _WIDE:
        if data.startswith((order, begin)):
            start = len(order) if data.startswith(order) else 0
            end = data.find("?>".encode(encoding), start)
            declared = data[start:].startswith("<?xml ".encode(encoding)) and end >= 0
            return (end + 4 if declared else start), _MARK.encode(encoding)
    found = _DECLARED.match(data)
    start = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    return (found.end() if found else start), _MARK.encode("ascii")


def _first(fault: etree.XMLSyntaxError, noted: Any) -> etree.XMLSyntaxError:
    """Return a fault with the words and the place of what was noted first.

    An entity that nobody declares is only noted while it is read; closing the parser then finds no element at all.
    """
    if fault.position == (0, 0) and len(noted):
        fault.msg, fault.position = noted[0].message, (noted[0].line, noted[0].column)
    return fault


def _too_large(since: int, tags: int, tag: int) -> Problem | None:
    if since > XML_RECORD_BYTES:
        what, limit = "a record, or what stands between two", f"{XML_RECORD_BYTES} bytes"
    elif tags > XML_RECORD_TAGS:
        what, limit = "a record, or what stands between two", f"{XML_RECORD_TAGS} tags"
    elif tag > XML_TAG_BYTES:
        what, limit = "a tag, comment or instruction", f"{XML_TAG_BYTES} bytes"
    else:
        return None
    return Problem("XML_TOO_LARGE", detail={"what": what, "limit": limit})
