"""A yard whose flow of stock also tells a channel what it may sell: one run takes figures in and sends them on."""

from __future__ import annotations

from pathlib import Path

from tests.flows.shop import Ran
from tests.flows.yard import INBOUND, Yard

FLOW = """
flow: stock
pick_up:
  - {{from: yard, match: "*.csv", mapping: yard/stock, channel: wms, settle: 1s, stock: {{mode: snapshot}}}}
{computed}
rules: {{release: {{otherwise: release}}}}
deliver:
{deliver}
"""
COMPUTED = "  - {{computed: {{availability: {keys}}}, channel: {channel}, mapping: yard/availability}}\n"
TO_SHOP = '  - {to: erp, folder: stock, mapping: yard/to_shop, name: "AV_{claim}.csv"}\n'
AVAILABILITY = """
reads: availability
format: {type: csv}
group: {key: SKU}
fields:
  sku: {from: SKU}
  item_number: {from: Item}
  state: {from: State}
  available_from: {from: Available from}
  available: {from: Available, steps: [integer]}
  unit: {from: Unit}
  refreshed: {from: Refreshed}
lines:
  warehouse: {from: Warehouse}
  quantity: {from: Quantity, steps: [integer]}
"""
SHOP_OUT = """
writes: availability
format: {type: csv}
fields:
  Channel: {from: channel}
  SKU: {from: sku}
lines:
  Where: {from: warehouse}
  Quantity: {from: quantity}
"""
ITEMS = "sku,item_number,item_class,unit\nTEA,100,,\nTEA-CASE,100,,CS\nCUP,200,cups,\nBOOK,300,,\n"
PACKS = "item_number,unit,quantity\n100,CS,12\n"


class Shelf(Yard):
    """A yard, and a shop that is told what it may sell."""

    def __init__(self, root: Path, keys: str = "{items: goods}", channels: tuple[str, ...] = ("shopify",)) -> None:
        super().__init__(root)
        self.write("mappings/yard/stock.yaml", INBOUND)
        (self.root / "mappings/yard/out.yaml").unlink()
        self.edit("mappings/flows/orders.yaml", "  split: warehouse\n", "  split: warehouse\n  reserve: true\n")
        self.write("mappings/yard/availability.yaml", AVAILABILITY)
        self.write("mappings/yard/to_shop.yaml", SHOP_OUT)
        self.write("mappings/tables/goods.csv", ITEMS)
        self.write("mappings/tables/packs.csv", (self.root / "mappings/tables/packs.csv").read_text() + "100,CS,12\n")
        self.flow("".join(COMPUTED.format(keys=keys, channel=channel) for channel in channels))

    def flow(self, computed: str, deliver: str = TO_SHOP) -> None:
        """Write the flow of stock."""
        self.write("mappings/flows/stock.yaml", FLOW.format(computed=computed, deliver=deliver))

    def told(self, ran: Ran) -> list[str]:
        """Return what was delivered by a run, row by row."""
        return self.erp_stock(ran)

    def only(self, ran: Ran, flow: str) -> Ran:
        """Return a run with the files of one flow only."""
        lines = [line for line, row in zip(ran.out.splitlines(), ran.rows, strict=True) if row["flow"] == flow]
        return Ran(ran.exit, "".join(f"{line}\n" for line in lines), ran.err)
