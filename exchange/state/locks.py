"""Locks between processes: flock on a file, freed by the kernel however its holder ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from exchange.kernel.atomic import make_folder
from exchange.kernel.errors import FlowLocked


@contextmanager
def flow_lock(folder: Path, flow: str) -> Iterator[None]:
    """Hold the lock of one flow, `folder/<flow>.lock`; raises FlowLocked at once where another process holds it.

    The file stays: removing it would let a third process lock a new one beside the second's.
    """
    path = folder / f"{flow}.lock"
    make_folder(folder)
    with _opened(path) as descriptor:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise FlowLocked(flow, path) from fault
        _sign(descriptor)
        yield


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock file `path`, waiting for it; for work of a second at most."""
    with _opened(path) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    # Close-on-exec: a worker that outlives us must not keep the lock.
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _sign(descriptor: int) -> None:
    # For a person who wonders who holds it; nothing reads it.
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
