"""Tells whether an XSD has rules about whole files: those that no record breaks by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from exchange.kernel.xmlparser import xml_parser

_XS = "{http://www.w3.org/2001/XMLSchema}"
KEYS = tuple(_XS + name for name in ("key", "unique", "keyref"))
_GROUPS = tuple(_XS + name for name in ("sequence", "choice", "all", "group"))
_INCLUDED = tuple(_XS + name for name in ("include", "import", "redefine"))


def rules_of_whole_files(path: Path, record: str, above: Sequence[str]) -> bool:
    """Tell whether the XSD has a key around the records, or says how many of them there may be.

    `record` and `above`: tags of a record and of the elements it stands in. In doubt the answer is yes: names are
    compared without their namespaces, and a schema that cannot be read here may say anything.
    """
    around = {etree.QName(tag).localname for tag in above}
    if not around:
        return False  # the record is the file
    name = etree.QName(record).localname
    return any(_says(root, name, around) for root in schemas_of(path))


def _says(root: Any, name: str, around: set[str]) -> bool:
    if root is None:
        return True
    if any(key.getparent().get("name") in around for key in root.iter(*KEYS)):
        return True
    for particle in root.iter(_XS + "element", _XS + "any", *_GROUPS):
        own = particle.get("name") or str(particle.get("ref", "")).rpartition(":")[2]
        is_record = own == name or particle.tag == _XS + "any"
        if (is_record or particle.tag in _GROUPS) and _counts(particle, is_record=is_record):
            return True
    return False


def _counts(particle: Any, *, is_record: bool) -> bool:
    """Tell whether so many of a particle are asked for, or so few allowed, that one record cannot show it."""
    least, most = particle.get("minOccurs", "1"), particle.get("maxOccurs", "1")
    few = {"unbounded"} if is_record else {"0", "1", "unbounded"}
    return least not in {"0", "1"} or most not in few


def schemas_of(path: Path) -> Iterator[Any]:
    """Yield the root of the schema and of all it includes; None for what is not there."""
    todo, done = [path.resolve()], set[Path]()
    while todo:
        file = todo.pop()
        if file in done:
            continue
        done.add(file)
        try:
            root = etree.parse(str(file), xml_parser()).getroot()
        except (OSError, etree.XMLSyntaxError):
            yield None
            continue
        yield root
        for each in root.iter(*_INCLUDED):
            place = each.get("schemaLocation", "")
            if place and not urlsplit(place).scheme:
                todo.append((file.parent / place).resolve())
            elif place:
                yield None
