"""Tries at a server, for real, everything that an endpoint will ask of it, and says what that means."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from paramiko.ssh_exception import IncompatiblePeer

from exchange.kernel.errors import TryLater
from exchange.transports.probing import ProbeRow
from exchange.transports.sftp.dial import KEY_TYPES, dial, hang_up
from exchange.transports.sftp.faults import Lost, Refused, Unusable
from exchange.transports.sftp.remote import CREATE, EXCLUSIVE, FSYNC, STATVFS, WRITE, Remote, join
from exchange.transports.sftp.session import Session, connect
from exchange.transports.sftp.settings import LEGACY, Profile, SftpSettings
from exchange.transports.sftp.wire import Kind, string

_MARK = b"exchange doctor tries whether this folder can be written; remove it if it is still here\n"
LITTLE = 100_000_000
"""Bytes; a day's files of a busy shop fit in less."""
_SKEW = 2.0
"""Seconds by which a clock may differ before it is worth a word."""


def probe(settings: SftpSettings) -> tuple[list[ProbeRow], Profile | None]:
    """Probe the folder `settings.root` and return what was found, and the server's profile.

    No profile where the folder cannot be written: it is told by trying. Raises Unusable where no connection may be
    made (host key, credentials), TryLater where the server is away or refuses the log-in. Everything that was written
    is removed.
    """
    used: list[str] = []
    try:
        session = connect(replace(settings, told=used.append))
    except Lost as fault:
        raise TryLater(f"{settings.name}: {fault}; check host, port and the line, then run again") from fault
    except Unusable as fault:
        raise Unusable(f"{fault}{_would_help(settings)}") from fault
    try:
        examination = _Examination(Remote(session.wire, session.server), join(settings.root.encode()))
        rows = [*_connected(session, settings, used), *examination.rows()]
    except Lost as fault:
        raise TryLater(f"{settings.name}: {fault} while it was probed; run again") from fault
    finally:
        session.close()
    return rows, examination.profile


def _would_help(settings: SftpSettings) -> str:
    """Name the old algorithms that a server needs, where nothing but them keeps it away."""
    names = [name for kind in KEY_TYPES for name in kind]
    with suppress(Lost, IncompatiblePeer):
        hang_up(dial(settings.host, settings.port, settings.timeouts, names, settings.legacy))
        return ""
    try:
        transport = dial(settings.host, settings.port, settings.timeouts, names, LEGACY)
    except (Lost, IncompatiblePeer):
        return ""
    needed = sorted(_agreed(transport) & set(LEGACY))
    hang_up(transport)
    return f". It would connect with `legacy: [{', '.join(needed)}]`" if needed else ""


def _agreed(transport: object) -> set[str]:
    """Return the algorithms that both sides agreed on."""
    return {str(getattr(transport, name)) for name in ("local_cipher", "remote_cipher", "local_mac", "remote_mac")}


def _connected(session: Session, settings: SftpSettings, used: list[str]) -> list[ProbeRow]:
    transport = session.transport
    agreed = _agreed(transport)
    old = sorted(agreed & set(LEGACY))
    cipher, mac = transport.local_cipher, "" if "gcm" in transport.local_cipher else f", {transport.local_mac}"
    return [
        ProbeRow("connect", ok=True, found=session.server),
        ProbeRow("host key", ok=True, found=f"{transport.get_remote_server_key().fingerprint}, as pinned"),
        ProbeRow("log in", ok=True, found=used[-1].rpartition(": ")[2] if used else f"as {settings.user}"),
        ProbeRow(
            "algorithms",
            ok=True,
            found=f"{cipher}{mac}",
            advice=f"weak ({', '.join(old)}): ask the partner for an up-to-date server" if old else "",
        ),
    ]


@dataclass
class _Examination:
    """Of one folder."""

    remote: Remote
    folder: bytes
    profile: Profile | None = None

    def rows(self) -> list[ProbeRow]:
        """Try everything, in the order in which a delivery needs it."""
        listed = self._tried("list", self._list, "create the folder on the server, or ask the partner for read access")
        if not listed.ok:
            return [listed]
        paths = [join(self.folder, f".exchange-doctor.{os.getpid()}.{name}".encode()) for name in ("a", "b")]
        try:
            return [listed, *self._written(*paths), self._space()]
        except Refused as refused:
            odd = ProbeRow("write again", ok=False, found=f"refused: {refused}", advice="ask the partner why")
            return [listed, odd, self._space()]
        finally:
            for path in paths:
                with suppress(Refused):
                    self.remote.remove(path)

    def _written(self, first: bytes, second: bytes) -> list[ProbeRow]:
        advice = "nothing can be delivered here: ask the partner for write access (pick-ups need it too, to remove)"
        written = self._tried("write", lambda: self._write(first), advice)
        if not written.ok:
            return [written]
        self.profile = Profile(probed_at=datetime.now(UTC).isoformat(timespec="seconds"))
        rows = [written, self._clock(first), self._sync(first)]
        self._write(second)
        rows.append(self._plain_rename(first, second))
        rows.append(self._posix_rename(first, second))
        rows.append(self._tried("remove", lambda: self._removed(second), "files stay for ever: ask for that right"))
        return rows

    def _list(self) -> str:
        number = sum(1 for _ in self.remote.entries(self.folder))
        return f"{number} {'entry' if number == 1 else 'entries'}"

    def _write(self, path: bytes) -> str:
        self.remote.remove(path)
        handle = self.remote.open(path, WRITE | CREATE | EXCLUSIVE)
        self.remote.wire.ask(Kind.WRITE, string(handle), (0).to_bytes(8, "big"), string(_MARK))
        self.remote.close(handle)
        found = self.remote.lstat(path)
        return f"{found.size if found is not None else 0} bytes"

    def _clock(self, path: bytes) -> ProbeRow:
        found = self.remote.lstat(path)
        if found is None or found.mtime is None:
            return ProbeRow("clock", ok=True, found="the server tells no times", advice="prefer done files to `settle`")
        skew = found.mtime - int(time.time())
        self._know(clock_skew=float(skew))
        if abs(skew) <= _SKEW:
            return ProbeRow("clock", ok=True, found="as ours")
        side = "ahead of" if skew > 0 else "behind"
        return ProbeRow("clock", ok=True, found=f"{abs(skew)} s {side} ours: taken into account")

    def _sync(self, path: bytes) -> ProbeRow:
        refused: Refused | None = None
        if offered := self.remote.offers(FSYNC):
            handle = self.remote.open(path, WRITE)
            refused = self.remote.wire.outcome(self.remote.wire.send(Kind.EXTENDED, string(FSYNC), string(handle)))
            self.remote.close(handle)
        self._know(fsync=offered and refused is None)
        if offered and refused is None:
            return ProbeRow("sync to disk", ok=True, found="done on request")
        return ProbeRow("sync to disk", ok=True, found="not offered: after a power cut there a file may be cut short")

    def _plain_rename(self, first: bytes, second: bytes) -> ProbeRow:
        what = "rename onto an existing name"
        try:
            self.remote.rename(first, second)
        except Refused:
            self._know(rename_replaces=False)
            return ProbeRow(what, ok=True, found="refused, so that nothing is overwritten by mistake")
        self._know(rename_replaces=True)
        self._write(first)
        return ProbeRow(what, ok=True, found="overwrites: a name is looked at before each delivery")

    def _posix_rename(self, first: bytes, second: bytes) -> ProbeRow:
        try:
            self.remote.posix_rename(first, second)
        except Refused:
            self._know(posix_rename=False)
            replaces = self.profile is not None and bool(self.profile.rename_replaces)
            advice = "" if replaces else "write `exists: unique` where a delivery has `exists: replace`"
            return ProbeRow("posix-rename", ok=True, found="not offered", advice=advice)
        self._know(posix_rename=True)
        return ProbeRow("posix-rename", ok=True, found="replaces in one step")

    def _removed(self, path: bytes) -> str:
        self.remote.remove(path)
        return "done"

    def _space(self) -> ProbeRow:
        free = self.remote.free(self.folder)
        self._know(statvfs=free is not None)
        if free is None:
            told = "extension refused" if self.remote.offers(STATVFS) else "not offered"
            return ProbeRow("free space", ok=True, found=f"not told ({told}): a full disk is only a `Failure`")
        advice = "have some space freed" if free < LITTLE else ""
        return ProbeRow("free space", ok=not advice, found=f"{free / 1e9:,.1f} GB", advice=advice)

    def _know(self, **found: object) -> None:
        if self.profile is not None:
            self.profile = replace(self.profile, **found)  # type: ignore[arg-type]

    def _tried(self, what: str, work: Callable[[], str], advice: str) -> ProbeRow:
        try:
            return ProbeRow(what, ok=True, found=work())
        except Refused as refused:
            return ProbeRow(what, ok=False, found=f"refused: {refused}", advice=advice)
