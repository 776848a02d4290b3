"""A file that changes while it is read, and lines that break or dry up in the middle of it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from exchange.kernel.errors import TryLater
from exchange.transports.sftp import download
from exchange.transports.sftp.settings import Retries
from exchange.transports.sftp.wire import Wire
from tests.contracts.places import QUICK
from tests.servers.sshd import Sshd
from tests.transports.sftp.conftest import Disturb, Reach
from tests.transports.sftp.files import IMPATIENT, blob, only, put, sha256


@pytest.mark.parametrize("change", ["cut short", "made longer", "replaced", "written again", "removed"])
def test_a_file_that_changes_while_it_is_fetched_is_discarded(
    sshd: Sshd, reach: Reach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """Fault 16 and 17: short, longer, changed or gone means: not stable, the next run looks again."""
    path = put(sshd, "day.csv", blob())
    real = download.blocks

    def changing(wire: Wire, handle: bytes, size: int) -> Iterator[bytes]:
        for number, data in enumerate(real(wire, handle, size)):
            if number == 1:
                alter(path, change)
            yield data

    endpoint = reach(sshd)
    source = only(endpoint)
    monkeypatch.setattr(download, "blocks", changing)

    assert endpoint.fetch(source, tmp_path / "copy") is None

    assert not list(tmp_path.glob("copy*"))
    monkeypatch.undo()
    if change != "removed":
        again = endpoint.fetch(only(endpoint), tmp_path / "copy")
        assert again is not None
        assert (tmp_path / "copy").read_bytes() == path.read_bytes()


def alter(path: Path, change: str) -> None:
    """Do to a file what partners do."""
    if change == "cut short":
        os.truncate(path, 5_000_000)
    elif change == "made longer":
        with path.open("ab") as stream:
            stream.write(b"more")
    elif change == "replaced":
        other = path.with_name(".other")
        other.write_bytes(blob(seed=2))
        other.rename(path)
    elif change == "written again":
        path.write_bytes(blob(seed=2))
    else:
        path.unlink()


@pytest.mark.parametrize("cut", [100, 3_000, 5_000, 100_000, 3_000_000, 6_290_000])
def test_a_download_that_is_cut_at_any_byte_is_begun_again(
    sshd: Sshd, reach: Reach, disturb: Disturb, tmp_path: Path, cut: int
) -> None:
    """Fault 18: the part is discarded, the file is fetched over a new connection, and is whole."""
    path = put(sshd, "day.csv", blob())
    chaos = disturb(sshd, cut_down=cut)
    endpoint = reach(sshd, port=chaos.port)

    written = endpoint.fetch(only(endpoint), tmp_path / "copy")

    assert written is not None
    assert written.sha256 == sha256(path) == sha256(tmp_path / "copy")
    assert chaos.connections == 2
    assert not list(tmp_path.glob("copy?*"))


def test_a_line_that_always_breaks_is_given_up_and_leaves_nothing(
    sshd: Sshd, reach: Reach, disturb: Disturb, tmp_path: Path
) -> None:
    """Fault 18: the number of attempts is limited."""
    put(sshd, "day.csv", blob())
    chaos = disturb(sshd)
    endpoint = reach(sshd, port=chaos.port, retries=Retries(attempts=3, wait=0.01, longest=0.02))
    source = only(endpoint)
    chaos.cut_down, chaos.cuts = 200_000, 99
    chaos.cut()

    with pytest.raises(TryLater, match=r"cannot fetch wms:orders/day.csv: .*; run again, nothing is lost"):
        endpoint.fetch(source, tmp_path / "copy")

    # The line is cut before the first attempt: whether that one still asks on the dead line is a race.
    assert chaos.connections in {3, 4}
    assert not list(tmp_path.glob("copy*"))


def test_a_server_that_was_killed_while_reading_is_asked_again(
    sshd: Sshd, reach: Reach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fault 18, from the other end."""
    put(sshd, "day.csv", blob())
    endpoint = reach(sshd)
    source = only(endpoint)
    real, killed = download.blocks, threading.Event()

    def killing(wire: Wire, handle: bytes, size: int) -> Iterator[bytes]:
        for data in real(wire, handle, size):
            if not killed.is_set():
                killed.set()
                sshd.kill()
            yield data

    monkeypatch.setattr(download, "blocks", killing)

    assert endpoint.fetch(source, tmp_path / "copy") is not None
    assert (tmp_path / "copy").read_bytes() == blob()


def test_a_link_that_dies_in_the_middle_of_a_file_is_let_go(
    sshd: Sshd, reach: Reach, disturb: Disturb, tmp_path: Path
) -> None:
    """Fault 19: half of the file has come, then nothing passes any more in either direction."""
    put(sshd, "day.csv", blob())
    chaos = disturb(sshd, stall=3_000_000)
    endpoint = reach(sshd, port=chaos.port, timeouts=IMPATIENT)

    with pytest.raises(TryLater, match=r"has not answered for 0.7 s"):
        endpoint.fetch(only(endpoint), tmp_path / "copy")
    assert not list(tmp_path.glob("copy*"))


def test_a_trickle_ends_at_the_deadline_of_the_file(sshd: Sshd, reach: Reach, disturb: Disturb, tmp_path: Path) -> None:
    """Fault 19: every single answer comes in time, the file never would."""
    put(sshd, "day.csv", blob())
    chaos = disturb(sshd)
    endpoint = reach(sshd, port=chaos.port, timeouts=replace(QUICK, file=1.5))
    source = only(endpoint)
    chaos.rate, chaos.segment = 200_000, 8_000

    with pytest.raises(TryLater, match="whole-file deadline"):
        endpoint.fetch(source, tmp_path / "copy")
