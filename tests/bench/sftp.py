"""`sftp`: the product's endpoint against the OpenSSH client, at a real OpenSSH server on loopback."""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from tests.bench.measure import Command, Contender, Failed, Figures
from tests.bench.report import Goal, Report
from tests.bench.settings import Settings, by_name, ratio
from tests.servers.chaos import Chaos
from tests.servers.sshd import Keys, Sshd, missing

FILES, FILE_BYTES, BIG_BYTES = 2_000, 8 * 1024, 256 * 1024
"""Small files, their size, and the bytes of the big file for each of them: 500 MB."""
DELAY = 0.020
"""Seconds of a round trip, for the contenders that are far away; they carry a tenth."""
ROOT = Path(__file__).parents[2]
TASKS = ("get", "put", "small")


@dataclass(frozen=True)
class Site:
    """A server, the way to it, and what lies there."""

    server: Sshd
    port: int
    files: int

    @property
    def big(self) -> int:
        """Bytes of the big file."""
        return self.files * BIG_BYTES

    def fill(self, task: str, folder: Path) -> int:
        """Make a fresh server and folder for a task; return what has to come of it."""
        root = self.server.root
        for name in ("big", "put", "small", "done"):
            shutil.rmtree(root / name, ignore_errors=True)
            (root / name).mkdir()
        if task == "small":
            for number in range(self.files):
                path = root / "small" / f"{number:06}.csv"
                path.write_bytes(random.randbytes(FILE_BYTES))
                os.utime(path, (1_772_600_000 + number,) * 2)
            return self.files
        path = root / "big" / "big.bin" if task == "get" else folder / "local"
        with path.open("wb") as stream:
            for _ in range(self.files):
                stream.write(random.randbytes(BIG_BYTES))
        return self.big


def run(settings: Settings) -> Report:
    """Measure one big file each way and many small ones over SFTP."""
    if reason := missing():
        raise Failed(reason)
    random.seed(settings.seed)
    files = settings.lines or FILES
    with tempfile.TemporaryDirectory(dir=settings.scratch) as scratch, ExitStack() as stack:
        keys = Keys(Path(scratch) / "keys")
        keys.path("client")
        server = stack.enter_context(closing(Sshd(Path(scratch) / "sshd", Path(scratch) / "root", keys)))
        chaos = stack.enter_context(closing(Chaos(server.host, server.port, delay=DELAY)))
        here, far = Site(server, server.port, files), Site(server, chaos.port, max(10, files // 10))
        contenders = [
            Contender(f"{who} {task}{where}", _ready(site, task, make), site.files, {"done": _done(site, task)})
            for where, site in (("", here), (", far", far))
            for task in TASKS
            for who, make in (("openssh", _openssh), ("product", _product))
        ]
        figures = settings.measure(contenders)
    notes = (
        f"get, put: {here.big / 1e6:,.0f} MB; small: {files:,} files of 8 KiB, listed, fetched and renamed away",
        f"far: {DELAY * 1000:.0f} ms round trip by a proxy, a tenth of the load; the proxy's own pace is in it",
        "product: synced to disk on both sides, hashed, looked at before and after; the client does none of it",
        "both: whole processes, start and log-in included; left out: the engine, several partners at once",
    )
    return Report(f"sftp: {files:,} files", figures, "openssh get", _goals(figures), notes)


def _goals(figures: list[Figures]) -> list[Goal]:
    goals = []
    for task in TASKS:
        value = ratio(figures, f"product {task}", f"openssh {task}")
        if value is not None:
            goals.append(Goal(f"{task}: product / openssh", value, 2.2))
        used = by_name(figures, f"product {task}")
        if used is not None:
            goals.append(Goal(f"{task}: peak memory", used.peak_mb, 100, " MB"))
    return goals


def _done(site: Site, task: str) -> int:
    return site.files if task == "small" else site.big


def _ready(site: Site, task: str, make: Callable[[Site, str, Path], Command]) -> Callable[[Path], Command]:
    def prepare(folder: Path) -> Command:
        site.fill(task, folder)
        return make(site, task, folder)

    return prepare


def _product(site: Site, task: str, folder: Path) -> Command:
    server = site.server
    told = {
        "task": task, "folder": str(folder), "host": server.host, "port": site.port, "user": server.user,
        "pin": server.keys.fingerprint("host"), "key": str(server.keys.path("client")),
    }  # fmt: skip
    return Command([sys.executable, "-m", "tests.bench.transfer", json.dumps(told)], ROOT)


def _openssh(site: Site, task: str, folder: Path) -> Command:
    server = site.server
    (folder / "in").mkdir()
    names = [f"{number:06}.csv" for number in range(site.files)]
    lines = {
        "get": [f"get big/big.bin {folder}/got"],
        "put": [f"put {folder}/local put/put.bin.part", "rename put/put.bin.part put/put.bin"],
        "small": ["ls -l small", *(f"get small/{n} {folder}/in/{n}\nrename small/{n} done/{n}" for n in names)],
    }
    batch = folder / "batch"
    batch.write_text("\n".join([*lines[task], ""]), encoding="utf-8")
    known = "-oStrictHostKeyChecking=no", f"-oUserKnownHostsFile={folder}/known", "-oGlobalKnownHostsFile=/dev/null"
    argv = ["sftp", "-q", "-b", str(batch), "-P", str(site.port), "-i", str(server.keys.path("client")), *known]

    def outcome(_: str) -> dict[str, int]:
        counted = {
            "get": lambda: (folder / "got").stat().st_size,
            "put": lambda: (server.root / "put" / "put.bin").stat().st_size,
            "small": lambda: len(list((folder / "in").iterdir())),
        }
        return {"done": counted[task]()}

    return Command([*argv, f"{server.user}@{server.host}"], folder, outcome)
