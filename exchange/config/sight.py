"""Alone looks at one line of YAML by itself: where values begin, which quotes and brackets stay open."""

from __future__ import annotations

from dataclasses import dataclass, field

QUOTES = "\"'"
CLOSERS = {"{": "}", "[": "]"}


@dataclass(slots=True)
class Seen:
    """What one line shows; columns count from 0. A line inside a text of several lines is not known as such."""

    starts: list[int] = field(default_factory=list)
    """Where keys and values begin, those of inner lists and keys too; `#1001` may be meant as one."""
    brackets: list[int] = field(default_factory=list)
    """Where each `{` and `[` stands that is still open at the end."""
    stray: int | None = None
    """The first `}` or `]` that closes nothing or something else."""
    quote: int | None = None
    """The quote that is opened and not closed; nothing behind it is looked at."""
    end: int = 0
    """Where the comment begins, or the blanks before it, or the line ends."""


def look(line: str) -> Seen:
    """Look at a line from left to right."""
    seen = Seen(end=len(line.rstrip()))
    at, fresh = 0, True
    while at < len(line):
        letter = line[at]
        if letter == "#" and line[at - 1 : at] in {"", " ", "\t"}:
            seen.end = len(line[:at].rstrip())
            if fresh and line[at + 1 : at + 2].strip():
                seen.starts.append(at)
            break
        if fresh and letter not in " \t":
            seen.starts.append(at)
        if fresh and letter in QUOTES:
            closed = closing(line, at)
            if closed is None:
                seen.quote = at
                break
            at, fresh = closed, False
        else:
            fresh = _fresh(seen, line, at, fresh=fresh)
        at += 1
    return seen


def closing(line: str, start: int) -> int | None:
    """Return where the quote that opens at `start` is closed."""
    quote, at = line[start], start + 1
    while at < len(line):
        if line[at] == "\\" and quote == '"':
            at += 1
        elif line[at] == quote:
            if quote == '"' or line[at + 1 : at + 2] != "'":
                return at
            at += 1
        at += 1
    return None


def _fresh(seen: Seen, line: str, at: int, *, fresh: bool) -> bool:
    """Follow brackets, and tell whether a value can begin behind this letter."""
    letter, alone = line[at], line[at + 1 : at + 2] in {"", " ", "\t"}
    if letter in CLOSERS and (fresh or seen.brackets):
        seen.brackets.append(at)
        return True
    if letter in CLOSERS.values():
        if seen.brackets and CLOSERS[line[seen.brackets[-1]]] == letter:
            seen.brackets.pop()
        elif seen.stray is None:
            seen.stray = at
        return False
    if (letter == "," and seen.brackets) or (letter == ":" and alone):
        return True
    return fresh and (letter in " \t" or (letter in "-?" and alone))
