"""A crash leaves the old file or the new one, whole."""

from __future__ import annotations

import errno
import hashlib
import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange.kernel.atomic import (
    Written,
    copy_synced,
    is_disk_full,
    replace_synced,
    sha256_of,
    sync_folder,
    synced_file,
    write_synced,
)

DATA = bytes(range(256)) * 5000
PROOF = Written(len(DATA), hashlib.sha256(DATA).hexdigest())


def test_written_in_blocks_counted_and_hashed(tmp_path: Path) -> None:
    made = write_synced(tmp_path / "new", (DATA[start : start + 999] for start in range(0, len(DATA), 999)))

    assert made == PROOF == sha256_of(tmp_path / "new")
    assert (tmp_path / "new").read_bytes() == DATA
    assert (tmp_path / "new").stat().st_mode & 0o027 == 0, "orders hold personal data: nobody else reads or writes them"


def test_copied_from_a_stream(tmp_path: Path) -> None:
    assert copy_synced(io.BytesIO(DATA), tmp_path / "copy") == PROOF
    assert (tmp_path / "copy").read_bytes() == DATA


def test_an_existing_file_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"old")

    with pytest.raises(FileExistsError):
        write_synced(tmp_path / "old", [b"new"])
    assert (tmp_path / "old").read_bytes() == b"old"


def test_a_fault_while_writing_leaves_nothing(tmp_path: Path) -> None:
    def blocks() -> Iterator[bytes]:
        yield b"half"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_synced(tmp_path / "new", blocks())
    assert list(tmp_path.iterdir()) == []


def test_a_failed_sync_drops_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.EIO, "lost")

    monkeypatch.setattr(os, "fsync", fail)

    with pytest.raises(OSError, match="lost"), synced_file(tmp_path / "new") as out:
        out.write(b"data")
    assert list(tmp_path.iterdir()) == []


def test_synced_before_it_is_given_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bool] = []
    sync = os.fsync

    def note(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").resolve().is_dir())
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    write_synced(tmp_path / "new", [b"new"])
    (tmp_path / "final").write_bytes(b"old")

    replace_synced(tmp_path / "new", tmp_path / "final")

    assert synced == [False, True], "the data, then the name"
    assert (tmp_path / "final").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["final"]


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP, errno.EIO])
def test_folders_that_cannot_be_synced_are_let_be_and_faults_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def fail(_: int) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(os, "fsync", fail)

    if number == errno.EIO:
        with pytest.raises(OSError, match="no"):
            sync_folder(tmp_path)
    else:
        sync_folder(tmp_path)


def test_full_disks_are_known() -> None:
    assert is_disk_full(OSError(errno.ENOSPC, ""))
    assert is_disk_full(OSError(errno.EDQUOT, ""))
    assert not is_disk_full(OSError(errno.EACCES, ""))
