"""Answers that are lost: what was done is found again, and nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from exchange.transports.sftp.remote import Remote
from exchange.transports.sftp.wire import Kind, string
from tests.servers.chaos import Chaos
from tests.servers.sshd import Sshd
from tests.transports.sftp.conftest import Disturb, Reach
from tests.transports.sftp.files import names, only, put, sealed, wait_until


def lose_the_next_answer(monkeypatch: pytest.MonkeyPatch, chaos: Chaos, done: Callable[[], bool]) -> None:
    """Lose the answer to the next rename: the line is cut as soon as the server has done it."""
    real = Remote.rename

    def rename(remote: Remote, old: bytes, new: bytes) -> None:
        chaos.deaf = True
        number = remote.wire.send(Kind.RENAME, string(old), string(new))
        remote.wire.flush()
        wait_until(done)
        monkeypatch.setattr(Remote, "rename", real)
        chaos.cut()
        chaos.deaf = False
        remote.wire.answer(number)

    monkeypatch.setattr(Remote, "rename", rename)


def test_a_rename_whose_answer_is_lost_is_found_again(
    sshd: Sshd, reach: Reach, disturb: Disturb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fault 20: look before retrying; the file is there once."""
    chaos = disturb(sshd)
    endpoint = reach(sshd, port=chaos.port)
    artifact, local = sealed(tmp_path, b"sealed")
    endpoint.stage(artifact, local)
    final = sshd.root / "orders" / "O.xml"
    lose_the_next_answer(monkeypatch, chaos, final.exists)

    receipt = endpoint.reveal(artifact)

    assert not receipt.presumed
    assert names(sshd) == ["O.xml"]
    assert chaos.connections == 2


def test_a_rename_whose_answer_is_lost_and_whose_file_was_taken_is_presumed(
    sshd: Sshd, reach: Reach, disturb: Disturb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fault 20, with a partner who takes files at once: never sent a second time."""
    chaos = disturb(sshd)
    endpoint = reach(sshd, port=chaos.port)
    artifact, local = sealed(tmp_path, b"sealed")
    endpoint.stage(artifact, local)

    def taken() -> bool:
        final = sshd.root / "orders" / "O.xml"
        if final.exists():
            final.unlink()
            return True
        return False

    lose_the_next_answer(monkeypatch, chaos, taken)

    assert endpoint.reveal(artifact).presumed
    assert names(sshd) == []


def test_a_move_whose_answer_is_lost_is_done(
    sshd: Sshd, reach: Reach, disturb: Disturb, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fault 20, at the source."""
    put(sshd, "day.csv", b"data")
    (sshd.root / "done").mkdir()
    chaos = disturb(sshd)
    endpoint = reach(sshd, port=chaos.port)
    source = only(endpoint)
    lose_the_next_answer(monkeypatch, chaos, (sshd.root / "done" / "day.csv").exists)

    assert endpoint.move(source, "done")
    assert (names(sshd), names(sshd, "done")) == ([], ["day.csv"])
