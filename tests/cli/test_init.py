"""`exchange init`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from exchange.cli.main import run
from exchange.config.modelines import editable, schema_for


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


def test_an_editor_knows_the_schema_of_each_file_and_its_own_settings_stay(tmp_path: Path) -> None:
    """`.vscode` may be there before: what somebody set stays, what is missing is added, and it fits every YAML file."""
    (tmp_path / ".vscode").mkdir()
    (tmp_path / ".vscode/extensions.json").write_text("{}", encoding="utf-8")
    assert run(["init", str(tmp_path)]) == 0
    assert (tmp_path / ".vscode/extensions.json").read_text(encoding="utf-8") == "{}"

    settings = tmp_path / ".vscode/settings.json"
    schemas: dict[str, list[str]] = json.loads(settings.read_text(encoding="utf-8"))["yaml.schemas"]
    for file in editable(tmp_path):
        found = [name for name, globs in schemas.items() if any(re.fullmatch(_regex(g), f"/{file}") for g in globs)]
        assert found == [schema_for(file, ())], file
    assert run(["schema", "export", "--workspace", str(tmp_path)]) == 0
    assert all((tmp_path / name).is_file() for name in schemas if not name.endswith("flow_cases.json"))

    (tmp_path / "other").mkdir()
    (tmp_path / "other/.vscode").mkdir()
    (tmp_path / "other/.vscode/settings.json").write_text('{"mine": 1}', encoding="utf-8")
    assert run(["init", str(tmp_path / "other")]) == 0
    assert (tmp_path / "other/.vscode/settings.json").read_text(encoding="utf-8") == '{"mine": 1}'
    assert (tmp_path / "other/.vscode/extensions.json").is_file()


def _regex(glob: str) -> str:
    """Return a pattern of VS Code's as a regular expression: `*`, `**/` and `!(a|b)` before what follows it."""
    text = re.escape(glob).replace(r"\*\*/", "(?:[^/]+/)*")
    text = re.sub(r"!\\\((.*?)\\\)(\\\.yaml|/)", lambda m: _not(m[1], m[2]), text)
    return text.replace(r"\*", "[^/]*")


def _not(names: str, after: str) -> str:
    return rf"(?!(?:{names.replace(chr(92) + '|', '|')}){after})[^/]+{after}"
