"""How the columns of a file differ from those of another one: new, missing, renamed, reordered; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from exchange.config.guards import SchemaDrift
from exchange.engine.trip import Trip

_ALIKE = 0.75
"""How like two names must be to be taken for one that was renamed, where they stand at different places."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference."""

    kind: str
    """new, missing, renamed or reordered."""
    before: str
    now: str

    @property
    def said(self) -> str:
        """The difference, for people."""
        return {
            "new": f"{self.now!r} is new",
            "missing": f"{self.before!r} is gone",
            "renamed": f"{self.before!r} is gone, {self.now!r} stands in its place",
            "reordered": "the order of the columns is another one",
        }[self.kind]


def changes(before: Sequence[str], now: Sequence[str]) -> list[Change]:
    """Return every difference, those of the file before first, in its order."""
    gone = [name for name in before if name and name not in now]
    come = [name for name in now if name and name not in before]
    made: list[Change] = []
    for name in gone:
        other = _other_name(name, before, now, come)
        if other:
            come.remove(other)
        made.append(Change("renamed", name, other) if other else Change("missing", name, ""))
    made += [Change("new", "", name) for name in come]
    common = [name for name in before if name in now]
    if common != [name for name in now if name in before]:
        made.append(Change("reordered", ", ".join(before), ", ".join(now)))
    return made


def _other_name(name: str, before: Sequence[str], now: Sequence[str], come: Sequence[str]) -> str:
    """Return the new name of a column: what stands between the same neighbours, else what reads like it."""
    place = before.index(name)
    for other in come:
        at = now.index(other)
        around = [
            (list(each[max(index - 1, 0) : index]), list(each[index + 1 : index + 2]))
            for each, index in ((before, place), (now, at))
        ]
        if around[0] == around[1]:
            return other
    likest = max(come, key=lambda other: _likeness(name, other), default="")
    return likest if likest and _likeness(name, likest) >= _ALIKE else ""


def _likeness(one: str, other: str) -> float:
    first, second = ("".join(sign for sign in name.casefold() if sign.isalnum()) for name in (one, other))
    return 1.0 if first == second else SequenceMatcher(None, first, second).ratio()


def drifted(found: Sequence[Change], drift: SchemaDrift) -> Iterator[Trip]:
    """Yield the trip of those differences that hold a file."""
    holding = [change for change in found if getattr(drift, change.kind) == "hold"]
    if holding:
        said = "; ".join(change.said for change in holding[:5]) + (" ..." if len(holding) > 5 else "")
        rows = tuple((change.kind, change.before, change.now) for change in holding)
        yield Trip("schema_drift", f"schema_drift: the columns are not those of the last file: {said}", rows, len(rows))
