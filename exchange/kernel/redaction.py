"""Alone keeps what must never be shown, and takes it out of any text that leaves the process."""

from __future__ import annotations

_MASK = "***"
_SHORTEST = 4
"""A secret of fewer characters would mask half of every sentence, and protects nothing."""
_hidden: set[str] = set()


def hide(value: str) -> None:
    """Remember a secret for the rest of the process, line by line: a private key is quoted by its lines."""
    lines = (line.strip() for line in value.splitlines())
    _hidden.update(line for line in lines if len(line) >= _SHORTEST and not line.startswith("-----"))


def redacted(text: str) -> str:
    """Return `text` with every remembered secret masked, longest first."""
    for value in sorted((value for value in _hidden if value in text), key=len, reverse=True):
        text = text.replace(value, _MASK)
    return text
