"""What one SFTP endpoint is made from, as plain values; imports nothing heavy, so that configuration can fill it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

LEGACY = (
    "aes128-cbc", "aes192-cbc", "aes256-cbc", "3des-cbc",
    "hmac-sha1", "hmac-sha1-96", "hmac-md5", "hmac-md5-96",
)  # fmt: skip
"""Algorithms that are off and can be named in `legacy:` of an endpoint whose server has nothing better."""


def _log(message: str) -> None:
    logging.getLogger("exchange.sftp").info("%s", message)


@dataclass(frozen=True, slots=True)
class Secret:
    """A reference to a secret; the value is asked for when it is needed, and never shown."""

    reference: str
    """As a person may read it: `credential wms_password`."""
    reveal: Callable[[], str] = field(repr=False, compare=False)
    """Returns the value; raises ConfigurationError where the reference leads nowhere."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long to wait, in seconds."""

    connect: float = 15
    banner: float = 15
    """For the server to say who it is, and for the key exchange."""
    auth: float = 15
    channel: float = 60
    """For any single answer."""
    file: float = 600
    """For one whole file, however steadily it trickles."""


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a lost connection is tried again, with growing waits and jitter."""

    attempts: int = 4
    """In all."""
    wait: float = 0.5
    """Seconds before the second attempt; doubled each time."""
    longest: float = 10
    """Seconds between two attempts at most."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What `doctor` measured at a server; None where it could not tell."""

    posix_rename: bool | None = None
    """Whether it renames onto an existing name in one step when asked to."""
    rename_replaces: bool | None = None
    """Whether its plain rename overwrites an existing name; OpenSSH refuses that."""
    fsync: bool | None = None
    statvfs: bool | None = None
    """Whether it tells the free space."""
    clock_skew: float | None = None
    """Seconds by which its clock is ahead of ours; negative where it is behind."""
    probed_at: str = ""
    """ISO 8601, UTC."""

    def as_json(self) -> dict[str, object]:
        """Return what is stored."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> Profile:
        """Return what was stored; keys of other versions are let be."""
        known = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in stored.items() if name in known})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class SftpSettings:
    """One server, one user, one folder on it."""

    name: str
    """Of the endpoint."""
    host: str
    user: str
    port: int = 22
    root: str = ""
    """Folder on the server that the folders of flows start from; blank is where the login leads."""
    pins: tuple[str, ...] = ()
    """Host keys that are accepted, as `SHA256:...`; several while a server changes its key."""
    known_hosts: Path | None = None
    """A known_hosts file whose keys are accepted too."""
    keys: tuple[Secret, ...] = ()
    """Texts of private keys, tried in order."""
    passphrase: Secret | None = None
    """Of the private keys."""
    passwords: tuple[Secret, ...] = ()
    """Tried in order, after the keys or as the second factor."""
    legacy: tuple[str, ...] = ()
    """Of LEGACY: switched on again."""
    temp_folder: str = ""
    """Where temporary names lie, from `root` on, on the target's file system; blank is the target's own folder."""
    replace_unsafe: bool = False
    """`exists: replace` at a server that cannot do it in one step: for a moment neither file is there."""
    timeouts: Timeouts = field(default_factory=Timeouts)
    retries: Retries = field(default_factory=Retries)
    profile: Profile | None = None
    """None: find out by trying."""
    told: Callable[[str], None] = field(default=_log, repr=False, compare=False)
    """Is told which reference was used and what was tried again; never a secret."""
