"""What only a folder on this machine does; the rest is tests/contracts/test_endpoint.py."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from exchange.kernel.errors import TryLater
from exchange.kernel.model import Artifact, SourceFile
from exchange.transports.local import LocalEndpoint

SHA = hashlib.sha256(b"sealed").hexdigest()
ARTIFACT = Artifact("c1", 1, "output", "wms", "", "O.xml", ".O.xml.c1", "sealed", 6, SHA, 1)


@pytest.fixture
def here(tmp_path: Path) -> LocalEndpoint:
    """A folder within its workspace."""
    (tmp_path / "sealed").write_bytes(b"sealed")
    return LocalEndpoint("wms", tmp_path / "out", tmp_path)


def failing(number: int) -> object:
    """Return a function that fails like this."""

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def test_paths_are_shown_relative_to_the_workspace(here: LocalEndpoint, tmp_path: Path) -> None:
    here.stage(ARTIFACT, tmp_path / "sealed")
    assert here.reveal(ARTIFACT).path == "out/O.xml"

    outside = LocalEndpoint("wms", tmp_path / "out", tmp_path / "elsewhere")
    assert outside.reveal(ARTIFACT).path == str(tmp_path / "out/O.xml")


def test_staged_by_a_link_on_one_disk(here: LocalEndpoint, tmp_path: Path) -> None:
    here.stage(ARTIFACT, tmp_path / "sealed")

    assert (tmp_path / "out" / ARTIFACT.temporary).samefile(tmp_path / "sealed")


def test_copied_where_a_link_cannot_be_made(
    here: LocalEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", failing(errno.EXDEV))

    here.stage(ARTIFACT, tmp_path / "sealed")

    staged = tmp_path / "out" / ARTIFACT.temporary
    assert staged.read_bytes() == b"sealed"
    assert not staged.samefile(tmp_path / "sealed")


@pytest.mark.parametrize(
    ("number", "said"), [(errno.ENOSPC, "the disk is full: free some space"), (errno.EIO, "Input/output")]
)
def test_faults_of_the_disk_are_said_in_words(
    here: LocalEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    monkeypatch.setattr(os, "link", failing(number))

    with pytest.raises(TryLater, match=f"cannot write to out: {said}.*then run again, nothing is lost"):
        here.stage(ARTIFACT, tmp_path / "sealed")


def test_a_link_put_in_place_of_a_listed_file_is_not_followed(here: LocalEndpoint, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    (tmp_path / "out" / "day.csv").symlink_to(tmp_path / "secret")

    with pytest.raises(TryLater):
        here.fetch(SourceFile("wms", "", "day.csv", 6, 0), tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_pipe_put_in_place_of_a_listed_file_holds_nobody_up(here: LocalEndpoint, tmp_path: Path) -> None:
    """Fault 27."""
    (tmp_path / "out").mkdir()
    os.mkfifo(tmp_path / "out" / "day.csv")

    assert here.fetch(SourceFile("wms", "", "day.csv", 0, 0), tmp_path / "copy") is None
    assert here.read("", "day.csv", 10) == b""


@pytest.mark.parametrize("act", ["list", "read", "fetch", "stage", "reveal", "remove", "move"])
def test_a_share_that_is_not_mounted_is_down_not_empty(tmp_path: Path, act: str) -> None:
    """Without its marker nothing is read, nothing is written and nothing is made in the folder that lies beneath."""
    (tmp_path / "sealed").write_bytes(b"sealed")
    (tmp_path / "share").mkdir()
    place = LocalEndpoint("wms", tmp_path / "share", tmp_path, ".mounted")
    source = SourceFile("wms", "orders", "day.csv", 4, 0)
    acts: dict[str, Callable[[], object]] = {
        "list": lambda: place.list("orders", "*"),
        "read": lambda: place.read("orders", "day.done", 10),
        "fetch": lambda: place.fetch(source, tmp_path / "copy"),
        "stage": lambda: place.stage(ARTIFACT, tmp_path / "sealed"),
        "reveal": lambda: place.reveal(ARTIFACT),
        "remove": lambda: place.remove(source),
        "move": lambda: place.move(source, "done"),
    }

    with pytest.raises(TryLater, match=r"it is down, not empty: its mount marker share/.mounted is missing"):
        acts[act]()

    assert list((tmp_path / "share").iterdir()) == []
    (tmp_path / "share" / ".mounted").touch()
    assert place.list("orders", "*").files == ()
