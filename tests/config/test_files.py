"""Reading every file of a workspace at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from exchange.config.files import read_files


def test_every_file_is_read_once(workspace: Callable[..., Path]) -> None:
    files = read_files(workspace({"templates/wms/o.xml.j2": "x", "mappings/schemas/sub/o.xsd": "x"}))
    assert [flow.file for flow in files.flows] == ["mappings/flows/orders.yaml"]
    assert list(files.mappings) == ["erp/orders", "shop/orders"]
    assert list(files.schemas) == ["shop_orders"]
    assert files.tables == ["items"]
    assert files.xsds == ["sub/o.xsd"]
    assert files.templates == ["wms/o.xml.j2"]
    assert list(files.mistakes()) == []


def test_files_that_would_be_passed_over_are_named(workspace: Callable[..., Path]) -> None:
    files = read_files(workspace({"mappings/shop/stock.yml": "", "mappings/flows/orders.yaml": None}))
    assert [str(mistake) for mistake in files.mistakes()] == [
        "mappings/shop/stock.yml: a file that ends in .yml is not read; rename it to stock.yaml",
        "mappings/flows: there is no flow; write mappings/flows/<flow>.yaml",
    ]
