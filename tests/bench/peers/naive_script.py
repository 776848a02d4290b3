"""The naive peer: the `csv.DictReader` script that most people write; it maps and checks nothing.

A cell that is wrong is passed on as it is. `--xml` also writes the WMS file, as `print`-style text.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from itertools import groupby
from pathlib import Path
from typing import TextIO
from xml.sax.saxutils import escape

Row = dict[str, str]
Tables = dict[str, dict[str, str]]
SHIP_TO = {
    "Name": "Shipping Name", "Line1": "Shipping Address1", "City": "Shipping City", "PostalCode": "Shipping Zip",
    "Country": "Shipping Country",
}  # fmt: skip


def read_tables(folder: Path) -> Tables:
    """Read the crosswalks as dictionaries."""
    return {
        "items": _pairs(folder / "items.csv", "sku", "item_number"),
        "warehouses": _pairs(folder / "items.csv", "sku", "warehouse"),
        "units": _pairs(folder / "sales_units.csv", "sku", "unit"),
        "packs": _pairs(folder / "packs.csv", "item_number", "quantity"),
    }


def _pairs(path: Path, key: str, value: str) -> dict[str, str]:
    with path.open(newline="", encoding="utf-8") as file:
        return {row[key]: row[value] for row in csv.DictReader(file)}


def number(value: str) -> Decimal:
    """The amount, or zero where it is none."""
    try:
        return Decimal(value)
    except InvalidOperation:
        return Decimal(0)


def map_order(rows: list[Row], tables: Tables) -> Iterator[Row]:
    """Yield one output row for each line of the order."""
    head = rows[0]
    moment = datetime.strptime(head["Created at"], "%Y-%m-%d %H:%M:%S %z").astimezone(UTC)
    worth = [number(row["Lineitem price"]) * number(row["Lineitem quantity"]) for row in rows]
    gross = sum(worth)
    discount = number(head["Discount Amount"])
    shared = {name: head[source].strip().removeprefix("'") for name, source in SHIP_TO.items()}
    for ordinal, (row, value) in enumerate(zip(rows, worth, strict=True), 1):
        sku = row["Lineitem sku"].strip().upper()
        item = tables["items"].get(sku, "")
        pack = tables["packs"].get(item, "1") if tables["units"].get(sku) == "CS" else "1"
        given = (discount * value / gross).quantize(Decimal("0.01")) if gross else Decimal("0.00")
        yield {
            "Action": "new",
            "OrderNumber": row["Name"].removeprefix("#"),
            "LineNumber": str(ordinal),
            "ItemNumber": item,
            "Sku": sku,
            "Description": row["Lineitem name"].strip(),
            "Quantity": str(number(row["Lineitem quantity"]) * int(pack)),
            "Unit": "EA",
            "UnitPrice": row["Lineitem price"],
            "LineDiscount": str(given),
            "LineTotal": str(value - given),
            "Currency": head["Currency"],
            "OrderedAt": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "CustomerEmail": head["Email"],
            **{f"ShipTo{name}": value for name, value in shared.items()},
        }


def write_xml(lines: list[Row], warehouse: str, file: TextIO) -> None:
    """Write one order as the WMS wants it."""
    head = lines[0]
    file.write('<Order action="new" part="1">')
    for name in ("OrderNumber", "OrderedAt", "Currency"):
        file.write(f"<{name}>{escape(head[name])}</{name}>")
    file.write(f"<Warehouse>{escape(warehouse)}</Warehouse><ShipTo>")
    for name in SHIP_TO:
        file.write(f"<{name}>{escape(head['ShipTo' + name])}</{name}>")
    file.write("</ShipTo><Lines>")
    for line in lines:
        file.write(f'<Line number="{line["LineNumber"]}">')
        for name in ("ItemNumber", "Sku", "Description"):
            file.write(f"<{name}>{escape(line[name])}</{name}>")
        file.write(f'<Quantity unit="EA">{line["Quantity"]}</Quantity></Line>')
    file.write("</Lines></Order>\n")


def main() -> None:
    """Map one export to an ERP file, and with `--xml` to a WMS file too; prints what came out as JSON."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("tables", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--xml", action="store_true")
    given = parser.parse_args()
    tables = read_tables(given.tables)
    counts = {"orders_out": 0, "orders_rejected": 0, "lines_out": 0, "lines_rejected": 0}
    with ExitStack() as opened:
        source = csv.DictReader(opened.enter_context(given.source.open(newline="", encoding="utf-8")))
        erp = opened.enter_context((given.target / "erp.csv").open("w", newline="", encoding="utf-8"))
        wms = opened.enter_context((given.target / "wms.xml").open("w", encoding="utf-8")) if given.xml else None
        writer: csv.DictWriter[str] | None = None
        for _, group in groupby(source, key=lambda row: row["Name"]):
            lines = list(map_order(list(group), tables))
            if writer is None:
                writer = csv.DictWriter(erp, list(lines[0]), lineterminator="\n")
                writer.writeheader()
            writer.writerows(lines)
            if wms is not None:
                write_xml(lines, tables["warehouses"].get(lines[0]["Sku"], ""), wms)
            counts["orders_out"] += 1
            counts["lines_out"] += len(lines)
    print(json.dumps(counts))


if __name__ == "__main__":
    main()
