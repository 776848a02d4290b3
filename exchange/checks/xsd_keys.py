"""Finds the records of a finished file whose values break a key of its XSD: libxml2 tells the value, not the record."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from lxml import etree

from exchange.checks.xsd_whole import KEYS, schemas_of

KEY_FAULT = 1877
"""libxml2: a key, unique or keyref is broken."""
_NAMESPACE = re.compile(r"\{[a-zA-Z][^{}]*\}")
_TOLD = re.compile(r"key-sequence \['(.*)'\] (?:in|of) \w+(?: identity-constraint)? '(?:\{[^{}]*\})?([^']*)'")

Values = tuple[str, ...]


@dataclass(slots=True)
class KeyFault:
    """One value that breaks a key, and the records that have it."""

    key: str
    """Name of the key, unique or keyref."""
    value: Values
    reason: str
    exact: list[int] = field(default_factory=list)
    """Records, from 0, that have the very text."""
    alike: list[int] = field(default_factory=list)
    """Records that have the same number in other digits, which is the same value to the XSD."""

    @property
    def records(self) -> tuple[int, ...]:
        """The records concerned; none where they could not be found."""
        several = "keyref" in self.reason or len(self.exact) > 1
        return tuple(dict.fromkeys(self.exact if self.exact and several else self.alike))


def key_faults(log: Sequence[Any]) -> list[KeyFault]:
    """Return the keys that libxml2 has found broken, each value once."""
    found: dict[tuple[str, Values], KeyFault] = {}
    for entry in log:
        told = _TOLD.search(entry.message) if entry.type == KEY_FAULT else None
        if told:
            value = tuple(told[1].split("', '"))
            found.setdefault((told[2], value), KeyFault(told[2], value, _reason(entry.message)))
    return list(found.values())


def find_records(xsd: Path, faults: Sequence[KeyFault], records: Callable[[], Iterator[Any]]) -> None:
    """Fill in which records have the values; `records` yields the record elements of the file, in their ancestors."""
    keys = [key for root in schemas_of(xsd) if root is not None for key in root.iter(*KEYS)]
    wanted = {fault.key: [key for key in keys if key.get("name") == fault.key] for fault in faults}
    by_key: dict[str, list[KeyFault]] = {}
    for fault in faults:
        by_key.setdefault(fault.key, []).append(fault)
    for number, record in enumerate(records()):
        for name, own in by_key.items():
            for value in (value for key in wanted[name] for value in _values(key, record)):
                _note(own, number, value)


def _note(faults: list[KeyFault], number: int, value: Values) -> None:
    for fault in faults:
        if value == fault.value:
            fault.exact.append(number)
        if tuple(map(_plain, value)) == tuple(map(_plain, fault.value)):
            fault.alike.append(number)


def _values(key: Any, record: Any) -> Iterator[Values]:
    """Yield the values that a key selects in one record."""
    spaces = {prefix: space for prefix, space in key.nsmap.items() if prefix}
    selector, fields = key.find("{*}selector"), key.findall("{*}field")
    host = key.getparent().get("name")
    above = (node for node in record.iterancestors() if etree.QName(node).localname == host)
    for around in above:
        for node in around.xpath(selector.get("xpath"), namespaces=spaces):
            if node is record or record in node.iterancestors():
                found = [node.xpath(each.get("xpath"), namespaces=spaces) for each in fields]
                if all(found):
                    yield tuple(" ".join(_text(each[0]).split()) for each in found)


def _text(node: Any) -> str:
    return str(node) if isinstance(node, str) else str(node.xpath("string()"))


def _plain(text: str) -> str | Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def _reason(message: str) -> str:
    return _NAMESPACE.sub("", message).rstrip(". ")
