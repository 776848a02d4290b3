"""Conditions that are never met, or met in vain."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.assemble.lint_when import unreachable
from exchange.config.files import read_files
from tests.assemble.edits import edit

FLOW, SHOP, WMS = "mappings/flows/orders.yaml", "mappings/shopify/orders.yaml", "mappings/wms/orders.yaml"
_PAID = "when: {payment_status: [paid]}"


def found(root: Path) -> list[str]:
    mistakes = list(unreachable(read_files(root)))
    assert {(each.code, each.severity) for each in mistakes} <= {("UNREACHABLE_WHEN", "warning")}
    assert all(each.line for each in mistakes)
    return [each.what for each in mistakes]


def test_the_starter_has_none(root: Path) -> None:
    assert found(root) == []


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("when: {payment_status: [voided, refunded]}", "`when` is never met: `filter` is asked first and takes every"),
        ("when: {payment_status: [voided, paid]}", ""),
        ("when: {payment_status: [paid], tips: ['1']}", "tips is always blank: shopify/orders does not fill it"),
        ("when: {payment_status: [paid], tips: ['']}", ""),
    ],
)
def test_release(root: Path, when: str, said: str) -> None:
    edit(root, FLOW, _PAID, when)
    what = found(root)
    assert len(what) == bool(said)
    assert all(each.startswith(said) for each in what)


STEP = "tags: {from: Tags, steps: [strip]}"


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("{when: {column: fulfilment_status, is: [shipped], then: x}}", "fulfilment_status is never 'shipped'"),
        ("{when: {column: fulfilment_status, is: [partial], then: x}}", ""),
        ("{when: {column: payment_status, is: [payed, cash], then: x}}", "payment_status is never 'cash' or 'payed'"),
        ("{when: {column: payment_status, is: [payed, paid], then: x}}", ""),
        ("{when: {column: Vendor, is: [anything], then: x}}", ""),
        ("{when: {column: notes, is: [a], then: x}}", ""),
        (
            "{when: {column: Vendor, is: a, then: x}}, {constant: y}",
            "what this `when` chooses is replaced by the step `con",
        ),
        (
            "{when: {column: Vendor, is: a, then: x}}, {when: {column: Vendor, is: [b], then: y, otherwise: z}}",
            "what this `when` chooses is replaced by the step `when`",
        ),
        (
            "{when: {column: Vendor, is: a, then: x}}, {when: {column: Vendor, is: [a, b], then: y}}",
            "what this `when` chooses is replaced by the step `when`",
        ),
        ("{when: {column: Vendor, is: [a, c], then: x}}, {when: {column: Vendor, is: [a, b], then: y}}", ""),
        ("{when: {column: Vendor, is: a, then: x}}, {when: {column: Notes, is: a, then: y}}", ""),
    ],
)
def test_steps_of_a_mapping_that_reads(root: Path, steps: str, said: str) -> None:
    edit(root, SHOP, STEP, f"tags: {{from: Tags, steps: [{steps}]}}")
    what = found(root)
    assert len(what) == bool(said)
    assert all(each.startswith(said) for each in what)


def test_values_that_steps_made(root: Path) -> None:
    edit(
        root,
        SHOP,
        STEP,
        "tags: {from: Tags, steps: [{map_values: {a: A}}, {default: N}]}\n  location: {steps: [{constant: x}]}",
    )
    edit(root, SHOP, "  location: {from: Location, steps: [strip]}\n", "")
    whens = "{when: {column: tags, is: [a], then: q}}, {when: {column: location, is: [y], then: q}}"
    edit(
        root,
        SHOP,
        "payment_method: {from: Payment Method, steps: [strip]}",
        f"payment_method: {{from: Payment Method, steps: [{whens}]}}",
    )
    assert found(root) == ["tags is never 'a'", "location is never 'y'"]


def test_values_that_a_schema_lists(root: Path) -> None:
    edit(
        root,
        "mappings/schemas/shopify_orders.yaml",
        "fields:\n",
        "fields:\n  - {name: Kind, constraints: {enum: [g, h]}}\n",
    )
    edit(root, SHOP, STEP, "tags: {from: Tags, steps: [{when: {column: Kind, is: [x], then: y}}]}")
    assert found(root) == ["Kind is never 'x'"]


def test_steps_of_a_mapping_that_writes(root: Path) -> None:
    edit(
        root,
        WMS,
        "{from: ship_to.region,",
        "{from: ship_to.region, steps: [{when: {column: payment_status, is: x, then: y}}],",
    )
    assert found(root) == ["payment_status is never 'x'"]
