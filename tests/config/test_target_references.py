"""Two endpoints that are one place are found, whatever they are called and however their folders are written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from exchange.config.files import read_files
from exchange.config.target_references import shared_mistakes, target_mistakes

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


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ("A_{claim}_{part}.xml", "A_{claim}_{part:03}.xml", "100"),
        ("A_{claim}_1.xml", "A_{claim}_{part}.xml", "_1.xml"),
        ("{flow}_{claim}.xml", "ORDERS_{claim}.xml", "orders_"),
        ("{claim}.xml", "{claim:>12}.xml", ".xml"),
        ("A_{claim}.xml", "B_{claim}.xml", ""),
        ("{claim}_{date}.xml", "{claim}_{part}.xml", ""),
        ("{claim}_{nonsense}.xml", "{claim}_{nonsense}.xml", ""),
        ("{claim", "{claim", ""),
    ],
)
def test_names_that_become_equal_only_when_filled_in(workspace: Write, first: str, second: str, alike: str) -> None:
    flow = (
        "flow: orders\npick_up: [{from: shop, mapping: shop/orders}]\ndeliver:\n"
        f'  - {{to: erp, mapping: erp/orders, name: "{first}"}}\n'
        f'  - {{to: wms, mapping: erp/orders, name: "{second}"}}\n'
    )
    endpoints = "endpoints:\n  shop: {path: data/in}\n  erp: {path: data/out}\n  wms: {path: data/x/../out}\n"
    found = mistakes(workspace({"mappings/flows/orders.yaml": flow, "mappings/exchange.yaml": endpoints}))
    assert len(found) == bool(alike)
    assert all("5:42: delivery 1 writes the same names to the same folder, such as " in line for line in found)
    assert all(alike in line for line in found)


@pytest.mark.parametrize(("name", "shared"), [("stock.csv", True), ("{date}.csv", True), ("{claim}.csv", False)])
def test_two_flows_of_one_name(workspace: Write, name: str, *, shared: bool) -> None:
    flow = (
        "flow: {}\npick_up: [{{from: shop, folder: {}, mapping: shop/orders}}]\n"
        'deliver: [{{to: erp, mapping: erp/orders, name: "{}"}}]\n'
    )
    files = {f"mappings/flows/{each}.yaml": flow.format(each, each, name) for each in ("orders", "more")}
    found = list(shared_mistakes(read_files(workspace(files))))
    assert [(mistake.file, mistake.line, mistake.code, mistake.severity) for mistake in found] == (
        [("mappings/flows/orders.yaml", 3, "NAME_SHARED", "warning")] if shared else []
    )
