"""What a guard says where it trips: one sentence, and what moved; light."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trip:
    """One guard that holds a file."""

    guard: str
    """Its key below `guards:`."""
    said: str
    """What is wrong and what the limit is, in one sentence that begins with the key."""
    rows: tuple[tuple[str, str, str], ...] = ()
    """The first of what moved: (what, before, now)."""
    moved: int = 0
    """How many moved in all."""


def share(part: int, whole: int) -> str:
    """Return a share for people; one that is not whole never reads as `0%` or `100%`."""
    text = f"{part / whole:.0%}" if whole else "0%"
    if part and text == "0%":
        return "less than 1%"
    return "more than 99%" if part < whole and text == "100%" else text
