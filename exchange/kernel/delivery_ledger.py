"""The port through which the engine asks and tells what became of artifacts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from exchange.kernel.claim_rows import Delivery, SealedClaim


class DeliveryLedger(Protocol):
    """What became of artifacts once their claim was sealed."""

    def waiting(self, flow: str) -> list[SealedClaim]:
        """Return the sealed claims that still have something to deliver, in the order of their seals."""

    def delivered(self, endpoint: str, names: Collection[str], *, stems: bool = False) -> list[Delivery]:
        """Return what was delivered to an endpoint under one of these names, in the order of the seals.

        `stems`: the names are given without their last suffix.
        """

    def made(self, sha256: str, name: str) -> list[Delivery]:
        """Return the artifacts with these bytes, else those of this name, in the order of the seals."""

    def unanswered(self, flow: str) -> list[Delivery]:
        """Return what was delivered and waits for the target's answer, in the order of the seals."""

    def acknowledge(self, claim: str, number: int, at: datetime) -> None:
        """Record, durably, that the target answered for an artifact; harmless the second time.

        Raises Stop where the artifact was never sent.
        """

    def resend(self, claim: str, number: int) -> None:
        """Let a delivered artifact be delivered again: it and its claim are `sealed` once more, durably.

        Raises Stop where it was not delivered yet.
        """
