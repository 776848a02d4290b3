"""Alone knows scalars that YAML takes as they stand, and that look as if something else was meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from exchange.config.scalars import quote_advice
from exchange.config.slips import BACKSLASH
from exchange.config.slips_of_signs import TYPOGRAPHIC, looks_like_blank, without_lookalikes

_PAIRS = (
    (re.compile(r"([\w.]+):(?!//)(.+)", re.DOTALL), "no blank stands behind the `:`"),
    (re.compile(r"([\w.]+)\s*=\s*(.*)", re.DOTALL), "a `=` stands in place of `: `"),
    (re.compile(r"([\w.]+)\uff1a\s*(.*)", re.DOTALL), "\uff1a is another sign than `:`"),
)
"""What a key looks like that is a key and its value -> what is wrong with it."""
_CUT = re.compile(r"\s+(#\S.*)")
_DRIVE = re.compile(r'"[A-Za-z]:\\[^\\]')
_LEFT_OUT = {"…", "..."}


@dataclass(frozen=True, slots=True)
class Odd:
    """What may be the reason of a mistake at the same place."""

    what: str
    instead: str
    told: bool = False
    """Whether it is told where nothing else is wrong: nobody means it."""
    secret: bool = False
    """Whether a message must not repeat what stands there."""


def odd_key(event: Any) -> Odd | None:
    """Return what is odd about a key."""
    name = event.value
    if event.style is not None:
        return None
    if name == "<<":
        return Odd("`<<` merges nothing here", "write the keys out; `*name` repeats a whole value that `&name` marks")
    for pattern, what in _PAIRS:
        found = pattern.fullmatch(name)
        if found is not None:
            return Odd(what, f"write `{found[1]}: {found[2].strip()}`")
    return _words(name, key=True)


def odd_value(event: Any, line: str) -> Odd | None:
    """Return what is odd about a value; `line` is the one that it ends in."""
    if event.style is not None:
        path = event.style == '"' and _DRIVE.match(line, event.start_mark.column)
        return Odd(BACKSLASH, "write single quotes", told=True) if path else None
    behind = _CUT.match(line, event.end_mark.column)
    if behind is not None:
        return Odd("what follows a blank and # is a comment", quote_advice(f"{event.value} {behind[1]}".strip()))
    if not event.value and event.anchor is not None:
        return Odd("a value that begins with & marks what follows it", quote_advice(f"&{event.anchor}"))
    if event.start_mark.line != event.end_mark.line:
        what = f"it goes on down to line {event.end_mark.line + 1}, since that is indented deeper"
        return Odd(what, "align the lines, and begin each entry of a list with `- `")
    return _words(event.value, key=False)


def _words(text: str, *, key: bool) -> Odd | None:
    if text in _LEFT_OUT:
        return Odd(f"{text} stands for something that is left out", "write it out, or remove it")
    if text.startswith("//") or " // " in text:
        return Odd("// begins no comment", "begin the comment with `# `")
    return _signs(text, key=key)


def odd_nothing(before: str | None, value: object, name: str, behind: str) -> Odd | None:
    """Return what is odd about a key without a value; `behind` is what follows the key in its line.

    `before` is the key before it in braces, and `value` what that has: a comma may have ended it too early.
    """
    comment = re.match(r"\s*:\s+(#\S.*)", behind)
    if comment is not None:
        return Odd("what follows a blank and # is a comment", quote_advice(comment[1]))
    if re.match(r"\s*:\s*,", behind):
        return Odd("a `,` ends a value in { }", quote_advice(","))
    if behind.lstrip().startswith(":") or before is None or not isinstance(value, str | int):
        return None
    what = f"the `,` ends the value of {before!r}"
    if isinstance(value, int) and name.isdigit():
        return Odd(what, "write a point before decimals, and nothing between thousands")
    return Odd(what, f'write "{value}, {name}" where it is one text, [{value}, {name}] where it is a list')


def _signs(text: str, *, key: bool) -> Odd | None:
    bare = without_lookalikes(text).strip().strip(TYPOGRAPHIC)
    write = f"write `{bare}`" if key else quote_advice(bare)
    if text[:1] in TYPOGRAPHIC and text and (text[-1] in TYPOGRAPHIC or not set(text[1:]) & set(TYPOGRAPHIC)):
        return Odd("the typographic quotes are part of it", write if bare else 'write " at both ends', told=True)
    told = looks_like_blank(text)
    if told is None:
        return None
    edges = looks_like_blank(text[0] + text[-1]) is not None
    return Odd(told[1].replace("stands here", "stands in it"), write, told=key or edges)
