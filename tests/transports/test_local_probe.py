"""What a probe of a local folder finds, and that it leaves nothing behind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from exchange.kernel.atomic import write_synced
from exchange.transports.local_probe import probe_folder
from exchange.transports.probing import ProbeRow


def found(folder: Path, marker: Path | None = None) -> dict[str, ProbeRow]:
    return {row.what: row for row in probe_folder(folder, marker)}


def test_a_sound_folder(tmp_path: Path) -> None:
    (tmp_path / "a.csv").touch()
    rows = found(tmp_path)
    assert list(rows) == [
        "list", "write", "write a second", "clock", "rename onto an existing name", "remove", "free space",
    ]  # fmt: skip
    assert all(row.ok and not row.advice for row in rows.values())
    assert rows["list"].found == "1 entry"
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_folder_is_made_as_a_run_makes_it(tmp_path: Path) -> None:
    assert found(tmp_path / "a" / "b")["list"].found == "0 entries"


def test_a_file_in_its_place_ends_it(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    rows = found(tmp_path / "a")
    assert list(rows) == ["list"]
    assert not rows["list"].ok
    assert "read access" in rows["list"].advice


def test_a_mount_marker_comes_first(tmp_path: Path) -> None:
    rows = found(tmp_path / "share", tmp_path / ".mounted")
    assert list(rows) == ["mount marker"]
    assert (rows["mount marker"].ok, rows["mount marker"].advice) == (False, "mount the share, then try again")
    assert not (tmp_path / "share").exists()
    (tmp_path / ".mounted").touch()
    assert found(tmp_path, tmp_path / ".mounted")["mount marker"].ok


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("exchange.transports.local_probe.write_synced", refuse)
    rows = found(tmp_path)
    assert list(rows) == ["list", "write", "free space"]
    assert (rows["write"].ok, rows["write"].found) == (False, "Permission denied")
    assert f"write access to {tmp_path}" in rows["write"].advice


def test_a_full_disk_is_no_matter_of_rights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("exchange.transports.local_probe.write_synced", refuse)
    assert found(tmp_path)["write"].advice == "free some space"


def test_little_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exchange.transports.local_probe.LITTLE", 10**18)
    row = found(tmp_path)["free space"]
    assert (row.ok, row.advice) == (False, "free some space")


def test_a_file_server_with_another_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = write_synced

    def later(path: Path, blocks: list[bytes]) -> None:
        written(path, blocks)
        os.utime(path, (path.stat().st_mtime + 3600,) * 2)

    monkeypatch.setattr("exchange.transports.local_probe.write_synced", later)
    row = found(tmp_path)["clock"]
    assert (row.ok, row.found) == (False, "+3600 s")
