"""Look-ups whose key stands on several lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.assemble.lint_lookup import repeated
from exchange.config.files import read_files
from tests.assemble.edits import edit

SHOP = "mappings/shopify/orders.yaml"


@pytest.mark.parametrize(
    ("table", "key", "said"),
    [
        ("a,b\n1,x\n1,x\n2,y\n", "a", "table t has 1 in a on several lines"),
        ("a,b\n1,x\n2,x\n,y\n,z\n", "a", ""),
        ("a,b\n1,x\n1,x\n", "[a, b]", "table t has 1, x in a, b on several lines"),
        ("a,b\n1,x\n1,x\n", "c", ""),
        ("a,b\n1\n", "a", ""),
    ],
)
def test_the_first_key_is_told(root: Path, table: str, key: str, said: str) -> None:
    (root / "mappings/tables/t.csv").write_text(table, encoding="utf-8")
    edit(
        root,
        SHOP,
        "tags: {from: Tags, steps: [strip]}",
        f"tags: {{from: Tags, steps: [{{lookup: {{table: t, key: {key}, value: b}}}}]}}",
    )
    found = [(each.what, each.code, each.severity) for each in repeated(read_files(root))]
    assert found == ([(said, "LOOKUP_REPEATED", "note")] if said else [])
