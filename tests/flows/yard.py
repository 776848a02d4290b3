"""A shop beside a warehouse that reports its stock: files of figures dropped, what the ledger holds read."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from exchange.assemble.house import ledger_of
from exchange.config.workspace import load_flows
from exchange.kernel.stock_rows import Available, StockLevel
from tests.flows.shop import Ran, Shop

FLOW = """
flow: stock
pick_up:
  - {{from: yard, match: "*.csv", mapping: yard/stock, channel: wms, settle: 1s, stock: {stock}}}
rules: {{release: {{otherwise: release}}}}
{deliver}
"""
DELIVER = """deliver:
  - {to: erp, folder: stock, mapping: yard/out, name: "STOCK_{claim}.csv"}
"""
INBOUND = """
reads: stock
format: {type: csv}
group: {key: Item}
fields:
  item_number: {from: Item}
lines:
  warehouse: {from: Where}
  status: {from: State}
  quantity: {from: On hand, steps: [decimal]}
  reserved: {from: Reserved, steps: [decimal]}
  unit: {from: Unit}
"""
OUTBOUND = """
writes: stock
format: {type: csv}
fields:
  Item: {from: item_number}
lines:
  Where: {from: warehouse}
  Quantity: {from: quantity}
"""
COLUMNS = ("Item", "Where", "State", "On hand", "Reserved", "Unit")


class Yard(Shop):
    """A shop with a warehouse's yard beside it."""

    def __init__(self, root: Path, stock: str = "{mode: snapshot}", deliver: str = DELIVER) -> None:
        super().__init__(root)
        self.edit(
            "mappings/exchange.yaml", "endpoints:\n", "endpoints:\n  yard: {type: local, path: data/inbox/yard}\n"
        )
        self.stock = ""
        self.write("mappings/yard/stock.yaml", INBOUND)
        self.write("mappings/yard/out.yaml", OUTBOUND)
        self.write("mappings/flows/stock.yaml", FLOW.format(stock=stock, deliver=deliver))
        (self.root / "data/inbox/yard").mkdir(parents=True)

    def write(self, file: str, text: str) -> None:
        """Write a file of the workspace."""
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def lay(self, name: str, *rows: str, day: float, columns: tuple[str, ...] = COLUMNS) -> Path:
        """Lay a file of figures into the yard; a row is `item,where,state,on hand,reserved,unit`, the end may lack."""
        path = self.root / "data/inbox/yard" / name
        lines = [",".join(columns), *(row + "," * (len(columns) - 1 - row.count(",")) for row in rows)]
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        self.age(path, day)
        return path

    def count(self, name: str, *rows: str, day: float) -> Ran:
        """Lay a file of figures into the yard, and run the flow of stock."""
        self.lay(name, *rows, day=day)
        return self.type("run", "stock", "--json")

    def levels(self) -> dict[str, Decimal]:
        """Return what is on hand, by `location/item`."""
        return {f"{level.location}/{level.item}": level.on_hand for level in self.figures()}

    def figures(self) -> list[StockLevel]:
        """Return what the ledger has of stock."""
        with ledger_of(load_flows(self.root)) as ledger:
            return ledger.stock.levels()

    def available(self) -> list[Available]:
        """Return what can be sold."""
        with ledger_of(load_flows(self.root)) as ledger:
            return ledger.stock.available()

    def free(self) -> dict[str, Decimal]:
        """Return what nobody was promised, by `location/item`."""
        return {f"{row.location}/{row.item}": row.free for row in self.available()}

    def erp_stock(self, ran: Ran) -> list[str]:
        """Return the rows `item,where,quantity` that the ERP got by a run."""
        files = [out["path"] for row in ran.rows for out in row["outputs"]]
        return [line for file in files for line in (self.root / str(file)).read_text().splitlines()[1:]]
