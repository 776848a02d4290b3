"""Exit codes: declared once, with what they mean and which wins when several apply."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Exit(IntEnum):
    """What the exit status of every command says."""

    FINE = 0
    BUG = 1
    USAGE = 2
    REJECTED = 3
    HELD = 4
    CONFIGURATION = 5
    UNAVAILABLE = 6
    LOCKED = 7
    INTEGRITY = 8
    SIGINT = 130
    SIGTERM = 143


_REJECTED = "done, but some records (or a whole file) were rejected: `exchange rejects list`"
MEANING: dict[Exit, str] = {
    Exit.FINE: "fine: done, or nothing to do, or only duplicates",
    Exit.BUG: "a bug in exchange: please report it",
    Exit.USAGE: "the command line is wrong, or names something that is not known",
    Exit.REJECTED: f"{_REJECTED}; of `exchange test`: a case fails",
    Exit.HELD: "held by a guard: waits for a person",
    Exit.CONFIGURATION: "the configuration is invalid: `exchange check`",
    Exit.UNAVAILABLE: "a partner or a disk is not available: safe to run again",
    Exit.LOCKED: "another run holds the flow",
    Exit.INTEGRITY: "ledger or integrity fault: nothing was delivered after it",
    Exit.SIGINT: "interrupted from the keyboard",
    Exit.SIGTERM: "ended by SIGTERM at a safe point",
}
OF_RUN = {**MEANING, Exit.REJECTED: _REJECTED}
"""What they say where it is known that a run ended with them."""

_PRIORITY = (
    Exit.BUG,
    Exit.INTEGRITY,
    Exit.CONFIGURATION,
    Exit.UNAVAILABLE,
    Exit.HELD,
    Exit.REJECTED,
    Exit.LOCKED,
    Exit.FINE,
)


def worst(codes: Iterable[Exit]) -> Exit:
    """Return the code that wins when several apply to one run (signals and usage errors end at once)."""
    return min(codes, key=_PRIORITY.index, default=Exit.FINE)
