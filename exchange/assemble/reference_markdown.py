"""Alone writes the Markdown of reference pages: tables whose cells stay cells, and filled lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join("| " + " | ".join(map(cell, line)) + " |\n" for line in lines)


def cell(text: str) -> str:
    """Return text that stays in its cell: what looks like a tag outside of code is shown as it is."""
    safe = text.replace("|", "\\|").replace("\n", " ")
    parts = safe.split("`")
    return "`".join(part if place % 2 else part.replace("<", "&lt;") for place, part in enumerate(parts))


def filled(text: str) -> str:
    """Return a paragraph."""
    return textwrap.fill(text, 118, break_long_words=False, break_on_hyphens=False) + "\n"
