"""Looks at folders: once for all that is picked up, twice where asked for, and kept for the next run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from exchange.engine.looks import Looks
from exchange.engine.ready import Watched
from exchange.kernel.endpoint import Listing
from exchange.kernel.file_ledger import Look
from exchange.kernel.model import SourceFile

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
FOLDER = ("sftp", "in")
A = SourceFile("sftp", "in", "a.csv", 10, 5)


class Server:
    """An endpoint whose folder can be changed."""

    def __init__(self, *files: SourceFile, remote: bool = True) -> None:
        self.files = files
        self.remote = remote
        self.asked = 0

    def list(self, folder: str, match: str) -> Listing:
        """Return what lies there now."""
        assert (folder, match) == ("in", "*")
        self.asked += 1
        return Listing(tuple(self.files))


class Memory:
    """What the ledger keeps of looks."""

    def __init__(self, **known: Look) -> None:
        self.known = known
        self.kept: list[tuple[str, str, list[SourceFile], datetime]] = []

    def looks(self, endpoint: str, folder: str) -> dict[str, Look]:
        """Return what is known."""
        assert (endpoint, folder) == FOLDER
        return {name.replace("_", "."): look for name, look in self.known.items()}

    def look(self, endpoint: str, folder: str, seen: Sequence[SourceFile], at: datetime) -> None:
        """Keep a look."""
        self.kept.append((endpoint, folder, list(seen), at))


def looks(server: Server, memory: Memory | None = None) -> Looks:
    """Return the looks of a run, each a second after the one before."""
    clock = iter(NOW + timedelta(seconds=second) for second in range(100))
    places: Any = {"sftp": server}
    files: Any = memory or Memory()
    return Looks(places, files, lambda: next(clock))


def test_a_folder_is_asked_for_once() -> None:
    server = Server(A)
    seen = looks(server)

    assert seen.listing(FOLDER) == seen.listing(FOLDER) == Listing((A,))
    assert (server.asked, set(seen.remote)) == (1, {FOLDER})
    assert seen.watched(A) == Watched(NOW, twice=False)


def test_folders_of_this_machine_need_no_looks() -> None:
    memory = Memory()
    seen = looks(Server(A, remote=False), memory)
    seen.listing(FOLDER)
    seen.remember()

    assert (seen.watched(A), seen.remote, memory.kept) == (None, frozenset(), [])


def test_after_the_clock_was_set_back_looks_tell() -> None:
    """All times of a file lie in the future then, for as long as the clock was set back."""
    later = int((NOW + timedelta(hours=2)).timestamp()) * 10**9
    ahead, memory = replace(A, mtime_ns=later, changed_ns=later), Memory()
    seen = looks(Server(ahead, replace(A, name="b.csv"), remote=False), memory)
    seen.listing(FOLDER)
    seen.remember()

    assert seen.watched(ahead) == Watched(NOW, twice=False)
    assert seen.watched(replace(A, name="b.csv")) is None
    assert [names for *_, names, _ in memory.kept] == [[ahead, replace(A, name="b.csv")]]

    earlier = NOW - timedelta(seconds=30)
    seen = looks(Server(ahead, remote=False), Memory(a_csv=Look(10, later, earlier, earlier)))
    seen.listing(FOLDER)
    assert seen.watched(ahead) == Watched(earlier, twice=True)


def test_a_second_look_confirms_what_is_as_it_was() -> None:
    server = Server(A, replace(A, name="b.csv"), replace(A, name="gone.csv"))
    seen = looks(server)
    seen.listing(FOLDER)
    grown, new = replace(A, name="b.csv", size=11), replace(A, name="new.csv")
    server.files = (replace(A, changed_ns=7), grown, new)

    seen.again(FOLDER)

    second = NOW + timedelta(seconds=1)
    assert seen.watched(A) == Watched(NOW, twice=True)
    assert seen.watched(grown) == seen.watched(new) == Watched(second, twice=False)


def test_an_earlier_run_counts_where_nothing_has_changed() -> None:
    before = NOW - timedelta(minutes=1)
    known = Look(A.size, A.mtime_ns, before, before)
    memory = Memory(a_csv=known, b_csv=replace(known, size=9), c_csv=replace(known, first_seen=NOW))
    files = [A, replace(A, name="b.csv"), replace(A, name="c.csv")]
    seen = looks(Server(*files), memory)
    seen.listing(FOLDER)

    assert [seen.watched(file) for file in files] == [
        Watched(before, twice=True),
        Watched(NOW, twice=False),
        Watched(NOW, twice=False),
    ]


def test_what_was_seen_last_is_kept_and_what_is_gone_forgotten() -> None:
    server, memory = Server(A), Memory()
    seen = looks(server, memory)
    seen.listing(FOLDER)
    server.files = (replace(A, size=11),)
    seen.again(FOLDER)
    seen.remember()

    assert memory.kept == [(*FOLDER, [replace(A, size=11)], NOW + timedelta(seconds=1))]
    empty = Memory(a_csv=Look(1, 1, NOW, NOW))
    seen = looks(Server(), empty)
    seen.listing(FOLDER)
    seen.remember()
    assert empty.kept == [(*FOLDER, [], NOW)]


def test_an_empty_folder_is_not_worth_a_line() -> None:
    memory = Memory()
    seen = looks(Server(), memory)
    seen.listing(FOLDER)
    seen.remember()

    assert memory.kept == []
