"""Secrets that are written out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from exchange.config.files import read_files
from exchange.config.secret_references import secret_mistakes

Write = Callable[..., Path]
_END = "endpoints: {shop: {path: a}, erp: {path: b}}\n"
_FLOW = (
    "flow: orders\npick_up: [{from: shop, mapping: shop/orders}]\n"
    'deliver: [{to: erp, mapping: erp/orders, name: "n", password: hunter2}]\n'
)


def places(root: Path) -> list[str]:
    found = sorted(secret_mistakes(read_files(root)))
    assert {mistake.code for mistake in found} <= {"SECRET_LITERAL"}
    assert not any("hunter2" in str(mistake) for mistake in found)
    return [f"{mistake.file}:{mistake.line}:{mistake.column}" for mistake in found]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("ledger: postgresql://me:hunter2@db/x\n", 9),
        ("ledger: postgresql://db/x?password=hunter2\n", 9),
        ("api_key: hunter2\n", 10),
        ("api-token: 12345\n", 12),
        ("Password: 012\n", 11),
        ("notify: {url: 'smtps://me:hunter2@mail.example.com'}\n", 15),
        ("secrets: [{env: A}, hunter2]\n", 21),
        ('x: "-----BEGIN RSA PRIVATE KEY-----"\n', 4),
    ],
)
def test_in_the_settings(workspace: Write, line: str, column: int) -> None:
    assert places(workspace({"mappings/exchange.yaml": line + _END})) == [f"mappings/exchange.yaml:1:{column}"]


@pytest.mark.parametrize(
    "line",
    [
        "ledger: postgresql://me@db/x\n",
        "ledger: sqlite:///data/state/ledger.db\n",
        "password: {env: DB}\n",
        "password: [{credential: a}, {file: /etc/b}]\n",
        "token: ''\n",
        "url: http://example.com:8080/a@b\n",
        "url: 'https://{user}:{password}@example.com'\n",
        "passport: x\n",
    ],
)
def test_references_and_other_words_are_none(workspace: Write, line: str) -> None:
    assert places(workspace({"mappings/exchange.yaml": line + _END})) == []


def test_in_flows_and_mappings(workspace: Write) -> None:
    mapping = "writes: order\nformat: {type: csv}\nfields:\n  Token: {from: order_number}\n  Password: {from: sku}\n"
    constant = "  Url: {steps: [{constant: 'https://a:hunter2@b'}]}\n"
    root = workspace({"mappings/flows/orders.yaml": _FLOW, "mappings/erp/orders.yaml": mapping + constant})
    assert places(root) == ["mappings/erp/orders.yaml:6:28", "mappings/flows/orders.yaml:3:63"]
