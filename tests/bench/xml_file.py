"""Generates the XML input of the benchmarks: orders with lines, their XSD, and a fiftieth of them for slow readers.

Runs as a process of its own (`python -m tests.bench.xml_file FOLDER ORDERS SEED`).
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from tests.bench.words import CITIES, COUNTRIES, FIRST_NAMES, ITEMS, LAST_NAMES, STREETS

SLOW = 50
"""Readers that take minutes get so small a part of the orders."""
BAD = 0.01
XSD = """<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="Orders"><xs:complexType><xs:sequence>
    <xs:element name="Order" type="Order" maxOccurs="unbounded"/>
  </xs:sequence></xs:complexType></xs:element>
  <xs:simpleType name="Text"><xs:restriction base="xs:string">
    <xs:minLength value="1"/><xs:maxLength value="60"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Amount"><xs:restriction base="xs:decimal"><xs:fractionDigits value="2"/></xs:restriction>
  </xs:simpleType>
  <xs:complexType name="Order"><xs:sequence>
    <xs:element name="Number" type="xs:positiveInteger"/>
    <xs:element name="OrderedAt" type="xs:dateTime"/>
    <xs:element name="Email" type="Text"/>
    <xs:element name="Currency"><xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="[A-Z]{3}"/>
    </xs:restriction></xs:simpleType></xs:element>
    <xs:element name="Total" type="Amount"/>
    <xs:element name="ShipTo"><xs:complexType><xs:sequence>
      <xs:element name="Name" type="Text"/><xs:element name="Line1" type="Text"/><xs:element name="City" type="Text"/>
      <xs:element name="Postcode" type="Text"/><xs:element name="Country" type="Text"/>
    </xs:sequence></xs:complexType></xs:element>
    <xs:element name="Lines"><xs:complexType><xs:sequence>
      <xs:element name="Line" maxOccurs="unbounded"><xs:complexType><xs:sequence>
        <xs:element name="Sku" type="Text"/><xs:element name="Description" type="Text"/>
        <xs:element name="Quantity" type="xs:positiveInteger"/><xs:element name="Price" type="Amount"/>
      </xs:sequence><xs:attribute name="no" type="xs:positiveInteger" use="required"/></xs:complexType></xs:element>
    </xs:sequence></xs:complexType></xs:element>
  </xs:sequence><xs:attribute name="id" type="Text" use="required"/></xs:complexType>
</xs:schema>
"""


def main(folder: Path, orders: int, seed: int) -> None:
    """Write `orders.xml` (all good), `bad.xml` (1 % refused by the XSD), `small.xml`, `orders.xsd` and `facts.json`."""
    (folder / "orders.xsd").write_text(XSD, encoding="utf-8")
    lines = _write(folder / "orders.xml", orders, seed, 0)
    _write(folder / "bad.xml", orders, seed, BAD)
    small = max(1, orders // SLOW)
    facts = {"orders": orders, "lines": lines, "small": small, "bad": sum(_bad(orders, seed, BAD))}
    _write(folder / "small.xml", small, seed, 0)
    (folder / "facts.json").write_text(json.dumps(facts), encoding="utf-8")


def _write(path: Path, orders: int, seed: int, bad: float) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as stream:
        stream.write('<?xml version="1.0" encoding="UTF-8"?>\n<Orders>\n')
        for text, lines in _orders(orders, seed, bad):
            stream.write(text)
            count += lines
        stream.write("</Orders>\n")
    return count


def _bad(orders: int, seed: int, share: float) -> list[bool]:
    choice = random.Random(seed + 1)
    return [choice.random() < share for _ in range(orders)]


def _orders(orders: int, seed: int, bad: float) -> Iterator[tuple[str, int]]:
    any_ = random.Random(seed)
    for number, wrong in enumerate(_bad(orders, seed, bad), start=100_001):
        lines = any_.choice((1, 2, 3, 4, 5, 5, 3))
        yield _order(number, lines, any_, wrong=wrong), lines


def _order(number: int, lines: int, any_: random.Random, *, wrong: bool) -> str:
    name = escape(f"{any_.choice(FIRST_NAMES)} {any_.choice(LAST_NAMES)}")
    currency = "euro" if wrong else "EUR"
    rows = "".join(
        f'      <Line no="{line}">\n        <Sku>SKU-{any_.randrange(100_000):05}</Sku>\n'
        f"        <Description>{escape(any_.choice(ITEMS))}</Description>\n"
        f"        <Quantity>{any_.randint(1, 9)}</Quantity>\n"
        f"        <Price>{any_.randint(100, 9999) / 100:.2f}</Price>\n      </Line>\n"
        for line in range(1, lines + 1)
    )
    return (
        f'  <Order id="S{number}">\n    <Number>{number}</Number>\n    <OrderedAt>2026-03-04T10:11:12Z</OrderedAt>\n'
        f"    <Email>c{number}@example.com</Email>\n    <Currency>{currency}</Currency>\n"
        f"    <Total>{any_.randint(100, 99_999) / 100:.2f}</Total>\n    <ShipTo>\n      <Name>{name}</Name>\n"
        f"      <Line1>{escape(any_.choice(STREETS))} {number % 200}</Line1>\n"
        f"      <City>{any_.choice(CITIES)}</City>\n      <Postcode>{number % 99_999:05}</Postcode>\n"
        f"      <Country>{any_.choice(COUNTRIES)}</Country>\n    </ShipTo>\n"
        f"    <Lines>\n{rows}    </Lines>\n  </Order>\n"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
