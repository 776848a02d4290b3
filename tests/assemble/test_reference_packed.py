"""The examples on packed cells are right: they compile, and their cells come apart as the page says."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest
from ruamel.yaml import YAML

from exchange.assemble.reference_packed import PACKED
from exchange.config.models import Mapping
from exchange.mapping.explode import exploder
from exchange.mapping.explode_names import columns_read, explode_mistakes

EXAMPLES = re.findall(r"```yaml\n(.*?)```", PACKED, re.DOTALL)
CELLS = {
    "line_items": {"line_item_1": "name:Tea|sku:A12|quantity:2|total:8.00", "line_item_2": "sku:B|quantity:1"},
    "products": {"Product Details": "Product Qty: 2, Product Name: Tea, green|Product Qty: 1, Product Name: Mug"},
    "attributes": {"additional_attributes": "brand=Alba, Kiel,size=XL", "associated_skus": "A=1,B=2"},
}
MADE = {
    "line_items": {"line_items.sku": ["A12", "B"], "line_items.quantity": ["2", "1"]},
    "products": {"products.Product Qty": [" 2", " 1"], "products.Product Name": [" Tea, green", " Mug"]},
    "attributes": {"attributes.brand": ["Alba, Kiel"] * 2, "parts.sku": ["A", "B"], "parts.quantity": ["1", "2"]},
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_do_what_the_page_says(example: str) -> None:
    raw = YAML(typ="safe").load(example)
    mapping = Mapping.model_validate({"reads": "order", "format": {"type": "csv"}, "fields": {}, **raw})
    assert list(explode_mistakes(mapping)) == []
    name = next(iter(mapping.explode))
    take_apart = exploder(mapping.explode, ((), tuple(columns_read(mapping))), ("id", ()), "m")
    assert take_apart is not None

    made = take_apart({"id": pa.array(["1"]), **{name: pa.array([cell]) for name, cell in CELLS[name].items()}}, 1)

    assert made.failures == ()
    assert {column: made.columns[column].to_pylist() for column in MADE[name]} == MADE[name]


def test_there_is_an_example_for_each_shop() -> None:
    assert len(EXAMPLES) == len(CELLS) == 3
