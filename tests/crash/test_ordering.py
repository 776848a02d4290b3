"""What survives a power cut: the order in which a run syncs, renames and removes, as the kernel sees it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.crash.desks import Desk, Faults, Scene

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed"),
]
CALLS = "write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat"
_BEGUN = re.compile(r"^(\d+) +(.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"^(\d+) +<\.\.\. \w+ resumed>(.*)$")
_CALL = re.compile(r"^(\d+) +(\w+)\((.*)\) += (-?\d+)")
_DESCRIPTOR = re.compile(r"^\d+<([^>]*)>")
_PATH = re.compile(r'"((?:[^"\\\\]|\\\\.)*)"')


@dataclass(frozen=True)
class Call:
    """One call that succeeded."""

    name: str
    """`write`, `sync`, `rename`, `link` or `unlink`."""
    paths: tuple[str, ...]
    """The file, or source and target."""


@dataclass(frozen=True)
class Trace:
    """Everything a run asked of the file system, in order."""

    calls: tuple[Call, ...]

    def last(self, before: int, name: str, path: str, place: int = 0) -> int:
        """Return when a call was last made with a path before a moment, -1 where it was not."""
        for moment in range(before - 1, -1, -1):
            call = self.calls[moment]
            if call.name == name and len(call.paths) > place and call.paths[place] == path:
                return moment
        return -1

    def first(self, after: int, name: str, path: str) -> int:
        """Return when a call was first made with a path after a moment, the end of the run where it was not."""
        made = (at for at in range(after + 1, len(self.calls)) if self.calls[at] == Call(name, (path,)))
        return next(made, len(self.calls))

    def between(self, start: int, end: int, name: str, path: str) -> bool:
        """Tell whether a call was made with a path after one moment and before another."""
        return self.last(end, name, path) > start

    def of(self, name: str, place: int, *parts: str) -> Iterator[tuple[int, Call]]:
        """Yield (moment, call) of a kind whose path holds all these parts."""
        for moment, call in enumerate(self.calls):
            if call.name == name and all(part in call.paths[place] for part in parts):
                yield moment, call


@pytest.fixture(scope="module")
def trace(scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Trace:
    """What one undisturbed run of everything does."""
    log = tmp_path_factory.mktemp("trace") / "log"

    def attempt(desk: Desk, _: str) -> Faults:
        run = [sys.executable, "-c", "from exchange.cli.main import main; main()", "--workspace", str(desk.work), "run"]
        command = ["strace", "-f", "-y", "-s", "0", "-o", str(log), "-e", f"trace={CALLS}", *run]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if "ptrace" in done.stderr:
            pytest.skip(f"strace may not trace here: {done.stderr.splitlines()[0]}")
        return [] if done.returncode == 3 else [done.stderr]

    assert scene.each(["-"], attempt) == {}
    return Trace(tuple(_calls(log.read_text(encoding="utf-8").splitlines())))


def test_what_comes_into_view_is_on_the_disk_already(trace: Trace) -> None:
    """Fault 3: power loss after a rename."""
    for moment, call in _revealed(trace):
        staged, final = call.paths
        linked = trace.last(moment, "link", staged, place=1)
        data = trace.calls[linked].paths[0]
        synced = trace.last(linked, "sync", data)
        assert synced > trace.last(moment, "write", data) >= 0, f"{final} is shown before its data is synced"


def test_names_are_on_the_disk_before_the_ledger_says_so(trace: Trace) -> None:
    """Fault 3: file and ledger agree."""
    for moment, call in _revealed(trace):
        noted = next(at for at, _ in trace.of("sync", 0, "ledger.db-wal") if at > moment)
        assert trace.between(moment, noted, "sync", _folder(call)), f"{call.paths[1]} is noted before it is synced"


def test_artifacts_and_their_names_are_on_the_disk_before_the_seal(trace: Trace) -> None:
    linked = list(trace.of("link", 0, "data/state/work"))
    assert len(linked) > 10
    for moment, call in linked:
        artifact = call.paths[0]
        synced = trace.last(moment, "sync", artifact)
        named = trace.first(synced, "sync", str(Path(artifact).parent))
        assert named < moment, f"the name of {artifact} is not synced"
        assert trace.between(named, moment, "sync", _ledger(trace)), f"{artifact} is staged before the seal"


def test_staging_is_noted_before_anything_is_shown(trace: Trace) -> None:
    for moment, call in _revealed(trace):
        linked = trace.last(moment, "link", call.paths[0], place=1)
        named = trace.first(linked, "sync", _folder(call))
        assert trace.between(named, moment, "sync", _ledger(trace)), f"{call.paths[1]} is shown before the note"


def test_source_goes_only_after_our_copy_and_the_ledger_are_on_the_disk(trace: Trace) -> None:
    removed = list(trace.of("unlink", 0, "data/inbox"))
    assert len(removed) == 4
    for moment, call in removed:
        name = Path(call.paths[0]).name
        archived = [found for found in trace.of("rename", 1, "data/archive") if found[1].paths[1].endswith(f".{name}")]
        if name == "again.csv":
            assert archived == []  # the same content was archived yesterday
            continue
        [(put, archive)] = archived
        copied = trace.last(put, "rename", archive.paths[0], place=1)
        assert trace.between(-1, copied, "sync", trace.calls[copied].paths[0]), "the copy is not synced"
        named = trace.first(copied, "sync", str(Path(archive.paths[0]).parent))
        assert trace.between(named, put, "sync", _ledger(trace)), "the claim is not noted"
        assert trace.between(put, moment, "sync", _folder(archive)), "the name in the archive is not synced"


_IN_VIEW = ("data/outbox/", "data/rejects/", "data/state/held/")


def _revealed(trace: Trace) -> list[tuple[int, Call]]:
    found = [found for part in _IN_VIEW for found in trace.of("rename", 1, part)]
    assert len(found) > 10
    return found


def _folder(call: Call) -> str:
    return str(Path(call.paths[-1]).parent)


def _ledger(trace: Trace) -> str:
    return next(call.paths[0] for _, call in trace.of("sync", 0, "ledger.db-wal"))


def _calls(lines: list[str]) -> Iterator[Call]:
    """Yield the calls that succeeded, at the moment they were over."""
    begun: dict[str, str] = {}
    for line in lines:
        if found := _BEGUN.match(line):
            begun[found[1]] = found[2]
            continue
        if found := _RESUMED.match(line):
            line = f"{found[1]} {begun.pop(found[1])}{found[2]}"  # noqa: PLW2901 - the line as it would have been
        if (found := _CALL.match(line)) and int(found[4]) >= 0:
            yield _call(found[2], found[3])


def _call(name: str, arguments: str) -> Call:
    if name.startswith(("rename", "link")):
        return Call("rename" if name.startswith("rename") else "link", tuple(_PATH.findall(arguments)))
    if name.startswith("unlink"):
        return Call("unlink", tuple(_PATH.findall(arguments)))
    descriptor = _DESCRIPTOR.match(arguments)
    return Call("sync" if "sync" in name else "write", (descriptor[1],) if descriptor else ("",))
