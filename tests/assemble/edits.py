"""Editing a workspace as a person does."""

from __future__ import annotations

from pathlib import Path


def edit(root: Path, file: str, old: str, new: str) -> None:
    """Replace a text that has to be there."""
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file} does not hold {old!r}"
    path.write_text(text.replace(old, new), encoding="utf-8")
