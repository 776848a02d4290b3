"""Tells which element or attribute of a rendered record stands at a place of its text, and what each one holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax.saxutils import unescape

_TOKEN = re.compile(
    r"<!--.*?-->|<!\[CDATA\[(?P<data>.*?)\]\]>|<[?!].*?>"
    r"|</(?P<end>[^\s>]+)\s*>"
    r"|<(?P<start>[^\s/>]+)(?P<attributes>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?)(?P<empty>/?)>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([^\s=]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_ENTITIES = {"&quot;": '"', "&apos;": "'", "&#9;": "\t", "&#10;": "\n", "&#13;": "\r", "&#34;": '"', "&#39;": "'"}


@dataclass(frozen=True, slots=True)
class Held:
    """One element or attribute: where it stands and what it holds."""

    path: str
    """From the top of the text, for example `/Order/Lines/Line[2]/Quantity` or `.../Quantity/@unit`."""
    start: int
    stop: int
    """It takes the characters from `start` to before `stop`."""
    text: str
    """Its own text, without that of the elements in it."""

    @property
    def name(self) -> str:
        """What it is called."""
        return self.path.rpartition("/")[2].partition("[")[0].lstrip("@")


@dataclass(slots=True)
class _Open:
    path: str
    start: int
    texts: list[str] = field(default_factory=list)
    children: Counter[str] = field(default_factory=Counter)


def held(text: str) -> list[Held]:
    """Return every element and attribute of well-formed text, an inner one behind the one around it."""
    return sorted(_walk(text), key=lambda found: (found.start, -found.stop))


def at(text: str, offset: int) -> Held | None:
    """Return the innermost element or attribute that a character belongs to; None between the elements of the top."""
    inner = [found for found in held(text) if found.start <= offset < found.stop]
    return min(inner, key=lambda found: found.stop - found.start) if inner else None


def named(text: str, name: str, lines: tuple[int, int]) -> Held | None:
    """Return the first element or attribute of a name that begins within a stretch of the text."""
    wanted = name.lstrip("@")
    return next((found for found in held(text) if found.name == wanted and lines[0] <= found.start < lines[1]), None)


def _walk(text: str) -> Iterator[Held]:
    stack = [_Open("", 0)]
    behind = 0
    for token in _TOKEN.finditer(text):
        stack[-1].texts.append(unescape(text[behind : token.start()], _ENTITIES))
        behind = token.end()
        if token["data"] is not None:
            stack[-1].texts.append(token["data"])
        elif token["start"]:
            opened = _open(stack[-1], token)
            yield from _attributes(opened.path, token)
            if token["empty"]:
                yield Held(opened.path, opened.start, token.end(), "")
            else:
                stack.append(opened)
        elif token["end"] and len(stack) > 1:
            closed = stack.pop()
            yield Held(closed.path, closed.start, token.end(), "".join(closed.texts))


def _open(around: _Open, token: re.Match[str]) -> _Open:
    name = token["start"]
    around.children[name] += 1
    place = around.children[name]
    return _Open(f"{around.path}/{name}" + (f"[{place}]" if place > 1 else ""), token.start())


def _attributes(path: str, token: re.Match[str]) -> Iterator[Held]:
    begin = token.start("attributes")
    for found in _ATTRIBUTE.finditer(token["attributes"]):
        value = unescape(found[2][1:-1], _ENTITIES)
        yield Held(f"{path}/@{found[1]}", begin + found.start(), begin + found.end(), value)
