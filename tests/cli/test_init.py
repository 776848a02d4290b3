"""`exchange init`."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.cli.main import run


def test_it_writes_a_workspace_and_says_what_comes_next(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "my shop"
    assert run(["init", str(target)]) == 0
    said = capsys.readouterr().out
    assert f"  cd '{target}'\n  exchange check\n" in said
    assert (target / "data/inbox/shopify/orders").is_dir()
    assert run(["check", "--workspace", str(target)]) == 0


def test_in_the_current_folder_there_is_nothing_to_change_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init", "."]) == 0
    said = capsys.readouterr().out
    assert "  cd " not in said
    assert "data/inbox/shopify/orders/" in said


def test_it_never_overwrites(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mappings").mkdir()
    assert run(["init", str(tmp_path)]) == 2
    assert "already has mappings/ and nothing is overwritten" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mappings"]


def test_a_folder_that_cannot_be_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert run(["init", str(tmp_path / "file" / "below")]) == 2
    assert "Not a directory" in capsys.readouterr().err
