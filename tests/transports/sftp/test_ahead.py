"""Many small files: several in flight, none torn, none left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.kernel.model import SourceFile
from exchange.transports.sftp import download
from exchange.transports.sftp.remote import Remote
from tests.servers.sshd import Sshd
from tests.transports.sftp.conftest import Reach
from tests.transports.sftp.files import blob, names, put, sha256


def test_a_small_file_that_changed_after_it_was_listed_is_not_fetched_ahead(
    sshd: Sshd, reach: Reach, tmp_path: Path
) -> None:
    """Fault 17, for files of which several are in flight."""
    for number in range(6):
        put(sshd, f"{number}.csv", b"%d" % number, age=100 - number)
    endpoint = reach(sshd)
    sources = endpoint.list("orders", "*").files
    put(sshd, "3.csv", b"new", age=1)

    fetched = [endpoint.fetch(source, tmp_path / source.name) for source in sources]

    assert [written is None for written in fetched] == [False, False, False, True, False, False]
    assert [(tmp_path / f"{number}.csv").read_bytes() for number in (0, 1, 2, 4, 5)] == [b"0", b"1", b"2", b"4", b"5"]


def test_many_small_files_are_fetched_several_at_a_time(
    sshd: Sshd, reach: Reach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(200):
        put(sshd, f"{number:03}.csv", b"%d" % number * 100, age=1000 - number)
    put(sshd, "large.csv", blob(100_000), age=1000 - 150.5)
    batches: list[int] = []
    real = download.download_several

    def counting(remote: Remote, wanted: list[tuple[bytes, SourceFile]]) -> list[bytes | None]:
        batches.append(len(wanted))
        return real(remote, wanted)

    monkeypatch.setattr("exchange.transports.sftp.endpoint.download_several", counting)
    endpoint = reach(sshd)
    (tmp_path / "in").mkdir()

    for source in endpoint.list("orders", "*").files:
        written = endpoint.fetch(source, tmp_path / "in" / source.name)
        assert written is not None
        assert (written.size, written.sha256) == (source.size, sha256(tmp_path / "in" / source.name))

    assert len(batches) < 30
    assert max(batches) == 32
    assert sorted(path.name for path in (tmp_path / "in").iterdir()) == names(sshd), "nothing is left beside"


def test_what_was_fetched_ahead_and_not_asked_for_is_removed(sshd: Sshd, reach: Reach, tmp_path: Path) -> None:
    for number in range(10):
        put(sshd, f"{number}.csv", b"data", age=100 - number)
    endpoint = reach(sshd)
    sources = endpoint.list("orders", "*").files
    (tmp_path / "in").mkdir()
    for number in range(4):
        endpoint.fetch(sources[number], tmp_path / "in" / f"{number}")
    assert len(list((tmp_path / "in").iterdir())) == 7

    endpoint.close()

    assert sorted(path.name for path in (tmp_path / "in").iterdir()) == ["0", "1", "2", "3"]
