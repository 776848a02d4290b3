"""Asks servers for their host keys, compares them with what is pinned, and pins one for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from exchange.assemble.clock import now
from exchange.assemble.house import ledger_of
from exchange.assemble.sftp import timeouts_of
from exchange.config.endpoint_references import fingerprints, known_hosts_text
from exchange.config.endpoints import SftpEndpoint
from exchange.config.known_hosts import pin, pinned
from exchange.config.workspace import Setup, read_settings
from exchange.kernel.errors import TryLater
from exchange.kernel.ledger import ActionRow
from exchange.kernel.load import load
from exchange.transports.sftp.faults import Lost

SCAN = "exchange.transports.sftp.hostkeys:scan"
ROWS = (SCAN,)
"""Loaded when a server is asked: it imports paramiko."""


class Offered(Protocol):
    """One key that a server offers."""

    @property
    def algorithm(self) -> str:
        """For example `ssh-ed25519`."""
        ...

    @property
    def fingerprint(self) -> str:
        """`SHA256:` and 43 characters."""
        ...

    @property
    def line(self) -> str:
        """Its line in a known_hosts file."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """How the offered keys compare with the pinned ones."""

    pinned: frozenset[str]
    """Fingerprints of all pinned keys."""
    matching: bool
    """Whether a pinned key is offered: the endpoint can be used."""
    gone: tuple[str, ...]
    """Pinned and not offered any more."""


def offered_by(model: SftpEndpoint) -> list[Offered]:
    """Return the keys that the server offers, the strongest first; raises TryLater where it does not answer."""
    try:
        found: list[Offered] = load(SCAN)(model.host, model.port, timeouts_of(model))
    except Lost as fault:
        raise TryLater(f"{fault}; check host and port in mappings/exchange.yaml, then run again") from fault
    if not found:
        raise TryLater(f"{model.host}:{model.port} offers no host key of a kind that is safe today; ask the partner")
    return found


def standing_of(root: Path, model: SftpEndpoint, offered: Sequence[Offered]) -> Standing:
    """Compare what a server offers with what is pinned for it."""
    known, shown = fingerprints(root, model), [key.fingerprint for key in offered]
    return Standing(
        pinned=frozenset(known),
        matching=bool(set(known) & set(shown)),
        gone=tuple(each for each in known if each not in shown),
    )


@dataclass(frozen=True, slots=True)
class Pin:
    """One key to trust, for whom, and who says so."""

    endpoint: str
    model: SftpEndpoint
    key: Offered
    who: str
    reason: str
    replace: bool = False
    """Whether the endpoint's other keys are taken out of its known_hosts file."""


def pin_key(root: Path, wanted: Pin, *, dry: bool) -> str:
    """Write a key to the endpoint's known_hosts file and record who did it and why; return what was done, in words."""
    model, key = wanted.model, wanted.key
    there = pinned(known_hosts_text(root, model), model.host, model.port)
    others = [each for each in there if each.fingerprint != key.fingerprint]
    if len(others) < len(there) and not (wanted.replace and others):
        return "pinned already"
    done = f"pinned beside {len(others)} other(s)" if others and not wanted.replace else "pinned"
    if not dry:
        at = now()
        lines = [each.line for each in there] if wanted.replace else []
        pin(root / model.known_hosts, f"{key.line} {wanted.endpoint} pinned {at:%Y-%m-%d} by {wanted.who}", lines)
        with ledger_of(Setup(root, read_settings(root).required(), {})) as ledger:
            subject = f"{wanted.endpoint} {key.fingerprint}"
            ledger.runs.act(ActionRow(wanted.who, "hostkeys pin", subject, wanted.reason, at))
    return done
