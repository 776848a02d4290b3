"""A partner that sends its orders as XML: a mapping, a flow that reads it, and files."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from tests.flows.shop import Ran, Shop, read_csv

INBOX = "data/inbox/partner"
MAPPING = """\
reads: order
format: {type: xml, record: /Orders/Order, lines: Lines/Line%s}
fields:
  order_number: {from: Number, steps: [strip]}
  ordered_at: {from: OrderedAt, steps: [strip, {parse_datetime: "%%Y-%%m-%%dT%%H:%%M:%%S%%z"}]}
  source_id: {from: "@id"}
  payment_status: {from: Paid, steps: [strip, {map_values: {"yes": paid, "no": pending}}]}
  currency: {from: Total/@currency}
  total: {from: Total, steps: [decimal]}
  customer_email: {from: Email}
  notes: {from: Note}
  ship_to:
    address: {name: ShipTo/Name, line1: ShipTo/Street, city: ShipTo/City, postcode: ShipTo/Zip, country: ShipTo/Land}
lines:
  sku: {from: Lines/Line/Sku, steps: [strip]}
  description: {from: Lines/Line/Sku}
  item_number: {from: Lines/Line/Sku, steps: [strip, {lookup: {table: items, key: sku, value: item_number}}]}
  warehouse: {from: Lines/Line/Sku, steps: [{lookup: {table: items, key: sku, value: warehouse, default: UNKNOWN}}]}
  weight_g:
    from: Lines/Line/Sku
    steps: [{lookup: {table: items, key: sku, value: weight_g, default: "0"}}, decimal]
  unit: {from: Lines/Line/Quantity/@unit, steps: [{default: EA}]}
  quantity: {from: Lines/Line/Quantity, steps: [strip, integer]}
  unit_price: {from: Lines/Line/Price, steps: [decimal]}
"""
FLOW = """\
flow: partner
pick_up:
  - {from: partner, match: "*.xml", mapping: partner/orders, then: archive}
rules:
  release: {when: {payment_status: [paid]}, otherwise: hold}
  split: warehouse
deliver:
  - {to: wms, folder: partner, mapping: wms/orders, name: "ORD_{claim}_{part:03}.xml", documents_per_file: 500}
  - {to: erp, folder: partner, mapping: erp/orders, name: "SO_{claim}.csv"}
"""
XSD = """\
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="Orders"><xs:complexType><xs:sequence>
    <xs:element name="Header" minOccurs="0"/>
    <xs:element name="Order" type="Order" minOccurs="0" maxOccurs="unbounded"/>
    <xs:element name="Trailer"/>
  </xs:sequence></xs:complexType></xs:element>
  <xs:complexType name="Order"><xs:sequence>
    <xs:element name="Number" type="xs:positiveInteger"/>
    <xs:element name="OrderedAt" type="xs:dateTime"/>
    <xs:element name="Paid" type="xs:string"/>
    <xs:element name="Email" type="xs:string"/>
    <xs:element name="Note" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
    <xs:element name="ShipTo" type="xs:anyType"/>
    <xs:element name="Total"><xs:complexType><xs:simpleContent><xs:extension base="xs:decimal">
      <xs:attribute name="currency" use="required"/></xs:extension></xs:simpleContent></xs:complexType></xs:element>
    <xs:element name="Lines"><xs:complexType><xs:sequence>
      <xs:element name="Line" maxOccurs="unbounded"><xs:complexType><xs:sequence>
        <xs:element name="Sku" type="xs:string"/>
        <xs:element name="Quantity"><xs:complexType><xs:simpleContent><xs:extension base="xs:positiveInteger">
          <xs:attribute name="unit"/></xs:extension></xs:simpleContent></xs:complexType></xs:element>
        <xs:element name="Price" type="xs:decimal"/>
      </xs:sequence></xs:complexType></xs:element>
    </xs:sequence></xs:complexType></xs:element>
  </xs:sequence><xs:attribute name="id"/></xs:complexType>
</xs:schema>
"""
"""The trailer is required, and stands behind the records."""


def record(number: Any, *lines: tuple[str, object], **cells: str) -> str:
    """Return one `Order` element; `cells` are the texts of elements that are to be otherwise."""
    text = {"Paid": "yes", "Email": "mara@example.com", "Total": "10.00", "Note": "", **cells}
    rows = "".join(
        f"      <Line><Sku>{escape(sku)}</Sku><Quantity>{quantity}</Quantity><Price>5.00</Price></Line>\n"
        for sku, quantity in lines or (("TEA-ASSAM", 2),)
    )
    note = f"    <Note>{text['Note']}</Note>\n" if text["Note"] else ""
    return (
        f'  <Order id="S{number}">\n    <Number>{number}</Number>\n'
        "    <OrderedAt>2026-03-02T09:00:00+01:00</OrderedAt>\n"
        f"    <Paid>{text['Paid']}</Paid>\n    <Email>{text['Email']}</Email>\n{note}    <ShipTo><Name>Mara Ilić</Name>"
        "<Street>Elbchaussee 1</Street><City>Hamburg</City><Zip>22765</Zip><Land>DE</Land></ShipTo>\n"
        f'    <Total currency="EUR">{text["Total"]}</Total>\n    <Lines>\n{rows}    </Lines>\n  </Order>\n'
    )


def orders(*records: str, root: str = "Orders", tail: str = "") -> str:
    """Return a file of records."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}>\n{"".join(records)}{tail}</{root.split(maxsplit=1)[0]}>\n'


class Partner(Shop):
    """A shop that takes XML orders in a flow called `partner`."""

    def begin(self, format_: str = "", mapping: str = MAPPING, flow: str = FLOW) -> Partner:
        """Write the mapping (more keys of its `format:` in `format_`) and the flow."""
        for file, text in {
            "mappings/partner/orders.yaml": mapping.replace("%s", f", {format_}" if format_ else "").replace("%%", "%"),
            "mappings/flows/partner.yaml": flow,
            "mappings/schemas/partner.xsd": XSD,
        }.items():
            (self.root / file).parent.mkdir(parents=True, exist_ok=True)
            (self.root / file).write_text(text, encoding="utf-8")
        self.edit("mappings/exchange.yaml", "endpoints:\n", f"endpoints:\n  partner: {{path: {INBOX}}}\n")
        (self.root / INBOX).mkdir(parents=True)
        return self

    def send(self, name: str, content: str | bytes, *, day: float = 1) -> Path:
        """Put a file into the partner's inbox."""
        path = self.root / INBOX / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        self.age(path, day)
        return path

    def receive(self, name: str, content: str | bytes, *, day: float = 1) -> Ran:
        """Put a file into the partner's inbox and run the flow."""
        self.send(name, content, day=day)
        return self.run_flow()

    def run_flow(self) -> Ran:
        """Run the flow with --json."""
        return self.type("run", "partner", "--json")

    def rejected(self, ran: Ran) -> Path:
        """Return the reject file in XML of the only file of a run."""
        [name] = [name for name in ran.row["rejects"] if name.endswith(".xml")]
        return self.root / str(name)

    def taken(self) -> list[str]:
        """Return the numbers of the orders that the ERP got, one for each line, sorted."""
        texts = [path.read_bytes().decode() for path in self.files("data/outbox/erp/partner")]
        return sorted(row["OrderNumber"] for text in texts for row in read_csv(text))
