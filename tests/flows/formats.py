"""The same orders in every format, and a workspace whose flow reads one format and writes all of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import xlsxwriter

from tests.flows.shop import Shop

INBOX = "data/inbox/shopify/orders"
HEAD = ("number", "date", "status", "total")
LINE = ("sku", "qty", "price")

FIXED = """\
format:
  type: fixed
  encoding: iso-8859-1
  records:
    - {name: batch, code: H, role: file, fields: [{name: type, length: 1}, {name: sender, length: 5, value: SHOP1}]}
    - name: order
      code: K
      role: document
      fields:
        - {name: type, length: 1}
        - {name: number, length: 6}
        - {name: date, length: 8}
        - {name: status, length: 8}
        - {name: total, length: 9, type: decimal, decimals: 2}
    - name: line
      code: P
      fields:
        - {name: type, length: 1}
        - {name: number, length: 6}
        - {name: sku, length: 10}
        - {name: qty, length: 9, type: integer}
        - {name: price, length: 9, type: decimal, decimals: 2}
    - name: end
      code: T
      role: trailer
      fields: [{name: type, length: 1}, {name: lines, length: 6, type: integer, counts: [line]}]
"""
FORMATS = {
    "csv": "format: {type: csv, delimiter: ';'}\n",
    "tsv": 'format: {type: csv, delimiter: "\\t", quote: none}\n',
    "bars": "format: {type: csv, delimiter: '||'}\n",
    "jsonl": "format: {type: jsonl, lines: items}\n",
    "fixed": FIXED,
    "xlsx": "format: {type: xlsx, sheet: Orders}\n",
}


@dataclass(frozen=True, slots=True)
class Sale:
    """One order; every line is (item, quantity, price)."""

    number: str
    lines: tuple[tuple[str, str, str], ...] = (("TEA-ASSAM", "2", "4.50"),)
    status: str = "paid"

    @property
    def total(self) -> str:
        """The order's total."""
        return f"{sum(float(quantity) * float(price) for _, quantity, price in self.lines if _number(quantity)):.2f}"

    def head(self) -> dict[str, str]:
        """The order's own cells."""
        return dict(zip(HEAD, (self.number, "20260302", self.status, self.total), strict=True))


def _number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()


def rows(sales: tuple[Sale, ...]) -> list[dict[str, str]]:
    """Return one row per line, the order's cells on each."""
    return [{**sale.head(), **dict(zip(LINE, line, strict=True))} for sale in sales for line in sale.lines]


def written(kind: str, path: Path, *sales: Sale) -> Path:
    """Write the orders to a file."""
    if kind == "xlsx":
        with xlsxwriter.Workbook(str(path)) as book:
            page = book.add_worksheet("Orders")
            for number, row in enumerate([dict(zip((*HEAD, *LINE), (*HEAD, *LINE), strict=True)), *rows(sales)]):
                page.write_row(number, 0, list(row.values()))
        return path
    path.write_bytes("".join(_lines(kind, sales)).encode("iso-8859-1" if kind == "fixed" else "utf-8"))
    return path


def _lines(kind: str, sales: tuple[Sale, ...]) -> list[str]:
    if kind == "jsonl":
        items = [[dict(zip(LINE, line, strict=True)) for line in sale.lines] for sale in sales]
        return [json.dumps({**sale.head(), "items": own}) + "\n" for sale, own in zip(sales, items, strict=True)]
    if kind == "fixed":
        return [*_fixed(sales)]
    mark = {"csv": ";", "tsv": "\t", "bars": "||"}[kind]
    return [mark.join(row) + "\n" for row in [(*HEAD, *LINE), *(tuple(row.values()) for row in rows(sales))]]


def _fixed(sales: tuple[Sale, ...]) -> list[str]:
    made = ["HSHOP1\n"]
    for sale in sales:
        made.append(f"K{sale.number:6}20260302{sale.status:8}{_implied(sale.total, 2)}\n")
        made += [
            f"P{sale.number:6}{sku:10}{_implied(quantity, 0)}{_implied(price, 2)}\n"
            for sku, quantity, price in sale.lines
        ]
    return [*made, f"T{sum(len(sale.lines) for sale in sales):06}\n"]


def _implied(text: str, decimals: int) -> str:
    return f"{round(float(text) * 10**decimals):09}" if _number(text) else f"{text:9}"


def reads(kind: str) -> str:
    """Return the inbound mapping of a format."""
    inner = "items." if kind == "jsonl" else ""
    body = f"""\
        reads: order
        group: {{key: number}}
        fields:
          order_number: {{from: number, steps: [strip]}}
          ordered_at: {{from: date, steps: [{{parse_datetime: {{format: "%Y%m%d", timezone: UTC}}}}]}}
          payment_status: {{from: status, steps: [strip]}}
          currency: {{steps: [{{constant: EUR}}]}}
          total: {{from: total, steps: [strip, decimal]}}
        lines:
          sku: {{from: {inner}sku, steps: [strip]}}
          description: {{from: {inner}sku}}
          quantity: {{from: {inner}qty, steps: [strip, integer]}}
          unit: {{steps: [{{constant: EA}}]}}
          unit_price: {{from: {inner}price, steps: [decimal]}}
        """
    return FORMATS[kind] + dedent(body)


def writes(kind: str) -> str:
    """Return the outbound mapping of a format."""
    body = """\
        writes: order
        fields:
          number: {from: order_number}
          date: {from: ordered_at, steps: [{format_datetime: "%Y%m%d"}]}
          status: {from: payment_status}
          total: {from: total}
        lines:
          sku: {from: sku}
          qty: {from: quantity}
          price: {from: unit_price}
        """
    return FORMATS[kind] + dedent(body)


def workspace(shop: Shop, kind: str) -> Shop:
    """Let the shop read one format and deliver all of them to its ERP."""
    folder = shop.root / "mappings/partner"
    folder.mkdir()
    (folder / "in.yaml").write_text(reads(kind), encoding="utf-8")
    for each in FORMATS:
        (folder / f"{each}.yaml").write_text(writes(each), encoding="utf-8")
    deliver = "".join(
        f'  - {{to: erp, folder: {each}, mapping: partner/{each}, name: "SO_{{claim}}.{each}"}}\n' for each in FORMATS
    )
    flow = f"""\
flow: orders
pick_up:
  - {{from: shopify, folder: orders, match: "*", mapping: partner/in, channel: shopify}}
rules: {{release: {{when: {{payment_status: [paid]}}, otherwise: hold}}, money: {{allocate_discount: none}}}}
deliver:
{deliver}"""
    (shop.root / "mappings/flows/orders.yaml").write_text(flow, encoding="utf-8")
    return shop
