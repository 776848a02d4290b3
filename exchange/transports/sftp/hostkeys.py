"""Host keys: which are accepted for an endpoint, what a server offers, and the words when the two do not meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from paramiko import HostKeys, PKey
from paramiko.hostkeys import HostKeyEntry, InvalidHostKey
from paramiko.ssh_exception import IncompatiblePeer, SSHException

from exchange.transports.sftp.dial import KEY_TYPES, dial, hang_up
from exchange.transports.sftp.faults import Unusable
from exchange.transports.sftp.settings import LEGACY, SftpSettings, Timeouts


@dataclass(frozen=True, slots=True)
class Offered:
    """One host key that a server has."""

    algorithm: str
    """`ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa` ..."""
    fingerprint: str
    """`SHA256:...`"""
    line: str
    """As it stands in a known_hosts file."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The host keys that one endpoint accepts."""

    fingerprints: frozenset[str] = frozenset()
    revoked: frozenset[str] = frozenset()
    """Never accepted, whatever else says so (`@revoked` in the known_hosts file)."""
    types: tuple[str, ...] = field(default=())
    """Algorithms of those from the known_hosts file: asked for first, as the server shows one key only."""

    def accepts(self, key: PKey) -> bool:
        """Tell whether a key may be trusted."""
        return key.fingerprint in self.fingerprints and key.fingerprint not in self.revoked


def known_as(host: str, port: int) -> str:
    """Return the name of a server in a known_hosts file."""
    return host if port == 22 else f"[{host}]:{port}"


def offered(host: str, port: int, key: PKey) -> Offered:
    """Return a key as people read it."""
    line = f"{known_as(host, port)} {key.get_name()} {key.get_base64()}"
    return Offered(key.get_name(), key.fingerprint, line)


def accepted(settings: SftpSettings) -> Accepted:
    """Return what is pinned for an endpoint; raises Unusable where its known_hosts file cannot be read."""
    found = list(_lines(settings)) if settings.known_hosts is not None else []
    revoked = {key.fingerprint for marker, key in found if marker == "@revoked"}
    keys = [key for marker, key in found if not marker]
    pins = {pin.strip().rstrip("=") for pin in settings.pins}
    return Accepted(
        frozenset(pins | {key.fingerprint for key in keys}),
        frozenset(revoked),
        tuple(dict.fromkeys(key.get_name() for key in keys)),
    )


def scan(host: str, port: int, timeouts: Timeouts) -> list[Offered]:
    """Return every host key that a server offers; raises Lost or Stalled where it cannot be reached.

    No log-in is tried. What it says proves nothing by itself: somebody in between says what he likes.
    """
    found = []
    for types in KEY_TYPES:
        try:
            transport = dial(host, port, timeouts, types, LEGACY)  # nothing is said over it that has to be kept
        except IncompatiblePeer:
            continue
        try:
            found.append(offered(host, port, transport.get_remote_server_key()))
        finally:
            hang_up(transport)
    return found


def refusal(settings: SftpSettings, pinned: Accepted, shown: list[Offered]) -> Unusable:
    """Say that no key of a server is accepted: what it offers, what is pinned, what to do."""
    server = known_as(settings.host, settings.port)
    offers = ", ".join(f"{each.algorithm} {each.fingerprint}" for each in shown)
    if not pinned.fingerprints:
        said = f"the host key of {server} is unknown: it offers {offers}, and no host key is pinned"
        then = "compare it with what the partner tells you by phone or on paper"
    else:
        said = (
            f"the host key of {server} is not the pinned one: it offers {offers}; "
            f"pinned is {', '.join(sorted(pinned.fingerprints))}"
        )
        then = "unless the partner has told you of a new key, somebody may sit in between: ask them"
    return Unusable(
        f"{settings.name}: {said}; nothing was sent. {then[0].upper()}{then[1:]}, look with `exchange hostkeys scan "
        f"{settings.name}`, then `exchange hostkeys pin {settings.name} SHA256:...`"
    )


def _lines(settings: SftpSettings) -> Iterator[tuple[str, PKey]]:
    """Yield (marker, key) of the lines that speak of this server."""
    path = settings.known_hosts or Path()
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as fault:
        raise Unusable(
            f"{settings.name}: the known_hosts file {path} cannot be read ({fault.strerror}); create it with "
            f"`exchange hostkeys pin {settings.name} SHA256:...`, or correct `known_hosts:`"
        ) from fault
    server = known_as(settings.host, settings.port)
    for line in text.splitlines():
        marker, _, rest = line.strip().partition(" ")
        if not marker.startswith("@"):
            marker, rest = "", line.strip()
        if not rest or rest.startswith("#") or marker not in {"", "@revoked"}:
            continue
        try:
            entry = HostKeyEntry.from_line(rest)
        except (InvalidHostKey, SSHException):
            continue  # a key of a kind that is not known here accepts nothing
        if entry is not None and entry.key is not None and _speaks_of(entry, server):
            yield marker, entry.key


def _speaks_of(entry: HostKeyEntry, server: str) -> bool:
    names = entry.hostnames or []
    return any(
        HostKeys.hash_host(server, name) == name if name.startswith("|1|") else name.lower() == server.lower()
        for name in names
    )
