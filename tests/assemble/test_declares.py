"""What pandera refuses of a table schema is a mistake of that schema's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.assemble import declares as module
from exchange.config.models import Mapping
from exchange.config.workspace import load_mapping


def orders(root: Path) -> Mapping:
    return load_mapping(root, "shopify/orders")


def test_the_starter_schema_is_one_for_pandera(root: Path) -> None:
    assert list(module.declares(root, "shopify/orders", orders(root))) == []


def test_what_pandera_says_is_told_with_the_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "refusal", lambda rules: "no such thing" if "Currency" in rules.columns else None)
    [mistake] = module.declares(root, "shopify/orders", orders(root))
    expected = "mappings/schemas/shopify_orders.yaml: pandera refuses it: no such thing; simplify its constraints"
    assert str(mistake) == expected


def test_a_schema_that_is_not_there_is_for_another_check(root: Path, tmp_path: Path) -> None:
    assert list(module.declares(tmp_path, "shopify/orders", orders(root))) == []
