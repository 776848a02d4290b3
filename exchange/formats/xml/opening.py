"""The first look at an XML file: its encoding, its DOCTYPE and its root element, before anything else is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from exchange.formats.xml.shape import Shape
from exchange.kernel.limits import XML_OPENING_BYTES
from exchange.kernel.problems import Problem
from exchange.kernel.xmlparser import declared_entities, line_of, pull_parser

_PIECE = 2048
"""Bytes looked at a time: little can be expanded from so few."""
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([^"']{1,64})["']""")
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_PLAIN = re.compile(
    r"utf-?8|us-ascii|ascii|iso[-_]8859-\d{1,2}|iso-latin-1|latin-?1|windows-125\d|cp-?125\d|macintosh", re.IGNORECASE
)
"""Encodings in which every ASCII byte is that character: markup cannot hide in them. UTF-7 is the one that can."""

_LIMITS = (45, 47, 110, 114)
"""What libxml2 calls a comment, an instruction and a name that are too long, and any other limit of its own."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What stands before the first record."""

    doctype: bool
    """Whether there is a DOCTYPE."""


def look(path: Path, shape: Shape) -> Opening | Problem:
    """Return what the front of a file tells, or why the file is rejected whole."""
    with path.open("rb") as stream:
        data = stream.read(XML_OPENING_BYTES)
    encoding = _encoding(data)
    if encoding is not None:
        return Problem("XML_ENCODING", file_line=1, value=encoding, detail={"mapping": shape.mapping})
    try:
        root = _root(data)
    except etree.XMLSyntaxError as fault:
        return _entities([]) if b"<!ENTITY" in data else syntax_problem(fault)
    if root is None and b"<!ENTITY" in data:
        return _entities([])
    if root is None:
        what = "what stands before the first element"
        return Problem("XML_TOO_LARGE", file_line=1, detail={"what": what, "limit": f"{XML_OPENING_BYTES} bytes"})
    return _judged(root, shape)


def _entities(names: list[str]) -> Problem:
    return Problem("XML_ENTITIES", detail={"names": f" ({', '.join(names[:5])})" if names else ""})


def _encoding(data: bytes) -> str | None:
    """Return the declared encoding where it is none that is read; libxml2 tells where the bytes are not in it."""
    if data.startswith(_UTF16):
        return None
    found = _DECLARED.search(data[:400])
    name = found[1].decode("latin-1") if found else "utf-8"
    return None if _PLAIN.fullmatch(name) or name.lower().startswith("utf-16") else name


def _root(data: bytes) -> Any:
    """Return the root element as far as its start tag was read, None where it is too far away."""
    parser = pull_parser(("start",))
    for start in range(0, len(data), _PIECE):
        broken = None
        try:
            parser.feed(data[start : start + _PIECE])
        except etree.XMLSyntaxError as fault:
            broken = fault
        for _, element in parser.read_events():
            return element  # what is broken behind it is told with the records
        if broken is not None:
            raise broken
    if len(data) < XML_OPENING_BYTES:
        parser.close()
    return None


def _judged(root: Any, shape: Shape) -> Opening | Problem:
    doctype = root.getroottree().docinfo.internalDTD is not None
    if doctype and (names := declared_entities(root)):
        return _entities(names)
    if doctype and not shape.doctype:
        return Problem("XML_DOCTYPE", value=root.getroottree().docinfo.doctype, detail={"mapping": shape.mapping})
    if root.tag != shape.record[0]:
        detail = {"expected": shape.record[0], "record": shape.shown, "mapping": shape.mapping}
        return Problem("XML_WRONG_ROOT", file_line=line_of(root), value=root.tag, detail=detail)
    return Opening(doctype)


def syntax_problem(fault: etree.XMLSyntaxError, code: str = "XML_NOT_WELL_FORMED", shift: int = 0) -> Problem:
    """Return the problem of a file that the parser refuses, with the line and column it names.

    `shift`: how much further the parser thinks it is in the first line.
    """
    line, column = fault.position
    column -= shift if line == 1 and column > shift else 0
    code = "XML_PAST_LIMIT" if getattr(fault, "code", 0) in _LIMITS else code
    reason = re.sub(r",?\s*(try|use) XML_PARSE_HUGE( option)?|,? line \d+, column \d+\s*$", "", fault.msg or "")
    return Problem(code, file_line=line, detail={"line": line, "column": column, "reason": " ".join(reason.split())})
