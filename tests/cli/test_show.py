"""`exchange show`: how it reads; what it shows is in tests/flows/test_show.py."""

from __future__ import annotations

import json

import pytest

from tests.flows.shop import Shop, order


@pytest.fixture
def file(shop: Shop) -> str:
    """An export of one order."""
    return str(shop.drop("day.csv", order(1001)))


def test_head_fields_and_end(shop: Shop, file: str) -> None:
    ran = shop.type("show", "erp/orders", "--file", file)

    lines = ran.out.splitlines()
    assert lines[0] == (
        f"order 1001 of {file}, line 2, by mappings/flows/orders.yaml, mappings/shopify/orders.yaml, "
        "mappings/erp/orders.yaml"
    )
    assert lines[1] == "goes out by flow orders"
    assert "document, from line 2 of the file:" in lines
    assert "line 1, from line 2 of the file:" in lines
    assert lines[-2] == "written for it:"
    assert lines[-1].startswith("new,1001,shopify,1,")


def test_of_a_field_only_that_is_told(shop: Shop, file: str) -> None:
    ran = shop.type("show", "shopify/orders", "--file", file, "--field", "ship_to", "--json")

    fields = [json.loads(line)["field"] for line in ran.out.splitlines()[:-1]]
    assert fields == [name for name in fields if name.startswith("ship_to.")]
    assert len(fields) == 9


def test_the_file_may_be_given_beside_the_workspace_only(shop: Shop) -> None:
    assert "say which file" in shop.type("show", "shopify/orders").err
