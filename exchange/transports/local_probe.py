"""Probes a local folder for real: what an endpoint needs of it is tried once, and what was tried is removed."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from exchange.kernel.atomic import is_disk_full, write_synced
from exchange.transports.probing import ProbeRow

LITTLE = 100_000_000
"""Bytes; a day's files of a busy shop fit in less."""
_SKEW = 2.0
"""Seconds that a file server's clock may differ before it matters to `settle`."""
_MARK = b"exchange doctor tries whether this folder can be written; remove it if it is still here\n"


def probe_folder(folder: Path, mount_marker: Path | None = None) -> Iterator[ProbeRow]:
    """Yield a row for each thing an endpoint does in `folder`; ends early where the folder cannot be listed."""
    if mount_marker is not None:
        there = mount_marker.is_file()
        found = f"{mount_marker.name} is there" if there else f"{mount_marker} is missing"
        yield ProbeRow("mount marker", there, found, "" if there else "mount the share, then try again")
        if not there:
            return
    listed = _tried("list", lambda: _listed(folder), f"give this user read access to {folder}")
    yield listed
    if listed.ok:
        yield from _writing(folder)
        yield _space(folder)


def _listed(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    number = sum(1 for _ in folder.iterdir())
    return f"{number} {'entry' if number == 1 else 'entries'}"


def _writing(folder: Path) -> Iterator[ProbeRow]:
    first, second = (folder / f".exchange-doctor.{os.getpid()}.{name}" for name in ("a", "b"))
    advice = f"give this user write access to {folder}"
    try:
        written = _tried("write", lambda: _written(first), advice)
        yield written
        if written.ok:
            yield _tried("write a second", lambda: _written(second), advice)
            yield _clock(first)
            yield _tried("rename onto an existing name", lambda: _renamed(first, second), advice)
            yield _tried("remove", lambda: _removed(second), advice)
    finally:
        for path in (first, second):
            with suppress(OSError):
                path.unlink()


def _written(path: Path) -> str:
    path.unlink(missing_ok=True)
    started = time.monotonic()
    write_synced(path, [_MARK])
    return f"{path.stat().st_size} bytes, synced in {time.monotonic() - started:.3f} s"


def _renamed(first: Path, second: Path) -> str:
    first.rename(second)
    return "replaced in one step"


def _removed(path: Path) -> str:
    path.unlink(missing_ok=True)
    return "done"


def _clock(path: Path) -> ProbeRow:
    skew = path.stat().st_mtime - time.time()
    if abs(skew) <= _SKEW:
        return ProbeRow("clock", ok=True, found="as ours")
    return ProbeRow("clock", ok=False, found=f"{skew:+.0f} s", advice="set the clocks of both machines by NTP")


def _space(folder: Path) -> ProbeRow:
    free, nodes = shutil.disk_usage(folder).free, os.statvfs(folder)
    out_of_names = nodes.f_files > 0 and nodes.f_favail < 1000
    found = f"{free / 1e9:,.1f} GB" + (f", room for {nodes.f_favail} files" if out_of_names else "")
    enough = free >= LITTLE and not out_of_names
    return ProbeRow("free space", enough, found, "" if enough else "free some space")


def _tried(what: str, act: Callable[[], str], advice: str) -> ProbeRow:
    try:
        return ProbeRow(what, ok=True, found=act())
    except OSError as fault:
        advice = "free some space" if is_disk_full(fault) else advice
        return ProbeRow(what, ok=False, found=fault.strerror or str(fault), advice=advice)
