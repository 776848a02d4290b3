"""Compares files that came with those that are kept as expected."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from exchange.cases.differences import Difference, Path
from exchange.kernel.plural import many, which

Files = Mapping[str, bytes]
"""Path from the workspace on -> content."""


def compare_files(expected: Files, came: Files, at: Path) -> Iterator[Difference]:
    """Yield a difference for each file that is missing, too much, or another."""
    for name in sorted({*expected, *came}):
        wanted, got = expected.get(name), came.get(name)
        if wanted != got:
            yield Difference(at, name, _text(wanted), _text(got), files=((name, got),))


def _text(content: bytes | None) -> str | None:
    """Return a file as it is shown: what is no text, such as a workbook, by its size and the start of its hash."""
    if content is not None and b"\0" in content:
        told = f"{many(len(content), 'byte')} that {which(len(content), 'is', 'are')} no text"
        return f"{told}, sha256 {hashlib.sha256(content).hexdigest()[:12]}"
    return None if content is None else content.decode("utf-8", "backslashreplace")
