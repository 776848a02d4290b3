"""The endpoints that the suite runs against: one row for each transport, and each kind of server behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from exchange.testing.places import EPOCH, FolderPlace, Place
from exchange.transports.local import LocalEndpoint
from exchange.transports.memory import MemoryEndpoint
from exchange.transports.sftp.endpoint import SftpEndpoint
from exchange.transports.sftp.settings import Retries, Secret, SftpSettings, Timeouts
from tests.servers.loop_sftp import Account, LoopSftp
from tests.servers.required import need_sshd
from tests.servers.sshd import Keys, Setup, Sshd

QUICK = Timeouts(connect=10, banner=10, auth=10, channel=10, file=60)
SOON = Retries(attempts=3, wait=0.01, longest=0.05)


@dataclass
class MemoryPlace(Place):
    """A place in this process."""

    endpoint: MemoryEndpoint

    def put(self, name: str, data: bytes = b"data", *, age: int = 100, folder: str = "orders") -> None:
        """Keep a file."""
        self.endpoint.put(folder, name, data, (EPOCH - age) * 10**9)

    def names(self, folder: str = "orders") -> list[str]:
        """All names."""
        return sorted(name for place, name in self.endpoint.files if place == folder)

    def data(self, name: str, folder: str = "orders") -> bytes:
        """Its bytes."""
        return self.endpoint.files[folder, name].data

    def take(self, name: str, folder: str = "orders") -> None:
        """Forget it."""
        del self.endpoint.files[folder, name]

    def go_away(self) -> None:
        """Say so."""
        self.endpoint.away = "unplugged"


@contextmanager
def local(top: Path) -> Iterator[Place]:
    """A folder on this machine."""

    def away() -> None:
        (top / "place").rename(top / "elsewhere")
        (top / "place").write_text("a file where a folder is expected", encoding="utf-8")

    yield FolderPlace(LocalEndpoint("wms", top / "place", top), top / "place", away)


@contextmanager
def memory(top: Path) -> Iterator[Place]:
    """A dictionary."""
    del top
    yield MemoryPlace(MemoryEndpoint("wms"))


@contextmanager
def sshd(top: Path, options: str | None = None) -> Iterator[Place]:
    """A real OpenSSH server."""
    need_sshd()
    keys = Keys(top / "keys")
    keys.path("client")
    server = Sshd(top / "sshd", top / "place", keys, Setup(options=options))
    endpoint = SftpEndpoint(settings_of(server))

    def away() -> None:
        endpoint.close()
        server.close()

    place = FolderPlace(endpoint, server.root, away)
    place.may_replace = options is None or "posix-rename" not in options
    place.makes_folders = place.takes_odd_names = False
    try:
        yield place
    finally:
        away()


@contextmanager
def loop(top: Path) -> Iterator[Place]:
    """A server of another make."""
    server = LoopSftp(top / "place", Account(passwords=("right",)))
    endpoint = SftpEndpoint(
        SftpSettings(
            name="wms",
            host=server.host,
            port=server.port,
            user=server.user,
            pins=(server.fingerprint,),
            passwords=(Secret("env RIGHT", lambda: "right"),),
            timeouts=QUICK,
            retries=SOON,
        )
    )

    def away() -> None:
        endpoint.close()
        server.close()

    place = FolderPlace(endpoint, server.root, away)
    place.makes_folders = place.takes_odd_names = False
    try:
        yield place
    finally:
        away()


def settings_of(server: Sshd, **changes: object) -> SftpSettings:
    """Return how to reach a server with the key that it knows, pinned to the first of its host keys."""
    client = server.keys.path("client")
    made = SftpSettings(
        name="wms",
        host=server.host,
        port=server.port,
        user=server.user,
        pins=(server.keys.fingerprint(*server.setup.host_keys[0]),),
        keys=(Secret(f"file {client.name}", lambda: client.read_text(encoding="utf-8")),),
        timeouts=QUICK,
        retries=SOON,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


PLACES: dict[str, Callable[[Path], AbstractContextManager[Place]]] = {
    "local": local,
    "memory": memory,
    "sftp: OpenSSH, internal-sftp": sshd,
    "sftp: OpenSSH, sftp-server": lambda top: sshd(top, ""),
    "sftp: OpenSSH, no extensions": lambda top: sshd(
        top, "-P posix-rename,fsync,statvfs,fstatvfs,hardlink,limits,setstat,fsetstat,lsetstat,copy-data"
    ),
    "sftp: asyncssh": loop,
}
"""Transport and server -> how a place of it is made below a folder. A new transport is one row here."""
