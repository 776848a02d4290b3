"""Required fields of a target that nothing fills."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.assemble.lint_filled import unfilled
from exchange.config.files import read_files
from tests.assemble.edits import edit

WMS, SHOP = "mappings/wms/orders.yaml", "mappings/shopify/orders.yaml"
_NOTES = '{from: notes, steps: [{add_prefix: "Note: "}], max_length: 250}'


def found(root: Path) -> list[str]:
    mistakes = list(unfilled(read_files(root)))
    assert {mistake.code for mistake in mistakes} <= {"REQUIRED_NOT_FILLED"}
    assert all(mistake.severity == "error" for mistake in mistakes)
    return [str(mistake).partition(":")[2].partition(": ")[2] for mistake in mistakes]


def test_the_starter_fills_all(root: Path) -> None:
    assert found(root) == []


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("{from: notes, required: true}", "notes"),
        ("{from: [notes, tips], steps: [{join: x}], required: true}", "notes or tips"),
        ("{from: [notes, tags], steps: [{join: x}], required: true}", ""),
        ("{from: notes, steps: [{default: x}], required: true}", ""),
        ("{from: notes, steps: [{when: {column: tags, is: [a], then: b}}], required: true}", ""),
        ("{from: notes}", ""),
        ("{from: nots, required: true}", ""),
    ],
)
def test_what_a_required_field_comes_from(root: Path, field: str, told: str) -> None:
    edit(root, SHOP, "  notes: {from: Notes, steps: [strip]}\n", "")
    edit(root, WMS, _NOTES, field)
    what = f"Instructions.Notes is required, and shopify/orders (flow orders) fills no {told}; "
    advice = f"fill {told} in mappings/shopify/orders.yaml, or add a step `default` here"
    assert found(root) == ([what + advice] if told else [])


def test_lines_too(root: Path) -> None:
    edit(root, SHOP, "  description: {from: Lineitem name, steps: [strip]}\n", "")
    files = [mistake.file for mistake in unfilled(read_files(root))]
    assert files == [WMS, "mappings/erp/orders.yaml"]
