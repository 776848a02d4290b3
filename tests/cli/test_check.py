"""`exchange check`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from exchange.cli.main import run
from exchange.config.scaffold import write_starter


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_starter(tmp_path)
    return tmp_path


def test_a_sound_workspace(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--workspace", str(root)]) == 0
    said = capsys.readouterr()
    assert said.out == "ok: 1 flow, 3 mappings, 2 schemas, 1 template, 3 tables\n"
    assert said.err == ""


def test_mistakes_are_lines_on_stdout_and_the_sum_is_on_stderr(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = root / "mappings/exchange.yaml"
    settings.write_text("endpoints:\n  shopfy: {path: 012}\n  wms: {path: a}\n  erp: {path: b}\n", encoding="utf-8")
    (root / "mappings/tables/packs.csv").write_text("a,a\n", encoding="utf-8")
    assert run(["check", "--workspace", str(root)]) == 5
    said = capsys.readouterr()
    assert 'mappings/exchange.yaml:2:18: 012 is a number to YAML; put quotes around it: "012"' in said.out.splitlines()
    assert "mappings/tables/packs.csv:1:1: column 'a' occurs twice; rename or remove one of them" in said.out
    assert said.err.endswith(" files\n")


def test_json(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "mappings/flows/orders.yaml").rename(root / "mappings/flows/order.yaml")
    assert run(["check", "--workspace", str(root), "--json"]) == 5
    said = capsys.readouterr()
    [mistake] = map(json.loads, said.out.splitlines())
    assert mistake == {
        "file": "mappings/flows/order.yaml",
        "line": 2,
        "column": 7,
        "what": "flow 'orders' is not the file's name",
        "instead": "write `flow: order`",
    }
    assert said.err == "1 mistake in 1 file\n"


def test_json_of_a_sound_workspace_has_no_lines(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--workspace", str(root), "--json"]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("ok: ")
