"""A small sound workspace, written in code, that each test breaks in its own way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

SOUND = {
    "mappings/exchange.yaml": """
endpoints:
  shop: {path: data/inbox/shop}
  erp: {path: data/outbox/erp}
""",
    "mappings/flows/orders.yaml": """
flow: orders
pick_up:
  - {from: shop, folder: orders, match: "*.csv", mapping: shop/orders}
rules: {release: {when: {payment_status: [paid]}}, filter_lines: {fulfilment_status: [fulfilled]}}
deliver:
  - {to: erp, mapping: erp/orders, name: "SO_{claim}.csv"}
""",
    "mappings/shop/orders.yaml": """
reads: order
format: {type: csv}
schema: shop_orders
group: {key: Name, starts: [Id]}
fields:
  order_number: {from: Name, steps: [strip, {remove_prefix: "#"}]}
  ship_to: {address: {line1: Street, line2: {from: [Street, City], steps: [{join: " "}]}, city: City}}
lines:
  sku: {from: Sku}
""",
    "mappings/erp/orders.yaml": """
writes: order
format: {type: csv}
columns: [Number, Sku]
fields:
  Number: {from: order_number}
lines:
  Sku: {from: sku}
""",
    "mappings/schemas/shop_orders.yaml": """
fields: [{name: Name}, {name: Id}, {name: Street}, {name: City}, {name: Sku}]
""",
    "mappings/tables/items.csv": "sku,item_number\nA,1\n",
}


@pytest.fixture
def workspace(tmp_path: Path) -> Callable[..., Path]:
    """Write the sound workspace with some files replaced, added or (None) left out, and return its folder."""

    def write(changes: dict[str, str | None] | None = None) -> Path:
        for file, text in {**SOUND, **(changes or {})}.items():
            if text is not None:
                path = tmp_path / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text.lstrip("\n"), encoding="utf-8")
        return tmp_path

    return write
