"""The XML peers: a bare walk, libxml2 and xmlschema over the whole file; each prints how many orders it saw."""

from __future__ import annotations

import json
import sys

import xmlschema
from lxml import etree


def walk(path: str, xsd: str) -> int:
    """Stream the orders by iterparse and throw them away: nothing is read of them, nothing checked."""
    del xsd
    count = 0
    for _, element in etree.iterparse(path, events=("end",), tag="Order"):
        count += 1
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return count


def whole(path: str, xsd: str) -> int:
    """Read the whole tree and let libxml2 validate it."""
    tree = etree.parse(path)
    etree.XMLSchema(etree.parse(xsd)).assertValid(tree)
    return len(tree.getroot())


def words(path: str, xsd: str) -> int:
    """Let xmlschema validate the whole file."""
    xmlschema.XMLSchema(xsd).validate(path)
    return len(etree.parse(path).getroot())


if __name__ == "__main__":
    mode, source, schema = sys.argv[1:]
    print(json.dumps({"orders": {"walk": walk, "whole": whole, "xmlschema": words}[mode](source, schema)}))
