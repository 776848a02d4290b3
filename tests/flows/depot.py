"""A workspace with one more flow, written by a test: any document, any mapping in and out, from `depot` to `erp`."""

from __future__ import annotations

import os
from pathlib import Path

from tests.flows.shop import EPOCH, Ran, Shop

FLOW = """
flow: depot
pick_up:
  - {from: depot, match: "*", mapping: depot/in, settle: 1s, unpack: never}
deliver:
  - {to: erp, folder: depot, mapping: depot/out, name: "OUT_{claim}.txt"}
"""

STOCK_IN = """
reads: stock
format: {type: csv}
group: {key: Item}
fields:
  item_number: {from: Item}
  counted_at: {from: Counted at, steps: [{parse_datetime: {format: "%Y-%m-%d %H:%M", timezone: Europe/Berlin}}]}
lines:
  warehouse: {from: Warehouse}
  location: {from: Bin}
  lot: {from: Lot}
  expires_on: {from: Best before}
  status: {from: State}
  quantity: {from: On hand, steps: [decimal]}
  reserved: {from: Reserved, steps: [decimal]}
  unit: {from: Unit}
"""
"""Reads samples/stock/01_stock.csv."""
SHIPMENTS_IN = """
reads: shipment
format: {type: csv}
group: {key: Shipment}
fields:
  shipment_number: {from: Shipment}
  shipped_at: {from: Shipped at, steps: [{parse_datetime: {format: "%Y-%m-%d %H:%M", timezone: Europe/Berlin}}]}
  carrier: {from: Carrier}
  service: {from: Service}
  packages: {from: Parcels, steps: [integer]}
  weight_g: {from: Weight kg, steps: [decimal, {scale: "1000"}]}
  ship_to: {address: {name: Name, city: City, postcode: Postcode, country: Country}}
lines:
  order_number: {from: Order}
  order_line: {from: Order line}
  sku: {from: SKU}
  quantity: {from: Quantity, steps: [decimal]}
  unit: {from: Unit}
  lot: {from: Lot}
  package: {from: SSCC}
  tracking_number: {from: Tracking}
"""
"""Reads samples/shipments/01_shipments.csv."""


class Depot(Shop):
    """A shop with a depot beside it."""

    def __init__(self, root: Path, inbound: str, outbound: str) -> None:
        super().__init__(root)
        self.edit(
            "mappings/exchange.yaml", "endpoints:\n", "endpoints:\n  depot: {type: local, path: data/inbox/depot}\n"
        )
        self.write("mappings/flows/depot.yaml", FLOW)
        self.write("mappings/depot/in.yaml", inbound)
        self.write("mappings/depot/out.yaml", outbound)
        self.inbox = self.root / "data/inbox/depot"
        self.inbox.mkdir(parents=True)

    def write(self, file: str, text: str) -> None:
        """Write a file of the workspace."""
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def bring(self, name: str, content: bytes | str) -> Ran:
        """Bring a file, run the flow, and return how it ended."""
        path = self.inbox / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        os.utime(path, (EPOCH, EPOCH))
        return self.type("run", "depot", "--json")

    def out(self, ran: Ran) -> list[Path]:
        """Return the files that a run delivered."""
        return [self.root / made["path"] for row in ran.rows for made in row["outputs"]]
