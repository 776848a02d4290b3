"""Checks that look inside: the mapping compiles, the template renders, the XSD is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.assemble.deeper import compiles, renders
from exchange.config.workspace import load_mapping
from tests.assemble.edits import edit

NAMES = ["shopify/orders", "wms/orders", "erp/orders"]


@pytest.mark.parametrize("name", NAMES)
def test_the_starter_is_sound(root: Path, name: str) -> None:
    assert list(compiles(root, name, load_mapping(root, name))) == []
    assert list(renders(root, name, load_mapping(root, name))) == []


def test_every_mistake_of_a_mapping_with_its_place(root: Path) -> None:
    file = "mappings/shopify/orders.yaml"
    edit(root, file, "value: item_number", "value: item_nmber")
    edit(root, file, "order_number: {from: Name,", "order_number: {from: Nmae,")

    mapping = load_mapping(root, "shopify/orders")
    found = {path: (what, instead) for path, what, instead, _ in compiles(root, "x", mapping)}

    assert found["fields", "order_number", "from"][0] == "there is no column Nmae"
    assert "Name" in found["fields", "order_number", "from"][1]
    assert found["lines", "item_number", "steps", 2, "lookup", "value"][0] == "table items has no column item_nmber"


def test_a_document_that_does_not_exist_is_told_elsewhere(root: Path) -> None:
    mapping = load_mapping(root, "erp/orders").model_copy(update={"writes": "ordr"})

    assert list(compiles(root, "erp/orders", mapping)) == []


def test_a_name_the_template_is_not_given(root: Path) -> None:
    edit(root, "templates/wms/orders.xml.j2", "order.OrderNumber", "order.OrderNo")

    found = list(renders(root, "wms/orders", load_mapping(root, "wms/orders")))

    assert {(mistake.file, mistake.line > 0) for mistake in found} == {("templates/wms/orders.xml.j2", True)}
    assert "OrderNo" in found[0].what


def test_an_xsd_that_is_none(root: Path) -> None:
    edit(root, "mappings/schemas/wms_orders.xsd", "xs:sequence", "xs:sequenze")

    assert {mistake.file for mistake in renders(root, "x", load_mapping(root, "wms/orders"))} == {
        "mappings/schemas/wms_orders.xsd"
    }
