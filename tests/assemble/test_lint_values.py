"""Values in a mapping that their field of the document never has."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.assemble.lint_values import not_allowed
from exchange.config.files import read_files
from tests.assemble.edits import edit

SHOP = "mappings/shopify/orders.yaml"
TAGS = "tags: {from: Tags, steps: [strip]}"


def found(root: Path) -> list[str]:
    mistakes = list(not_allowed(read_files(root)))
    assert {(each.code, each.severity) for each in mistakes} <= {("UNKNOWN_VALUE", "error")}
    return [f"{each.line}:{each.column}: {each.what}; {each.instead}" for each in mistakes]


def test_the_starter_has_none(root: Path) -> None:
    assert found(root) == []


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("ship_to.kind: {steps: [{constant: pickup}]}", ""),
        ("incoterms: {steps: [{constant: DAPP}]}", "DAPP}|incoterms is never 'DAPP'; did you mean 'DAP'?"),
        ("incoterms: {steps: [{constant: {value: ddp}}]}", "ddp}|incoterms is never 'ddp'; did you mean 'DDP'?"),
        ("incoterms: {steps: [{constant: ddp}, upper]}", ""),
        ("incoterms: {steps: [{constant: ddp}, {constant: DDP}]}", ""),
        ("incoterms: {steps: [{constant: ''}]}", ""),
        ("incoterms: {from: Tags, steps: [strip, {default: free}]}", "free}|incoterms is never 'free'; known: CFR, "),
        ("incoterms: {from: Tags, steps: [{default: free}, {map_values: {free: EXW}}]}", ""),
        (
            "incoterms: {from: Tags, steps: [{map_values: {a: DDP, b: DPP}}, {default: DAP}]}",
            "DPP}}|incoterms is never 'DPP'; did you",
        ),
        (
            "incoterms: {from: Tags, steps: [{map_values: {values: {a: EXV}, otherwise: keep}}]}",
            "EXV}|incoterms is never 'EXV'; did you mean 'EXW'?",
        ),
        (
            "incoterms: {from: Tags, steps: [{when: {column: notes, is: x, then: FOP}}]}",
            "FOP}|incoterms is never 'FOP'; did you mean 'FOB'?",
        ),
    ],
)
def test_values_of_steps(root: Path, field: str, said: str) -> None:
    edit(root, SHOP, TAGS, field)
    spot, _, words = said.partition("|")
    told = found(root)
    assert len(told) == bool(said)
    for each in told:
        text = (root / SHOP).read_text(encoding="utf-8").splitlines()
        line, column, what = each.split(":", 2)
        assert text[int(line) - 1][int(column) - 1 :].startswith(spot)
        assert what.strip().startswith(words)
