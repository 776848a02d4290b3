"""Drafts in the workspace."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from exchange.assemble.infer import Outcome, infer
from exchange.assemble.infer_files import texts, write
from exchange.assemble.infer_rows import NotInferred
from exchange.config.scaffold import write_starter

SETTINGS = "mappings/exchange.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_starter(tmp_path / "ws")
    return tmp_path / "ws"


@pytest.fixture
def outcome(tmp_path: Path) -> Outcome:
    (tmp_path / "x.csv").write_text("item,qty\nA,1\nB,2\n", encoding="utf-8")
    return infer(tmp_path / "x.csv", "stock", "depot/stock")


def test_the_files_of_a_mapping(root: Path, outcome: Outcome) -> None:
    written = write(root, outcome, None)

    assert written.files == ("mappings/depot/stock.yaml", "mappings/schemas/depot_stock.yaml")
    text = (root / "mappings/depot/stock.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=../.schemas/mappings/depot/stock.json\n")
    assert text.endswith(texts(outcome)["mappings/depot/stock.yaml"])


def test_a_flow_with_endpoints_of_its_own(root: Path, outcome: Outcome) -> None:
    before = (root / SETTINGS).read_text(encoding="utf-8")

    written = write(root, outcome, "")

    assert written.files[2:] == ("mappings/depot/stock_review.yaml", "mappings/flows/depot_stock.yaml", SETTINGS)
    assert (written.flow, written.inbox) == ("depot_stock", "data/inbox/depot")
    after = (root / SETTINGS).read_text(encoding="utf-8").splitlines()
    assert [line for line in after if line not in before.splitlines()] == [
        "  depot: {type: local, path: data/inbox/depot}",
        "  depot_review: {type: local, path: data/outbox/depot_review}",
    ]
    assert [line for line in after if "depot" not in line] == before.splitlines()
    assert (
        write(root, replace(outcome, inferred=replace(outcome.inferred, name="depot/second")), "two").files[-1]
        != SETTINGS
    )


@pytest.mark.parametrize("taken", ["mappings/depot/stock.yaml", "mappings/flows/depot_stock.yaml"])
def test_nothing_is_overwritten_and_then_nothing_is_written(root: Path, outcome: Outcome, taken: str) -> None:
    (root / taken).parent.mkdir(exist_ok=True)
    (root / taken).write_text("mine", encoding="utf-8")
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}

    with pytest.raises(NotInferred, match=f"{taken} exists already and is never overwritten"):
        write(root, outcome, "")

    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_endpoints_written_on_one_line_are_for_a_person(root: Path, outcome: Outcome) -> None:
    (root / SETTINGS).write_text("endpoints: {a: {type: local, path: x}}\n", encoding="utf-8")

    with pytest.raises(NotInferred, match="has no line `endpoints:` of its own: add these below it"):
        write(root, outcome, "")
