"""A mapping key by key; tests/flows/test_extends.py goes through `exchange show --resolved`."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.config.loader import load
from exchange.config.models import Mapping
from exchange.config.resolved import as_yaml, resolved
from exchange.config.yamltext import parse


@pytest.mark.parametrize(
    "value",
    [
        "plain",
        "two words",
        "a: b",
        "#x",
        "",
        " x",
        "no",
        "012",
        "null",
        "ß",
        'say "x"',
        "1",
        True,
        False,
        None,
        5,
        ["a", ["b"]],
        {"a b": {"c": "1"}},
    ],
)
def test_what_is_written_is_read_again(value: object) -> None:
    again = parse(f"key: {as_yaml(value)}\n".encode()).data["key"]
    assert again == value or (value is None and as_yaml(again) == "null")


def test_each_key_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "mappings/a").mkdir(parents=True)
    (tmp_path / "mappings/a/base.yaml").write_text("reads: order\nfields:\n  total: {from: T}\n", encoding="utf-8")
    (tmp_path / "mappings/a/over.yaml").write_text("extends: a/base\nfields: {total: {from: S}}\n", encoding="utf-8")

    rows = list(resolved(load(tmp_path, "mappings/a/over.yaml", Mapping)))

    assert [(row.text, row.file[-9:], row.line) for row in rows] == [
        ("extends: a/base", "over.yaml", 1),
        ("reads: order", "base.yaml", 1),
        ("fields:", "over.yaml", 2),
        ("  total:", "over.yaml", 2),
        ("    from: S", "over.yaml", 2),
    ]
