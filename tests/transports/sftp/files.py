"""Files at a server and in the work folder, as the tests of the SFTP transport need them."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from exchange.kernel.model import Artifact, SourceFile
from exchange.transports.sftp.endpoint import SftpEndpoint
from exchange.transports.sftp.settings import Timeouts
from tests.servers.sshd import Sshd

BIG = 6 * 1024 * 1024 + 17
"""Bytes; three times what is in flight at once."""
IMPATIENT = Timeouts(connect=5, banner=5, auth=5, channel=0.7, file=60)


def blob(size: int = BIG, seed: int = 1) -> bytes:
    """Return bytes that do not repeat."""
    return b"".join(hashlib.sha256(b"%d %d" % (seed, at)).digest() for at in range(size // 32 + 1))[:size]


def put(server: Sshd, name: str, data: bytes, *, age: float = 100) -> Path:
    """Put a file into `orders`, as a partner does."""
    path = server.root / "orders" / name
    path.write_bytes(data)
    os.utime(path, (1_772_600_000 - age,) * 2)
    return path


def sealed(work: Path, data: bytes, **changes: object) -> tuple[Artifact, Path]:
    """Return an artifact and its bytes in the work folder."""
    local = work / "sealed"
    local.write_bytes(data)
    sha256 = hashlib.sha256(data).hexdigest()
    made = Artifact("c1", 1, "output", "wms", "orders", "O.xml", ".O.xml.c1", "sealed", len(data), sha256, 1)
    return replace(made, **changes), local  # type: ignore[arg-type]


def only(endpoint: SftpEndpoint) -> SourceFile:
    """Return the only file that is listed."""
    [found] = endpoint.list("orders", "*").files
    return found


def names(server: Sshd, folder: str = "orders") -> list[str]:
    """Return what lies in a folder of the server."""
    return sorted(path.name for path in (server.root / folder).iterdir())


def sha256(path: Path) -> str:
    """Return the hash of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def wait_until(done: Callable[[], bool], seconds: float = 20) -> None:
    """Poll until something is so."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.01)
