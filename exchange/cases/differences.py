"""One difference between what a case expects and what came, and how people read it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Keys and places from the top of the cases file."""
_SHOWN = 60
"""Most lines of one difference between two texts."""
_WIDTH = 400


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as expected."""

    path: Path
    """Where in the cases file it is expected; where its list stands, for something that is not expected."""
    what: str
    """What differs, for people: `documents[2].lines[1].quantity`."""
    expected: str | None
    """None where nothing is expected."""
    got: str | None
    """None where nothing came."""
    update: tuple[tuple[Path, object], ...] = ()
    """What `--update` writes: path and new value; the value `REMOVED` takes an entry away."""
    files: tuple[tuple[str, bytes | None], ...] = ()
    """What `--update` writes beside: path from the workspace on and content; None takes the file away."""

    def lines(self) -> Iterator[str]:
        """Yield it for people; two texts of several lines as a unified diff."""
        if "\n" in (self.expected or "") or "\n" in (self.got or ""):
            yield from unified(self.expected or "", self.got or "", "expected", "got")
            return
        yield f"expected  {_shown(self.expected)}"
        yield f"got       {_shown(self.got)}"


class _Removed:
    """Stands for an entry that is taken away."""

    def __repr__(self) -> str:
        return "REMOVED"


REMOVED = _Removed()


def unified(expected: str, got: str, old: str, new: str) -> Iterator[str]:
    """Yield the unified diff of two texts, cut where it is long."""
    found = difflib.unified_diff(expected.splitlines(), got.splitlines(), old, new, lineterm="", n=2)
    for number, line in enumerate(found):
        if number >= _SHOWN:
            yield "... and more"
            return
        yield _printable(line)
    if expected.splitlines() == got.splitlines():
        yield "they differ in their line ends only"


def _shown(text: str | None) -> str:
    if text is None:
        return "nothing"
    return "a blank" if text == "" else _printable(text)


def _printable(text: str) -> str:
    cut = text if len(text) <= _WIDTH else text[:_WIDTH] + "…"
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in cut)
