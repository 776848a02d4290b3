"""What the WMS and the ERP get for an order, to the letter."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal

import pytest
from lxml import etree

from tests.flows.shop import JONAS, MARA, Line, Shop, order
from tests.samples.people import DANA, ELIF, MARKUP

FULL = order(
    10023,
    Line("TEA-ASSAM-CASE", "2"),
    Line("BOWL-OAK"),
    Line("TEA-MINT", "3"),
    to=DANA,
    bill=ELIF,
    discount="10.00",
    code="TEN",
    cells={
        "Notes": "Ring\ntwice",
        "Shipping Method": "Express",
        "Note Attributes": "colour: blue\ngift_message: Hi & bye",
        "Phone": "'+1 555",
    },
)
WMS = """\
<?xml version="1.0" encoding="UTF-8"?>
<Orders>
  <Order action="new" part="1">
    <OrderNumber>10023</OrderNumber>
    <Channel>shopify</Channel>
    <OrderedAt>2026-03-02T08:00:00Z</OrderedAt>
    <Warehouse>HAM</Warehouse>
    <Currency>EUR</Currency>
    <ShipTo>
      <Name>Dana Whitfield</Name>
      <Line1>88 Orchard Street</Line1>
      <Line2>Apt 4B</Line2>
      <City>Albany</City>
      <Region>NY</Region>
      <PostalCode>01001</PostalCode>
      <Country>US</Country>
      <Phone>+1 555 0100</Phone>
    </ShipTo>
    <Instructions>Service: Express
Note: Ring
twice
Gift message: Hi &amp; bye
Discount code: TEN</Instructions>
    <Lines>
      <Line number="1">
        <ItemNumber>100010</ItemNumber>
        <Sku>TEA-ASSAM-CASE</Sku>
        <Description>Assam Tea - case of 12</Description>
        <Quantity unit="EA">24</Quantity>
      </Line>
      <Line number="3">
        <ItemNumber>100020</ItemNumber>
        <Sku>TEA-MINT</Sku>
        <Description>Peppermint Tea - 100 g</Description>
        <Quantity unit="EA">3</Quantity>
      </Line>
    </Lines>
  </Order>
  <Order action="new" part="2">
    <OrderNumber>10023</OrderNumber>
    <Channel>shopify</Channel>
    <OrderedAt>2026-03-02T08:00:00Z</OrderedAt>
    <Warehouse>LYO</Warehouse>
    <Currency>EUR</Currency>
    <ShipTo>
      <Name>Dana Whitfield</Name>
      <Line1>88 Orchard Street</Line1>
      <Line2>Apt 4B</Line2>
      <City>Albany</City>
      <Region>NY</Region>
      <PostalCode>01001</PostalCode>
      <Country>US</Country>
      <Phone>+1 555 0100</Phone>
    </ShipTo>
    <Instructions>Service: Express
Note: Ring
twice
Gift message: Hi &amp; bye
Discount code: TEN</Instructions>
    <Lines>
      <Line number="2">
        <ItemNumber>200040</ItemNumber>
        <Sku>BOWL-OAK</Sku>
        <Description>Oak Bowl - 28 cm</Description>
        <Quantity unit="EA">1</Quantity>
      </Line>
    </Lines>
  </Order>
</Orders>
"""
ERP_LINE_1 = {
    "Action": "new",
    "OrderNumber": "10023",
    "Channel": "shopify",
    "LineNumber": "1",
    "ItemNumber": "100010",
    "Sku": "TEA-ASSAM-CASE",
    "Description": "Assam Tea - case of 12",
    "Quantity": "2",
    "Unit": "CS",
    "UnitPrice": "129.00",
    "LineDiscount": "8.25",
    "LineTotal": "249.75",
    "Currency": "EUR",
    "OrderedAt": "2026-03-02T08:00:00Z",
    "PaidAt": "2026-03-02T08:00:00Z",
    "CustomerEmail": "customer@example.com",
    "CustomerPhone": "+1 555",
    "ShipToName": "Dana Whitfield",
    "ShipToCompany": "",
    "ShipToLine1": "88 Orchard Street",
    "ShipToLine2": "Apt 4B",
    "ShipToCity": "Albany",
    "ShipToRegion": "NY",
    "ShipToPostalCode": "01001",
    "ShipToCountry": "US",
    "ShipToPhone": "+1 555 0100",
    "BillToName": "Elif Sommer",
    "BillToCompany": "Sommer Interiors",
    "BillToLine1": "Lange Zeile 3",
    "BillToLine2": "",
    "BillToCity": "Nuremberg",
    "BillToRegion": "",
    "BillToPostalCode": "90419",
    "BillToCountry": "DE",
    "RequestedService": "Express",
    "Location": "",
    "PaymentMethod": "Shop payments",
    "DiscountCode": "TEN",
    "Discount": "10.00",
    "Subtotal": "302.60",
    "Shipping": "4.90",
    "Taxes": "58.43",
    "Tax1Name": "VAT 19%",
    "Tax1Amount": "58.43",
    "Tax2Name": "",
    "Tax2Amount": "",
    "Duties": "",
    "Total": "365.93",
    "Warehouse": "HAM",
}


def test_wms_gets_one_order_per_warehouse_in_the_agreed_shape(shop: Shop) -> None:
    ran = shop.take("a.csv", FULL)
    assert ran.exit == 0
    [path] = shop.files("data/outbox/wms")
    assert path.name == f"ORD_{ran.row['claim']}_001.xml"
    assert path.read_text(encoding="utf-8") == WMS


def test_erp_gets_one_row_per_line_with_the_orders_cells_repeated(shop: Shop) -> None:
    ran = shop.take("a.csv", FULL)
    [path] = shop.files("data/outbox/erp")
    assert path.name == f"SO_{ran.row['claim']}.csv"
    first, second, third = shop.erp()
    assert first == ERP_LINE_1
    assert list(first) == list(ERP_LINE_1)
    own = {
        "LineNumber": "2",
        "ItemNumber": "200040",
        "Sku": "BOWL-OAK",
        "Description": "Oak Bowl - 28 cm",
        "Quantity": "1",
        "Unit": "EA",
        "UnitPrice": "39.90",
        "LineDiscount": "1.28",
        "LineTotal": "38.62",
        "Warehouse": "LYO",
    }
    assert second == {**ERP_LINE_1, **own}
    assert (third["LineNumber"], third["LineDiscount"], third["LineTotal"]) == ("3", "0.47", "14.23")
    for row in (first, second, third):
        gross = Decimal(row["Quantity"]) * Decimal(row["UnitPrice"])
        assert gross - Decimal(row["LineDiscount"]) == Decimal(row["LineTotal"])


def test_every_document_that_the_wms_gets_fits_the_schema(shop: Shop) -> None:
    shop.take("a.csv", [FULL, order(1), order(2, to=MARKUP)])
    schema = etree.XMLSchema(etree.parse(shop.root / "mappings/schemas/wms_orders.xsd"))
    [path] = shop.files("data/outbox/wms")
    assert schema.validate(etree.parse(path)), schema.error_log


def test_markup_is_escaped_in_xml_and_exact_in_csv(shop: Shop) -> None:
    shop.take("a.csv", order(1, to=MARKUP))
    [element] = shop.wms()
    assert element.findtext("ShipTo/Name") == MARKUP.name == shop.erp()[0]["ShipToName"]
    [path] = shop.files("data/outbox/wms")
    assert "Kirchweg 1 &lt;rear&gt;" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "-2+3", "+49", "'quoted", "00042", "1E5", "2026-03-04"])
def test_machine_files_hold_the_text_exactly(shop: Shop, text: str) -> None:
    shop.take("a.csv", order(1, Line("TEA-ASSAM", name=text), to=replace(MARA, name=text)))
    [row] = shop.erp()
    assert (row["ShipToName"], row["Description"]) == (text, text)
    [element] = shop.wms()
    assert (element.findtext("ShipTo/Name"), element.findtext("Lines/Line/Description")) == (text, text)


def test_one_sku_may_repeat_and_lines_keep_their_ordinals(shop: Shop) -> None:
    shop.take(
        "a.csv", order(1, Line("SOAP-OLIVE", "2"), Line("SOAP-OLIVE", "1"), Line("SOAP-OLIVE", "7", price="3.00"))
    )
    [element] = shop.wms()
    lines = [(line.get("number"), line.findtext("Quantity")) for line in element.iter("Line")]
    assert lines == [("1", "2"), ("2", "1"), ("3", "7")]
    assert [(row["LineNumber"], row["UnitPrice"]) for row in shop.erp()] == [
        ("1", "3.35"),
        ("2", "3.35"),
        ("3", "3.00"),
    ]


def test_units_are_converted_exactly_for_the_wms_and_kept_for_the_erp(shop: Shop) -> None:
    ran = shop.take(
        "a.csv", [order(1, Line("TWINE-M", "40"), Line("JAR-CLIP-BOX", "3")), order(2, Line("TWINE-M", "30"))]
    )
    assert [line.findtext("Quantity") for element in shop.wms() for line in element.iter("Line")] == ["2", "18"]
    assert [(row["Quantity"], row["Unit"]) for row in shop.erp()] == [("40", "M"), ("3", "BX")]
    assert ran.row["problems"] == {"UNIT_NOT_WHOLE": 1}


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"Shipping Method": "Express"}, "Service: Express"),
        ({"Shipping Method": "", "Notes": "Ring twice"}, "Note: Ring twice"),
        ({"Shipping Method": "", "Note Attributes": "Gift message: Enjoy"}, "Gift message: Enjoy"),
        ({"Shipping Method": "", "Discount Code": "SPRING"}, "Discount code: SPRING"),
        ({"Shipping Method": ""}, None),
    ],
)
def test_picking_instructions(shop: Shop, cells: dict[str, str], told: str | None) -> None:
    shop.take("a.csv", order(1, cells=cells))
    [element] = shop.wms()
    assert element.findtext("Instructions") == told


def test_text_that_is_too_long_for_the_wms_is_a_problem_and_reaches_nobody(shop: Shop) -> None:
    name = "N" * 61
    ran = shop.take("a.csv", [order(1, to=replace(MARA, name=name)), order(2, to=replace(MARA, name=name[:60]))])
    assert ran.exit == 3
    assert shop.sent() == ({"2"}, {"2"})
    [problem] = shop.problems(ran)
    assert (problem["code"], problem["field"], problem["value"]) == ("TOO_LONG", "Shipping Name", name)


def test_what_only_the_schema_of_the_wms_refuses_reaches_nobody(shop: Shop) -> None:
    ran = shop.take("a.csv", [order(1, to=replace(MARA, postcode="20457*")), order(2, to=JONAS)])
    assert ran.row["problems"] == {"TARGET_INVALID": 1}
    assert shop.sent() == ({"2"}, {"2"})
    assert ran.documents == {"in": 2, "out": 1, "rejected": 1, "filtered": 0, "held": 0}


def test_quantities_and_lines_are_conserved_over_the_parts(shop: Shop) -> None:
    lines = (Line("MUG-BLUE", "4"), Line("BOWL-OAK", "5"), Line("TEA-MINT", "3"), Line("KNIFE-PAR", "2"))
    shop.take("a.csv", order(1, *lines))
    parts = shop.wms()
    assert [(part.get("part"), part.findtext("OrderNumber"), part.findtext("Warehouse")) for part in parts] == [
        ("1", "1", "HAM"),
        ("2", "1", "LYO"),
    ]
    numbers = {line.get("number"): line.findtext("Quantity") for part in parts for line in part.iter("Line")}
    assert numbers == {"1": "4", "2": "5", "3": "3", "4": "2"}
    assert len(shop.erp()) == 4


def test_wms_files_are_cut_where_the_delivery_says_so_and_parts_stay_together(shop: Shop) -> None:
    shop.edit("mappings/flows/orders.yaml", "documents_per_file: 500", "documents_per_file: 2")
    ran = shop.take("a.csv", [order(n, Line("MUG-BLUE"), Line("BOWL-OAK")) for n in range(1, 6)])
    files = [out for out in ran.row["outputs"] if out["endpoint"] == "wms"]
    assert [path.rsplit("_", 1)[1] for path in (out["path"] for out in files)] == ["001.xml", "002.xml", "003.xml"]
    assert [out["records"] for out in files] == [4, 4, 2]
    numbers = [
        [element.findtext("OrderNumber") for element in etree.parse(shop.root / out["path"]).getroot()] for out in files
    ]
    assert numbers == [["1", "1", "2", "2"], ["3", "3", "4", "4"], ["5", "5"]]
    [erp] = shop.files("data/outbox/erp")
    assert len(list(csv.DictReader(erp.read_text().splitlines()))) == 10
