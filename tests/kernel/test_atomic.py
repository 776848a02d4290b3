"""A crash leaves the old file or the new one, whole."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from exchange.kernel.atomic import (
    Written,
    copy_synced,
    disk_faults,
    is_disk_full,
    make_folder,
    move_synced,
    replace_synced,
    sha256_of,
    sync_folder,
    synced_file,
    write_hint,
    write_synced,
)
from exchange.kernel.errors import Stop, TryLater

DATA = bytes(range(256)) * 5000
PROOF = Written(len(DATA), hashlib.sha256(DATA).hexdigest())


def test_written_in_blocks_counted_and_hashed(tmp_path: Path) -> None:
    made = write_synced(tmp_path / "new", (DATA[start : start + 999] for start in range(0, len(DATA), 999)))

    assert made == PROOF == sha256_of(tmp_path / "new")
    assert (tmp_path / "new").read_bytes() == DATA
    assert (tmp_path / "new").stat().st_mode & 0o027 == 0, "orders hold personal data: nobody else reads or writes them"


def test_pieces_of_any_size_are_written_in_turn(tmp_path: Path) -> None:
    pieces = [bytes([number]) * (3 * 1024 * 1024 if number % 2 else 7) for number in range(6)]

    with synced_file(tmp_path / "new") as out:
        for piece in pieces:
            out.write(memoryview(piece))
        made = out.written()

    whole = b"".join(pieces)
    assert (tmp_path / "new").read_bytes() == whole
    assert made == Written(len(whole), hashlib.sha256(whole).hexdigest()) == sha256_of(tmp_path / "new")


@pytest.mark.parametrize("asked", [False, True])
def test_a_file_that_may_not_grow_further_is_told_and_leaves_nothing(tmp_path: Path, asked: bool) -> None:
    def make() -> None:
        with synced_file(tmp_path / "new") as out:
            out.write(bytes(3 * 1024 * 1024))
            if asked:
                out.written()

    with resource_limit(1024 * 1024), pytest.raises(OSError, match="too large") as fault:
        make()
    assert fault.value.errno == errno.EFBIG
    assert list(tmp_path.iterdir()) == []


@contextmanager
def resource_limit(size: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


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


def test_every_missing_folder_is_made_and_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    monkeypatch.setattr("exchange.kernel.atomic.sync_folder", synced.append)

    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")

    assert (tmp_path / "a" / "b").is_dir()
    assert synced == [tmp_path, tmp_path / "a"]


def test_moved_within_a_file_system(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(DATA)

    move_synced(tmp_path / "a", tmp_path / "b")

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("b", DATA)]


@pytest.mark.parametrize("left", [None, b"half a cop"])
def test_moved_to_another_file_system_by_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: bytes | None
) -> None:
    source, target = tmp_path / "a", tmp_path / "archive"
    source.write_bytes(DATA)
    if left is not None:
        (tmp_path / ".archive.part").write_bytes(left)
    rename = Path.replace

    def another(self: Path, to: Path) -> Path:
        if self == source:
            raise OSError(errno.EXDEV, "another file system")
        return rename(self, to)

    monkeypatch.setattr(Path, "replace", another)

    move_synced(source, target)

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("archive", DATA)]


@pytest.mark.parametrize(
    ("number", "family", "words"),
    [
        (errno.ENOSPC, TryLater, "free some space"),
        (errno.EDQUOT, TryLater, "free some space"),
        (errno.EROFS, TryLater, "mount it so that this user can write there"),
        (errno.EACCES, TryLater, "give this user access to it"),
        (errno.ESTALE, TryLater, "mount the share again"),
        (errno.ENOTCONN, TryLater, "mount the share again"),
        (errno.EMFILE, TryLater, "wait until the system has room for it"),
        (errno.EIO, Stop, "look at the disk"),
    ],
)
def test_faults_of_the_disk_say_what_to_do(number: int, family: type[Exception], words: str) -> None:
    with pytest.raises(family, match=f"data/x: .*{words}"), disk_faults():
        raise OSError(number, os.strerror(number), "data/x")


@pytest.mark.parametrize("how", ["write", "flush", "sync", "sync a folder"])
def test_a_fault_of_an_open_file_says_where(how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system says of a descriptor names no file."""

    def fail(_: int) -> None:
        raise OSError(errno.EIO, "lost")

    def work() -> None:
        if how.startswith("sync"):
            monkeypatch.setattr(os, "fsync", fail)
        if how == "sync a folder":
            sync_folder(tmp_path)
        with synced_file(tmp_path / "new") as out:
            out.write(b"x" * {"write": 3_000_000, "flush": 5_000}.get(how, 1))

    with resource_limit(4096), pytest.raises(OSError) as raised:  # noqa: PT011 - what it says comes below
        work()

    assert str(tmp_path if how == "sync a folder" else tmp_path / "new") in str(raised.value)


def test_what_has_the_name_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "share").symlink_to("/mnt/not/mounted")
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(TryLater, match=r"share is a link to /mnt/not/mounted, which is not there: mount or mend it"):
        make_folder(tmp_path / "share/orders")
    with pytest.raises(TryLater, match=r"file is no folder: move it away"):
        make_folder(tmp_path / "file/orders")


def test_a_hint_that_cannot_be_kept_is_no_fault(tmp_path: Path) -> None:
    write_hint(tmp_path / "state/hint", b"seen")
    assert (tmp_path / "state/hint").read_bytes() == b"seen"

    (tmp_path / "share").symlink_to("/mnt/not/mounted")
    for place in ("share/hint", "state/hint/below", "state"):
        write_hint(tmp_path / place, b"lost")
    assert (tmp_path / "state/hint").read_bytes() == b"seen"


def test_other_faults_pass_through() -> None:
    with pytest.raises(FileNotFoundError), disk_faults():
        raise FileNotFoundError(errno.ENOENT, "gone", "data/x")
