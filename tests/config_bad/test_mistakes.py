"""Typical mistakes in each kind of YAML file: each is told once, with its code, at its line and column."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from exchange.cli.main import run
from exchange.config.scaffold import write_starter
from exchange.kernel.catalogue import CATALOGUE

LISTED = tuple(Path(__file__).parent / name for name in ("mistakes.txt", "slips.txt"))
KINDS = {
    "mappings/exchange.yaml",
    "mappings/flows/orders.yaml",
    "mappings/shopify/orders.yaml",
    "mappings/wms/orders.yaml",
    "mappings/schemas/shopify_orders.yaml",
}


@dataclass(frozen=True)
class Slip:
    """One entry of the list."""

    file: str
    old: str
    new: str
    said: str

    def __str__(self) -> str:
        return f"{self.file.removeprefix('mappings/')}: {self.new.strip()[:40]}"


def slips(listed: Path) -> Iterator[Slip]:
    """Read one of the lists."""
    file = ""
    for block in listed.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.split("\n") if line]
        if block.startswith("# "):
            file = block.removeprefix("# ")
        elif file and lines:
            old, new, [said] = ([line[2:] for line in lines if line.startswith(sign)] for sign in ("- ", "+ ", "= "))
            yield Slip(file, "\n".join(old), "\n".join(new), said)


SLIPS = tuple(slip for listed in LISTED for slip in slips(listed))


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A starter workspace; each test puts back what it changes."""
    root = tmp_path_factory.mktemp("bad") / "ws"
    write_starter(root)
    return root


def test_each_kind_has_ten_and_more() -> None:
    assert set(Counter(slip.file for slip in SLIPS)) == KINDS
    assert all(number >= 10 for number in Counter(slip.file for slip in SLIPS).values())


@pytest.mark.parametrize("slip", SLIPS, ids=str)
def test_a_mistake_is_told_once_at_its_place(slip: Slip, starter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = starter / slip.file
    text = path.read_text(encoding="utf-8")
    assert slip.old in text
    path.write_text(text.replace(slip.old, slip.new, 1), encoding="utf-8")
    try:
        ended = run(["check", "--workspace", str(starter), "--json"])
    finally:
        path.write_text(text, encoding="utf-8")

    found = map(json.loads, capsys.readouterr().out.splitlines())
    [told] = [each for each in found if not each["file"].endswith("_test.yaml")]
    line = told["line"] - text[: text.index(slip.old)].count("\n") - 1
    instead = f"; {told['instead']}" if told["instead"] else ""
    assert told["file"] == slip.file
    assert f"{line}:{told['column']} {told['code']} {told['what']}{instead}" == slip.said
    assert told["severity"] == CATALOGUE[told["code"]].severity
    assert CATALOGUE[told["code"]].scope == "configuration"
    assert ended == (5 if told["severity"] == "error" else 0)
