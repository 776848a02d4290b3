"""The paths by which a mapping names parts of an XML record: a small, plain part of XPath, read without a parser."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"
STAR = "\u02e3"
"""Stands for a `*` within a name, so that a pattern is read as a path is."""
_NAME = r"[^\W\d][\w.-]*"
_QNAME = rf"(?:{_NAME}:)?{_NAME}"
_STEP = re.compile(rf"""({_QNAME})(?:\[(?:([1-9]\d*)|@({_QNAME})\s*=\s*(?:'([^']*)'|"([^"]*)"))\])?""")
_ATTRIBUTE = re.compile(rf"@({_QNAME})")


@dataclass(frozen=True, slots=True)
class Step:
    """One element on the way."""

    tag: str
    """`{namespace}name`, or `name` where it is in none."""
    number: int = 0
    """Only the so-manyth of its name among its siblings, from 1; 0 for each."""
    attribute: str = ""
    """Only those of which this attribute is `value`; blank for each."""
    value: str = ""

    @property
    def narrow(self) -> bool:
        """Whether some elements of the tag are left out."""
        return bool(self.number or self.attribute)


@dataclass(frozen=True, slots=True)
class XmlPath:
    """Where a value stands: in the text of an element, or in one of its attributes."""

    steps: tuple[Step, ...]
    attribute: str = ""
    """Name of the attribute that holds the value; blank for the text."""
    absolute: bool = False
    """Counted from the root of the file, not from the record."""


class PathFault(ValueError):
    """A path cannot be read; `what` says why and `instead` what to write."""

    def __init__(self, what: str, instead: str) -> None:
        self.what, self.instead = what, instead
        super().__init__(f"{what}; {instead}")


def read_path(text: str, namespaces: Mapping[str, str]) -> XmlPath:
    """Return the path written as `text`; raises PathFault.

    Read are `Child/Child`, `Child/@attribute`, `@attribute`, `.` and `text()` at the end, `Child[2]`,
    `Child[@name='value']`, and all of these from the root with `/` in front. Names with a prefix are in the namespace
    that `namespaces` gives it, those without one in the namespace of the blank prefix, if there is one.
    """
    absolute = text.startswith("/")
    rest = text.removeprefix("/").removeprefix("./").removesuffix("/text()")
    if not absolute and rest in {".", "text()"}:
        return XmlPath(())
    steps: list[Step] = []
    while True:
        if found := _ATTRIBUTE.fullmatch(rest):
            return XmlPath(tuple(steps), _name(found[1], namespaces, own=False), absolute)
        found = _STEP.match(rest)
        if found is None:
            raise _unreadable(text, rest)
        steps.append(_step(found, namespaces))
        rest = rest[found.end() :]
        if not rest:
            return XmlPath(tuple(steps), "", absolute)
        if not rest.startswith("/"):
            raise _unreadable(text, rest)
        rest = rest[1:]


def read_pattern(text: str, namespaces: Mapping[str, str]) -> XmlPath:
    """Return the path written as `text`, whose last name has a `*`: it is `STAR` there; raises PathFault."""
    before, _, last = text.rpartition("/")
    if last.count("*") != 1 or "*" in before or text.startswith("/"):
        raise PathFault(f"{text!r} cannot be read as a pattern", "write one `*`, in its last name: Items/item_*")
    return read_path(text.replace("*", STAR), namespaces)


def read_record(text: str, namespaces: Mapping[str, str]) -> tuple[str, ...]:
    """Return the tags from the root down to the record element; raises PathFault."""
    path = read_path(text, namespaces)
    if not path.absolute or path.attribute or any(step.narrow for step in path.steps):
        raise PathFault(f"{text!r} does not lead from the root to an element", "write it like /Orders/Order")
    return tuple(step.tag for step in path.steps)


def read_lines(text: str, namespaces: Mapping[str, str]) -> tuple[Step, ...]:
    """Return the steps from the record down to its repeated element; raises PathFault."""
    path = read_path(text, namespaces)
    if path.absolute or path.attribute or not path.steps:
        raise PathFault(f"{text!r} does not lead from the record to an element", "write it like Lines/Line")
    return path.steps


def _step(found: re.Match[str], namespaces: Mapping[str, str]) -> Step:
    attribute = _name(found[3], namespaces, own=False) if found[3] else ""
    return Step(_name(found[1], namespaces), int(found[2] or 0), attribute, found[4] or found[5] or "")


def _name(written: str, namespaces: Mapping[str, str], *, own: bool = True) -> str:
    """Return `{namespace}name`; an attribute without a prefix is in no namespace, whatever the blank prefix says."""
    prefix, _, name = written.rpartition(":")
    if prefix == "xml":
        return f"{{{XML_NAMESPACE}}}{name}"
    if prefix and prefix not in namespaces:
        known = ", ".join(sorted(filter(None, namespaces))) or "none is"
        raise PathFault(f"the prefix {prefix!r} is not declared", f"declare it under `namespaces:` ({known} so far)")
    space = namespaces.get(prefix, "") if prefix or own else ""
    return f"{{{space}}}{name}" if space else name


def _unreadable(text: str, rest: str) -> PathFault:
    at = f" at {rest!r}" if rest and rest != text else ""
    return PathFault(
        f"{text!r} cannot be read as a path{at}",
        "write it like Child/Name, Child/@id, @id, `.`, Child[2]/Name or Child[@type='x']/Name",
    )
