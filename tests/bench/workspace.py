"""Writes the workspaces that the product is measured in, and reads what a run of it printed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.bench.measure import Command, Outcome

ENDPOINTS = """\
endpoints:
  shop: {type: local, path: data/inbox/shop}
  erp: {type: local, path: data/outbox/erp}
  wms: {type: local, path: data/outbox/wms}
"""

FLOW = """\
flow: {flow}
pick_up:
  - {{from: shop, folder: {flow}, match: "*.csv", mapping: shop/orders, settle: 0s, then: archive,
     rejects: {{workbook: false}}}}
rules:
  release: {{when: {{payment_status: [paid]}}, otherwise: hold}}
  repeat: problem
  split: {split}
  money: {{on_mismatch: reject}}
deliver:
"""
DELIVER = {
    "erp": '  - {to: erp, folder: orders, mapping: erp/orders, name: "SO_{claim}.csv"}\n',
    "wms": '  - {to: wms, folder: orders, mapping: wms/orders, name: "ORD_{claim}.xml"}\n',
}

INBOUND = """\
reads: order
format: {type: csv, encoding: utf-8, delimiter: ","}
schema: shop_orders
group: {key: Name, header_from: first_row, starts: [Financial Status, Total]}
fields:
  order_number: {from: Name, steps: [strip, {remove_prefix: "#"}]}
  ordered_at: {from: Created at, steps: [{parse_datetime: "%Y-%m-%d %H:%M:%S %z"}, {to_timezone: UTC}]}
  payment_status: {from: Financial Status, steps: [strip, lower]}
  currency: {from: Currency, steps: [strip, upper]}
  subtotal: {from: Subtotal, steps: [decimal]}
  shipping: {from: Shipping, steps: [decimal]}
  taxes: {from: Taxes, steps: [decimal]}
  total: {from: Total, steps: [decimal]}
  discount: {from: Discount Amount, steps: [decimal]}
  customer_email: {from: Email, steps: [strip]}
  ship_to:
    address:
      name: Shipping Name
      line1: Shipping Address1
      city: Shipping City
      postcode: Shipping Zip
      country: Shipping Country
lines:
  sku: {from: Lineitem sku, steps: [strip, upper]}
  item_number: {from: Lineitem sku, steps: [strip, upper, {lookup: {table: items, key: sku, value: item_number}}]}
  description: {from: Lineitem name, steps: [strip]}
  quantity: {from: Lineitem quantity, steps: [strip, integer]}
  unit:
    from: Lineitem sku
    steps: [strip, upper, {lookup: {table: sales_units, key: sku, value: unit, default: EA}}]
  unit_price: {from: Lineitem price, steps: [decimal]}
  requires_shipping: {from: Lineitem requires shipping, steps: [boolean]}
"""
WAREHOUSE = """\
  warehouse:
    from: Lineitem sku
    steps: [strip, upper, {lookup: {table: items, key: sku, value: warehouse, default: NONE}}]
"""

ERP = """\
writes: order
format: {type: csv, encoding: utf-8, delimiter: ",", newline: lf}
columns:
  [Action, OrderNumber, LineNumber, ItemNumber, Sku, Description, Quantity, Unit, UnitPrice, LineDiscount, LineTotal,
   Currency, OrderedAt, CustomerEmail, ShipToName, ShipToLine1, ShipToCity, ShipToPostcode, ShipToCountry]
fields:
  Action: {from: action}
  OrderNumber: {from: order_number}
  Currency: {from: currency}
  OrderedAt: {from: ordered_at}
  CustomerEmail: {from: customer_email}
  ShipToName: {from: ship_to.name}
  ShipToLine1: {from: ship_to.line1}
  ShipToCity: {from: ship_to.city}
  ShipToPostcode: {from: ship_to.postcode}
  ShipToCountry: {from: ship_to.country}
lines:
  LineNumber: {from: line_number}
  ItemNumber: {from: item_number}
  Sku: {from: sku}
  Description: {from: description}
  Quantity: {from: quantity, steps: [{to_unit: {item: item_number, from: unit, to: EA, table: packs}}]}
  Unit: {steps: [{constant: EA}]}
  UnitPrice: {from: unit_price}
  LineDiscount: {from: line_discount}
  LineTotal: {from: line_total}
"""

SCHEMA = """\
title: What the benchmark checks of the shop's export
fields:
  - {name: Name, constraints: {required: true, pattern: "#\\\\d+"}}
  - {name: Email, constraints: {pattern: "[^@\\\\s]+@[^@\\\\s]+"}}
  - name: Financial Status
    required_on: first_row
    constraints:
      required: true
      enum: [pending, authorized, partially_paid, paid, partially_refunded, refunded, voided]
  - {name: Currency, required_on: first_row, constraints: {required: true, pattern: "[A-Z]{3}"}}
  - {name: Subtotal}
  - {name: Shipping}
  - {name: Taxes}
  - {name: Total, required_on: first_row, constraints: {required: true}}
  - {name: Discount Amount}
  - {name: Created at, constraints: {required: true}}
  - {name: Lineitem quantity, constraints: {required: true}}
  - {name: Lineitem name, constraints: {required: true}}
  - {name: Lineitem price, constraints: {required: true}}
  - {name: Lineitem sku, constraints: {required: true, maxLength: 40}}
  - {name: Lineitem requires shipping, constraints: {enum: ["true", "false"]}}
  - {name: Shipping Name}
  - {name: Shipping Address1}
  - {name: Shipping City}
  - {name: Shipping Zip}
  - {name: Shipping Country}
"""

WMS = """\
writes: order
format: {type: xml, template: wms/orders.xml.j2, schema: wms_orders.xsd}
per: part
requires: shipping
fields:
  action: {from: action}
  part: {from: part}
  OrderNumber: {from: order_number}
  Channel: {from: channel}
  OrderedAt: {from: ordered_at}
  Warehouse: {from: warehouse}
  Currency: {from: currency}
  ShipTo.Name: {from: ship_to.name, required: true, max_length: 60}
  ShipTo.Line1: {from: ship_to.line1, required: true, max_length: 60}
  ShipTo.City: {from: ship_to.city, required: true, max_length: 40}
  ShipTo.PostalCode: {from: ship_to.postcode, max_length: 16}
  ShipTo.Country: {from: ship_to.country, required: true, max_length: 2}
lines:
  number: {from: line_number}
  ItemNumber: {from: item_number, required: true, max_length: 30}
  Sku: {from: sku, max_length: 40}
  Description: {from: description, max_length: 120}
  Quantity: {from: quantity, steps: [{to_unit: {item: item_number, from: unit, to: EA, table: packs}}]}
"""

TEMPLATE = """\
{% block header %}<?xml version="1.0" encoding="UTF-8"?>
<Orders>
{% endblock %}
{% block record %}  <Order action="{{ order.action }}" part="{{ order.part }}">
    <OrderNumber>{{ order.OrderNumber }}</OrderNumber>
    <Channel>{{ order.Channel }}</Channel>
    <OrderedAt>{{ order.OrderedAt }}</OrderedAt>
    <Warehouse>{{ order.Warehouse }}</Warehouse>
    <Currency>{{ order.Currency }}</Currency>
    <ShipTo>
      <Name>{{ order.ShipTo.Name }}</Name>
      <Line1>{{ order.ShipTo.Line1 }}</Line1>
      <City>{{ order.ShipTo.City }}</City>
      {% if order.ShipTo.PostalCode %}<PostalCode>{{ order.ShipTo.PostalCode }}</PostalCode>{% endif %}

      <Country>{{ order.ShipTo.Country }}</Country>
    </ShipTo>
    <Lines>
    {% for line in order.lines %}  <Line number="{{ line.number }}">
        <ItemNumber>{{ line.ItemNumber }}</ItemNumber>
        <Sku>{{ line.Sku }}</Sku>
        <Description>{{ line.Description }}</Description>
        <Quantity unit="EA">{{ line.Quantity }}</Quantity>
      </Line>
    {% endfor %}</Lines>
  </Order>
{% endblock %}
{% block footer %}</Orders>
{% endblock %}
"""


def _text(longest: int) -> str:
    return (
        '<xs:simpleType><xs:restriction base="xs:string"><xs:minLength value="1"/>'
        f'<xs:maxLength value="{longest}"/></xs:restriction></xs:simpleType>'
    )


def _elements(lengths: dict[str, int], optional: Iterable[str] = ()) -> str:
    return "".join(
        f'<xs:element name="{name}"{" minOccurs=" + chr(34) + "0" + chr(34) if name in optional else ""}>'
        f"{_text(longest)}</xs:element>"
        for name, longest in lengths.items()
    )


def xsd() -> str:
    """Return the schema of the WMS file: order of elements, lengths, types."""
    head = _elements({"OrderNumber": 30, "Channel": 30})
    head += '<xs:element name="OrderedAt" type="xs:dateTime"/>' + _elements({"Warehouse": 20, "Currency": 3})
    ship_to = _elements({"Name": 60, "Line1": 60, "City": 40, "PostalCode": 16, "Country": 2}, ["PostalCode"])
    line = _elements({"ItemNumber": 30, "Sku": 40, "Description": 120})
    quantity = (
        '<xs:element name="Quantity"><xs:complexType><xs:simpleContent><xs:extension base="xs:positiveInteger">'
        '<xs:attribute name="unit" type="xs:string" use="required"/>'
        "</xs:extension></xs:simpleContent></xs:complexType></xs:element>"
    )
    number = '<xs:attribute name="number" type="xs:positiveInteger" use="required"/>'
    lines = _repeated("Line", line + quantity, number)
    order = head + _element("ShipTo", ship_to) + _element("Lines", lines)
    marks = (
        '<xs:attribute name="action" type="xs:string" use="required"/>'
        '<xs:attribute name="part" type="xs:positiveInteger" use="required"/>'
    )
    body = _element("Orders", _repeated("Order", order, marks))
    return f'<?xml version="1.0"?>\n<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{body}</xs:schema>\n'


def _element(name: str, content: str) -> str:
    return (
        f'<xs:element name="{name}"><xs:complexType><xs:sequence>{content}</xs:sequence></xs:complexType></xs:element>'
    )


def _repeated(name: str, content: str, attributes: str) -> str:
    return (
        f'<xs:element name="{name}" maxOccurs="unbounded"><xs:complexType><xs:sequence>{content}</xs:sequence>'
        f"{attributes}</xs:complexType></xs:element>"
    )


def build(folder: Path, tables: Path, targets: Iterable[str] = ("erp",), flows: Iterable[str] = ("orders",)) -> None:
    """Write a workspace whose flows deliver to the targets (`erp`, `wms`)."""
    targets = tuple(targets)
    by_part = "wms" in targets
    mappings = folder / "mappings"
    _write(mappings / "exchange.yaml", ENDPOINTS)
    for flow in flows:
        text = FLOW.format(flow=flow, split="warehouse" if by_part else "none")
        _write(mappings / "flows" / f"{flow}.yaml", text + "".join(DELIVER[target] for target in targets))
        (folder / "data" / "inbox" / "shop" / flow).mkdir(parents=True)
    _write(mappings / "shop" / "orders.yaml", INBOUND + WAREHOUSE * by_part)
    _write(mappings / "schemas" / "shop_orders.yaml", SCHEMA)
    if "erp" in targets:
        _write(mappings / "erp" / "orders.yaml", ERP)
    if by_part:
        _write(mappings / "wms" / "orders.yaml", WMS)
        _write(mappings / "schemas" / "wms_orders.xsd", xsd())
        _write(folder / "templates" / "wms" / "orders.xml.j2", TEMPLATE)
    shutil.copytree(tables, mappings / "tables")


def check(folder: Path) -> None:
    """Check the workspace once, as after any edit: a run need not look at the same files again.

    With BENCH_UNCHECKED=1 the run does it: quicker where nobody looks at the figures.
    """
    if os.environ.get("BENCH_UNCHECKED"):
        return
    made = command(folder, "check")
    subprocess.run(made.argv, cwd=made.folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def drop(source: Path, folder: Path, flow: str = "orders") -> None:
    """Put one file, or all files of a folder, into the flow's inbox, an hour old."""
    inbox = folder / "data" / "inbox" / "shop" / flow
    for number, path in enumerate([source] if source.is_file() else sorted(source.iterdir())):
        copied = Path(shutil.copyfile(path, inbox / path.name))
        moment = copied.stat().st_mtime - 3600 + number / 1000
        os.utime(copied, (moment, moment))


def command(folder: Path, *arguments: str) -> Command:
    """Return the run of `exchange` with the arguments in the workspace; its outcome are the sums over all files."""
    return Command([*exchange(), *arguments], folder, outcome=totals, fine=(0, 3))


def exchange() -> list[str]:
    """Return the command that starts the installed product."""
    return [sys.executable, "-c", "import sys; from exchange.cli.main import main; sys.exit(main())"]


def totals(printed: str) -> Outcome:
    """Add up what `exchange run --json` printed, one line a file."""
    files = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
    outcome: Outcome = {"files": len(files), "states": sorted({str(file["state"]) for file in files})}
    for name, unit in (("orders", "documents"), ("lines", "records")):
        for way in ("out", "rejected"):
            outcome[f"{name}_{way}"] = sum(int(file["counts"][unit][way]) for file in files)
    return outcome
