"""Two endpoints that are one place are found, whatever they are called and however their folders are written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from exchange.config.files import read_files
from exchange.config.target_references import target_mistakes

Write = Callable[..., Path]
_SFTP = "type: sftp, host: h, user: u, password: {env: A}"


def mistakes(root: Path) -> list[str]:
    files = read_files(root)
    [flow] = files.flows
    assert flow.value is not None
    return [str(mistake) for mistake in target_mistakes(flow, flow.value, files)]


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ("path: data/out", "path: data/./out/", True),
        ("path: data/out", "path: data/x/../out", True),
        ("path: data/out", "path: data/other", False),
        (f"{_SFTP}, path: in", f"{_SFTP}, path: ./in", True),
        (f"{_SFTP}, path: in", f"{_SFTP}, path: in, port: 2222", False),
        (f"{_SFTP}, path: in", f"{_SFTP.replace('user: u', 'user: v')}, path: in", False),
        (f"{_SFTP}, path: /in", f"{_SFTP.replace('user: u', 'user: v')}, path: /in", True),
    ],
)
def test_two_endpoints_of_one_place(workspace: Write, first: str, second: str, *, alike: bool) -> None:
    flow = (
        "flow: orders\npick_up: [{from: shop, mapping: shop/orders}]\ndeliver:\n"
        '  - {to: erp, mapping: erp/orders, name: "{claim}"}\n  - {to: wms, mapping: erp/orders, name: "{claim}"}\n'
    )
    endpoints = f"endpoints:\n  shop: {{path: data/in}}\n  erp: {{{first}}}\n  wms: {{{second}}}\n"
    root = workspace({"mappings/flows/orders.yaml": flow, "mappings/exchange.yaml": endpoints})

    said = "mappings/flows/orders.yaml:5:42: delivery 1 writes the same names to the same folder; "
    assert mistakes(root) == ([f"{said}give it another name or folder"] if alike else [])
