"""What commands share: the workspace and JSON lines."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import rich_click as click

from exchange.cli.context import duration, print_json
from exchange.cli.main import ENVIRONMENT, run
from exchange.config.scaffold import write_starter


def test_the_workspace_may_stand_before_or_behind_the_command_or_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "ws"
    write_starter(root)
    monkeypatch.chdir(tmp_path)
    assert run(["check"]) == 5
    assert "is no workspace" in capsys.readouterr().err
    assert run(["check", "--workspace", str(root)]) == 0
    assert run(["--workspace", "ws", "check"]) == 0
    monkeypatch.setenv(ENVIRONMENT, str(root))
    assert run(["check"]) == 0
    assert run(["--workspace", "elsewhere", "check", "--workspace", "ws"]) == 0
    assert run(["--workspace", "elsewhere", "check"]) == 5
    monkeypatch.delenv(ENVIRONMENT)
    monkeypatch.chdir(root)
    assert run(["check"]) == 0


def test_help_needs_no_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["check", "--help"]) == 0


def test_durations_on_the_command_line() -> None:
    context, option = click.Context(click.Command("x")), click.Option(["--settle"])
    assert duration(context, option, "1m 30s") == timedelta(seconds=90)
    with pytest.raises(click.BadParameter, match="expected a duration such as 10s"):
        duration(context, option, "soon")


def test_json_lines_keep_every_character(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"name": "Müller\n", "path": Path("a/b")})
    assert capsys.readouterr().out == '{"name": "Müller\\n", "path": "a/b"}\n'
