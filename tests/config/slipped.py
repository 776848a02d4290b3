"""Tries one kind of slip on a text."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from exchange.config.slips import Slip, View


def tried(kind: Callable[[View, int], Iterator[Slip]], text: str, number: int, at: tuple[int, int]) -> dict[str, str]:
    """Return what comes of a text -> what is said of it."""
    lines = tuple(text.splitlines())
    found = kind(View(lines, at), number)
    return {
        "\n".join(
            slip.lines.get(each, line) for each, line in enumerate(lines)
        ): f"{slip.line}:{slip.column} {slip.what}"
        for slip in found
    }
