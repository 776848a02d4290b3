"""Alone holds what a slip in YAML is: where, what to write instead, and the lines as they were meant."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

_KEY = re.compile(r"(?:^|[\s{,])([A-Za-z_][\w.]*):(?=\s|$)")
BACKSLASH = r"a `\` in double quotes makes another sign of the letter behind it"
TAB = "a tab stands where YAML allows spaces only"
_LONGEST = 70
"""Characters of a line that advice repeats."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What somebody probably typed wrong; lines and columns count from 0."""

    line: int
    column: int
    what: str
    instead: str
    lines: Mapping[int, str]
    """The lines that change, as they were meant."""


@dataclass(frozen=True)
class View:
    """A text that the parser refuses, and where it does."""

    lines: tuple[str, ...]
    at: tuple[int, int]
    """Line and column, from 0."""
    escape: tuple[int, int] | None = None
    r"""Where the text in double quotes begins that holds a `\` of which nothing is known."""
    near: tuple[int, ...] = field(init=False)
    """The lines that can be the cause, the refused one first: blank lines and comments are none."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "near", tuple(self._written(min(self.at[0], len(self.lines) - 1), -1))[:5])

    @cached_property
    def keys(self) -> Counter[str]:
        """How often each word is a key."""
        return Counter(found[1] for line in self.lines for found in _KEY.finditer(line))

    def around(self, number: int) -> list[str]:
        """Return three lines before and three after one, the nearest first; blank lines and comments are none."""
        above, below = (list(self._written(number + step, step))[:3] for step in (-1, 1))
        return [self.lines[other] for other in sorted((*above, *below), key=lambda other: abs(other - number))]

    def below(self, number: int) -> str:
        """Return the next line that is neither blank nor a comment."""
        return next((self.lines[other] for other in self._written(number + 1, 1)), "")

    def _written(self, number: int, step: int) -> Iterator[int]:
        while 0 <= number < len(self.lines):
            if self.lines[number].strip() and self.lines[number].lstrip()[0] != "#":
                yield number
            number += step


def indent_of(line: str) -> int:
    """Return the blanks that a line begins with."""
    return len(line) - len(line.lstrip(" "))


def many_blanks(number: int) -> str:
    """Return `1 blank`, `2 blanks`."""
    return f"{number} blank{'' if number == 1 else 's'}"


def write(text: str) -> str:
    """Return the advice to write a line so."""
    short = text.strip()
    return f"write `{short if len(short) <= _LONGEST else short[:_LONGEST].rstrip() + ' ...'}`"
