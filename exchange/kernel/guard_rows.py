"""What the ledger keeps for guards: the last accepted file of a pick-up, held files, and what a person made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from exchange.kernel.model import Counts


class Decision(StrEnum):
    """What became of a held file."""

    OPEN = "open"
    """It waits for a person."""
    APPROVED = "approved"
    """It goes on, whatever the guards say."""
    DECLINED = "declined"
    """It is rejected whole."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The last accepted file of a pick-up, as far as guards compare with it."""

    pick_up: str
    """`endpoint/folder/pattern`."""
    as_of: datetime
    records: int
    columns: tuple[str, ...] = ()
    """In the order of the file."""
    items: bytes = b""
    """An Arrow IPC stream (compressed), one row an item; see `engine.items`. Blank where no guard asks for it."""
    claim: str = ""
    """The claim that was accepted; blank in what a seal records of itself."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A file that guards hold."""

    claim: str
    flow: str
    held_at: datetime
    reasons: tuple[str, ...]
    page: str
    """Workspace path of the page that explains it."""
    fingerprint: str
    """Of guards and mapping when it was held: where it changes, the file is looked at again."""
    records: Counts = field(default_factory=Counts)
    documents: Counts = field(default_factory=Counts)
    problems: Mapping[str, int] = field(default_factory=dict)
    """Code -> how often."""
    decision: Decision = Decision.OPEN
    who: str = ""
    reason: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that people are to be told of by message."""

    kind: str
    """What happened: `held`, or `reorder`."""
    flow: str
    subject: str
    """The claim that it is about."""
    text: str
    at: datetime


class GuardLedger(Protocol):
    """What guards compare with, and the files that they hold."""

    def baseline(self, flow: str, pick_up: str) -> Baseline | None:
        """Return the last accepted file of a pick-up."""
        ...

    def hold(self, hold: Hold, notice: Notice | None) -> None:
        """Record, durably and in one step, that guards hold a claim; raises Stop where it is sealed.

        `notice` is queued, to be sent to people.
        """
        ...

    def held(self, claim: str) -> Hold | None:
        """Return what is known of a claim that guards held last."""
        ...

    def holding(self, flow: str) -> list[Hold]:
        """Return the files of a flow that wait for a person, the oldest first."""
        ...

    def decide(self, claim: str, decision: Decision, who: str, reason: str, at: datetime) -> None:
        """Record, durably, what becomes of a held claim; raises Stop where guards hold none of this id."""
        ...

    def notices(self) -> Sequence[Notice]:
        """Return what waits to be sent to people, oldest first."""
        ...
