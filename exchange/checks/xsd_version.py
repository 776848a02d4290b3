"""Tells whether an XSD is one of version 1.1, which libxml2 does not know."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from exchange.kernel.xmlparser import xml_parser

_XS = "{http://www.w3.org/2001/XMLSchema}"
_MIN_VERSION = "{http://www.w3.org/2007/XMLSchema-versioning}minVersion"
_NEW = ("assert", "assertion", "alternative", "openContent", "defaultOpenContent", "override", "explicitTimezone")


def is_newer(path: Path) -> bool:
    """Tell whether an XSD asks for version 1.1 (`vc:minVersion`) or holds what only that version has.

    A file that cannot be read is not: compiling it says why.
    """
    try:
        root = etree.parse(str(path), xml_parser()).getroot()
    except (OSError, etree.XMLSyntaxError):
        return False
    if root.get(_MIN_VERSION, "1.0") > "1.0":
        return True
    return next(root.iter(*(_XS + name for name in _NEW)), None) is not None
