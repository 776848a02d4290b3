"""What a probe of an endpoint finds, one row for each thing that was tried."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProbeRow:
    """One thing that was tried for real at an endpoint."""

    what: str
    """For example `rename onto an existing name`."""
    ok: bool
    """False where deliveries or pick-ups suffer from it; what is only done in another way is fine."""
    found: str
    """What came of it."""
    advice: str = ""
    """What to do about it; empty where nothing has to be done."""
