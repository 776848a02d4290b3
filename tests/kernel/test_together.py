"""Several small files come whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

import pytest

from exchange.kernel.together import write_several_synced


def test_all_are_written_and_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    files = [(tmp_path / str(number), b"%d" % number * number) for number in range(9)]

    written = write_several_synced(files)

    assert [(each.size, each.sha256) for each in written] == [
        (len(data), hashlib.sha256(data).hexdigest()) for _, data in files
    ]
    assert [path.read_bytes() for path, _ in files] == [data for _, data in files]
    assert sorted(synced) == sorted(str(path) for path, _ in files)


def test_none_is_left_where_one_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fault 4 and 7: a full or failing disk."""
    calls: list[int] = []

    def fsync(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 3:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", fsync)

    with pytest.raises(OSError, match="Input/output error"):
        write_several_synced([(tmp_path / str(number), b"x") for number in range(5)])
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "1").write_bytes(b"mine")

    with pytest.raises(FileExistsError):
        write_several_synced([(tmp_path / "0", b"x"), (tmp_path / "1", b"x")])
    assert [path.name for path in tmp_path.iterdir()] == ["1"]
    assert (tmp_path / "1").read_bytes() == b"mine"
