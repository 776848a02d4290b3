"""Guesses the fields of a fixed-width file from the gaps between them, or shows a ruler to count places with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_LINES = 1000
_SHOWN = 4
_WIDE = 110
_MARK = 3
"""First characters of a line that may tell what kind of record it is."""
_WORDS = (r"\S+(?: \S+)*", r"\S+")
"""What may name a column in a heading: words with one blank between them, or each word."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: where it stands and what it is called."""

    name: str
    start: int
    """First place, from 1."""
    length: int


@dataclass(frozen=True, slots=True)
class Widths:
    """The fields of the records, and the heading line where there is one."""

    fields: tuple[Field, ...]
    length: int
    heading: str = ""
    """How the heading line begins; blank where there is none."""
    named: bool = False
    """Whether the names stand in the file."""


def is_fixed(lines: Sequence[str]) -> bool:
    """Tell whether lines are records of fixed width: nearly all of one length, or told apart by how they begin."""
    lengths = [len(line.rstrip("\r\n")) for line in lines if line.strip()]
    if len(lengths) < 2 or min(lengths) < 8:
        return False
    return len(set(lengths)) == 1 or len(set(lengths)) <= min(6, len(lengths) // 2)


def guess(lines: Sequence[str]) -> Widths | None:
    """Return the fields between columns of blanks, None where the records are of several types or have no gaps."""
    texts = [line.rstrip("\r\n") for line in lines[:_LINES] if line.strip()]
    heading = texts[0] if _is_heading(texts) else ""
    rows = texts[1:] if heading else texts
    if len({len(text.rstrip()) // 2 for text in rows}) > 1 and len({len(text) for text in rows}) > 1:
        return None
    length = max(map(len, rows))
    used = [any(at < len(text) and text[at] != " " for text in rows) for at in range(length)]
    starts = [at for at in range(length) if used[at] and (at == 0 or not used[at - 1])]
    if len(starts) < 2:
        return None
    found = next((words for form in _WORDS if len(words := _words(form, heading)) == len(starts)), [])
    named = bool(found) and len({name for name, _ in found}) == len(found)
    if named:
        starts = [min(start, at) for start, (_, at) in zip(starts, found, strict=True)]
    starts[0] = 0
    names = [name for name, _ in found] if named else [f"field_{number}" for number in range(1, len(starts) + 1)]
    ends = [*starts[1:], length]
    fields = (Field(name, start + 1, end - start) for name, start, end in zip(names, starts, ends, strict=True))
    return Widths(tuple(fields), length, heading.split()[0] if heading else "", named)


def _words(form: str, heading: str) -> list[tuple[str, int]]:
    return [(word[0], word.start()) for word in re.finditer(form, heading)]


def ruler(lines: Sequence[str]) -> str:
    """Return the first lines below a ruler that counts their places from 1."""
    texts = [re.sub(r"[\r\n]", "", line) for line in lines[:200] if line.strip()]
    shown = list({(len(text), text[:1]): text for text in reversed(texts)}.values())[:_SHOWN]
    wide = min(_WIDE, -(-max(map(len, shown), default=0) // 10) * 10)
    tens = "".join(f"{at:>10}" for at in range(10, wide + 10, 10))
    ones = "1234567890" * (wide // 10)
    more = [text[:wide] + (" …" if len(text) > wide else "") for text in reversed(shown)]
    return "\n".join([tens, ones, *more])


def masked(line: str) -> str:
    """Return a line with `x` for letters and `9` for digits behind its first ones: its shape, nothing of anybody."""
    return line[:_MARK] + re.sub(r"[^\W\d_]", "x", re.sub(r"\d", "9", line[_MARK:]))


def _is_heading(texts: Sequence[str]) -> bool:
    """Tell whether the first line names the columns: no digits in it, and digits in the others."""
    if len(texts) < 3 or any(letter.isdigit() for letter in texts[0]):
        return False
    return sum(any(letter.isdigit() for letter in text) for text in texts[1:]) * 10 >= (len(texts) - 1) * 9
