"""What `only:` may say; tests/flows/test_only.py runs flows with it."""

from __future__ import annotations

import pytest

from exchange.config.loader import load_bytes
from exchange.config.models import Flow

_FLOW = "flow: f\npick_up: [{from: a, mapping: m}]\ndeliver: [{to: b, mapping: n, name: x}]\nonly: %s\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "4:7: `only` names nothing: write skus, channels, customers or orders, or remove it"),
        ("{skus: []}", "4:7: an empty list lets nothing through: fill skus, or `exchange pause` the flow"),
        ("{sku: [A]}", "4:8: unknown key 'sku'; did you mean 'skus'?"),
        ("{orders: [1001]}", '4:17: 1001 is a number to YAML; put quotes around it: "1001"'),
        (
            "{skus: {file: pilot.csv, column: sku}}",
            "4:21: 'file' cannot be 'pilot.csv'; expected a table such as tables/pilot.csv",
        ),
        ("{skus: {file: tables/../x.csv, column: sku}}", "4:21: 'file' cannot be 'tables/../x.csv'; expected a table"),
        ("{skus: {file: tables/pilot.csv}}", "4:8: key 'column' is missing; write `column: ...`"),
        ("{skus: {file: tables/p.csv, colum: sku}}", "4:35: unknown key 'colum'; did you mean 'column'?"),
        ("[A]", "4:7: 'only': expected keys with values"),
    ],
)
def test_a_mistake_is_told_where_it_stands(text: str, said: str) -> None:
    [found] = map(str, load_bytes((_FLOW % text).encode(), "f.yaml", Flow).mistakes)
    assert found.startswith(f"f.yaml:{said}")


def test_which_tables_hold_lists() -> None:
    text = "{skus: {file: tables/a.csv, column: x}, orders: {file: tables/a.csv, column: y}, customers: a@b.example}"
    only = load_bytes((_FLOW % text).encode(), "f.yaml", Flow).required().only
    assert only is not None
    assert only.tables() == ("a",)
    assert only.customers == ("a@b.example",)
