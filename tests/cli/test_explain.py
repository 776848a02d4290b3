"""`exchange explain`."""

from __future__ import annotations

import json

import pytest

from exchange.cli.main import run
from exchange.kernel.catalogue import CATALOGUE
from exchange.kernel.exits import MEANING


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_code_has_its_page(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", code]) == 0
    page = " ".join(capsys.readouterr().out.split())
    entry = CATALOGUE[code]
    assert page.startswith(f"{code} {entry.title} found in ")
    assert " ".join(entry.why.split()) in page
    assert "{" not in page


def test_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "row-too-long"]) == 0
    assert capsys.readouterr().out == (
        "ROW_TOO_LONG  More cells than the header has columns\n\n"
        "  found in    one row of a file\n"
        "  severity    error: what it is found in is set aside as a reject\n"
        "  message     the row has <cells> cells, the header has <columns> columns\n"
        "  what to do  look for a delimiter inside a cell that is not in quotes\n"
    )


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("LOOKUP_MIS", "there is no problem code 'LOOKUP_MIS'; did you mean 'LOOKUP_MISS'?"),
        ("xyzzy", "there is no problem code 'xyzzy'; `exchange explain` lists them all"),
        ("99", "there is no exit code 99; known: 0, 1, 2"),
    ],
)
def test_an_unknown_code(code: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", code]) == 2
    assert said in capsys.readouterr().err


def test_an_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "7"]) == 0
    assert capsys.readouterr().out == "7  another run holds the flow\n"
    assert run(["explain", "7", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"exit": 7, "name": "LOCKED", "meaning": "another run holds the flow"}


def test_without_a_code_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain"]) == 0
    listed = {line.split()[0] for line in capsys.readouterr().out.splitlines() if line.startswith("  ")}
    assert listed == set(CATALOGUE) | {str(int(code)) for code in MEANING}


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "--json"]) == 0
    assert [json.loads(line)["code"] for line in capsys.readouterr().out.splitlines()] == list(CATALOGUE)
    assert run(["explain", "TOO_LONG", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["scope"] == "record"
