"""From a sample file to what is known of it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from exchange.assemble.infer import infer, readable, slug

SAMPLES = Path(__file__).parents[2] / "samples"


def test_the_shop_s_orders_are_grouped_by_name() -> None:
    found = infer(SAMPLES / "orders/01_clean_day.csv", None, None).inferred

    assert found.matches.kind.name == "order"
    assert found.name == "01_clean_day/orders"
    assert found.grouping is not None
    assert found.grouping.key == "Name"
    assert not found.grouping.on_first_row
    assert {"Financial Status", "Total", "Shipping Name"} <= found.grouping.header
    assert {"Lineitem sku", "Lineitem quantity"} <= found.grouping.varying
    fields = {match.field: match.column for match in found.matches.chosen if match.level == "fields"}
    assert fields["ordered_at"] == "Created at"
    assert fields["ship_to.line1"] == "Shipping Address1"
    assert fields["bill_to.postcode"] == "Billing Zip"
    assert fields["source_id"] == "Id"
    lines = {match.field: match.column for match in found.matches.chosen if match.level == "lines"}
    assert lines["unit_price"] == "Lineitem price"


def test_the_document_is_chosen_by_fit_or_told() -> None:
    assert infer(SAMPLES / "stock/01_stock.csv", None, None).inferred.matches.kind.name == "stock"
    assert infer(SAMPLES / "shipments/01_shipments.csv", None, "dep/out").inferred.name == "dep/out"
    told = infer(SAMPLES / "stock/01_stock.csv", "shipment", None).inferred
    assert (told.matches.kind.name, told.chosen_because) == ("shipment", "as told by --reads")


UBL = """<Order xmlns="urn:o" xmlns:a="urn:a" xmlns:b="urn:b"><b:ID>7</b:ID><b:IssueDate>2026-03-04</b:IssueDate>
<b:DocumentCurrencyCode>EUR</b:DocumentCurrencyCode>
<a:SellerSupplierParty><a:Party><a:PostalAddress><b:CityName>Ulm</b:CityName></a:PostalAddress></a:Party></a:SellerSupplierParty>
<a:BuyerCustomerParty><a:Party><a:PostalAddress><b:CityName>Kiel</b:CityName></a:PostalAddress></a:Party></a:BuyerCustomerParty>
<a:Delivery><a:DeliveryLocation><a:Address><b:CityName>Bonn</b:CityName><b:PostalZone>53111</b:PostalZone>
<a:Country><b:IdentificationCode>DE</b:IdentificationCode></a:Country></a:Address></a:DeliveryLocation></a:Delivery>
<a:AnticipatedMonetaryTotal><b:PayableAmount>9.00</b:PayableAmount></a:AnticipatedMonetaryTotal>{}</Order>"""
LINE = """<a:OrderLine><a:LineItem><b:ID>{0}</b:ID><b:Quantity unitCode="EA">2</b:Quantity>
<a:Item><b:Name>Tea {0}</b:Name>
<a:SellersItemIdentification><b:ID>TEA-{0}</b:ID></a:SellersItemIdentification></a:Item></a:LineItem></a:OrderLine>"""


def test_deep_xml_is_matched_by_what_its_steps_say(tmp_path: Path) -> None:
    """As in UBL: wrappers say nothing, the seller's city is nobody's address, and places of lines are no codes."""
    file = tmp_path / "x.xml"
    file.write_text(UBL.format(LINE.format(1) + LINE.format(2)), encoding="utf-8")

    found = infer(file, None, None).inferred.matches

    assert found.kind.name == "order"
    chosen = {f"{match.level}.{match.field}": match.column for match in found.chosen}
    address = "a:Delivery/a:DeliveryLocation/a:Address"
    assert chosen["fields.ship_to.city"] == f"{address}/b:CityName"
    assert chosen["fields.ship_to.postcode"] == f"{address}/b:PostalZone"
    assert chosen["fields.ship_to.country"] == f"{address}/a:Country/b:IdentificationCode"
    assert chosen["fields.bill_to.city"] == "a:BuyerCustomerParty/a:Party/a:PostalAddress/b:CityName"
    assert chosen["fields.total"] == "a:AnticipatedMonetaryTotal/b:PayableAmount"
    line = "a:OrderLine/a:LineItem"
    assert chosen["lines.sku"] == f"{line}/a:Item/a:SellersItemIdentification/b:ID"
    assert chosen["lines.unit"] == f"{line}/b:Quantity/@unitCode"
    assert f"{line}/b:ID" not in chosen.values()
    assert not [column for column in chosen.values() if "Seller" in column and "Item" not in column]


def test_rows_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("order no,sku,qty\n1,a,2\n2,b\n3,c,4\n", encoding="utf-8")

    [told] = infer(tmp_path / "x.csv", None, None).warnings

    assert told.startswith("1 row cannot be read and would be rejected (line 3: ")


def test_names_of_files_become_names_of_partners() -> None:
    assert slug("Orders Export 2026-03.csv") == "orders_export_2026_03_csv"
    assert slug("§§") == "partner"


def test_dates_are_read_as_a_run_reads_them() -> None:
    assert readable(pa.array(["2026-02-30", "2026-02-28"]), "%Y-%m-%d").to_pylist() == [False, True]


REPORT = """<StockAvailabilityReport xmlns="urn:r" xmlns:a="urn:a" xmlns:b="urn:b"><b:ID>R-7</b:ID>
<b:IssueDate>2026-03-04</b:IssueDate><b:DocumentCurrencyCode>EUR</b:DocumentCurrencyCode>
<a:RetailerCustomerParty><a:Party><a:PartyName><b:Name>Tee Lind KG</b:Name></a:PartyName>
<a:PostalAddress><b:StreetName>Lindweg</b:StreetName><a:Country><b:IdentificationCode>DE</b:IdentificationCode></a:Country>
</a:PostalAddress><a:Contact><b:Name>Mara Lind</b:Name><b:Telephone>+49 40 5550101</b:Telephone>
<b:ElectronicMail>mara@example.com</b:ElectronicMail></a:Contact></a:Party></a:RetailerCustomerParty>{}
</StockAvailabilityReport>"""
REPORT_LINE = """<a:StockAvailabilityReportLine><b:ID>{0}</b:ID><b:Quantity unitCode="EA">{0}0</b:Quantity>
<a:Item><b:Description>Tea {0}</b:Description>
<a:SellersItemIdentification><b:ID>TEA-{0}</b:ID></a:SellersItemIdentification></a:Item></a:StockAvailabilityReportLine>"""


def test_a_report_of_stock_is_told_by_the_names_of_its_elements_and_read_item_by_item(tmp_path: Path) -> None:
    file = tmp_path / "x.xml"
    file.write_text(REPORT.format(REPORT_LINE.format(1) + REPORT_LINE.format(2)), encoding="utf-8")

    found = infer(file, None, None)

    assert found.inferred.matches.kind.name == "stock"
    assert found.inferred.form["record"] == "/StockAvailabilityReport/a:StockAvailabilityReportLine"
    assert "lines" not in found.inferred.form
    chosen = {f"{match.level}.{match.field}": match.column for match in found.inferred.matches.chosen}
    assert chosen["fields.sku"] == "a:Item/a:SellersItemIdentification/b:ID"
    assert chosen["fields.counted_at"] == "/StockAvailabilityReport/b:IssueDate"
    assert chosen["lines.quantity"] == "b:Quantity"
    written = found.draft.mapping + found.draft.schema
    assert [word for word in ("Mara", "Lind", "example.com", "5550101") if word in written] == []
    assert "TEA-1" in written
    told = infer(file, "stock", None)
    assert (
        told.draft.mapping.replace(told.inferred.chosen_because, found.inferred.chosen_because) == found.draft.mapping
    )
    as_order = infer(file, "order", None).inferred
    assert (as_order.form["record"], as_order.form["lines"]) == (
        "/StockAvailabilityReport",
        "a:StockAvailabilityReportLine",
    )


def test_products_with_their_places_stay_records_with_lines(tmp_path: Path) -> None:
    file = tmp_path / "stock.xml"
    line = "<place><warehouse>{}</warehouse><quantity>{}</quantity></place>"
    rows = (f"<product><sku>A{n}</sku>{line.format('HAM', n)}{line.format('LYO', n)}</product>" for n in range(1, 4))
    file.write_text(f"<stock>{''.join(rows)}</stock>", encoding="utf-8")

    found = infer(file, None, None).inferred

    assert (found.matches.kind.name, found.form["record"], found.form["lines"]) == ("stock", "/stock/product", "place")


def test_a_draft_says_which_column_that_is_needed_is_blank(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("sku,name,on hand\n,Tea,3\n,Mug,4\n", encoding="utf-8")

    [told] = infer(tmp_path / "x.csv", None, None).warnings

    assert told == 'item_number: its column "sku" is blank in every row, so all would be rejected'


def test_items_are_grouped_by_their_number_only(tmp_path: Path) -> None:
    """Columns that several items have in common do not make one document of them."""
    rows = "".join(f"default,{sku},simple,{sku} of ours,3\n" for sku in ("TEA-1", "TEA-2", "MUG-1"))
    (tmp_path / "x.csv").write_text(f"source_code,sku,product_type,description,qty\n{rows}", encoding="utf-8")

    found = infer(tmp_path / "x.csv", None, None).inferred

    assert (found.matches.kind.name, found.grouping) == ("stock", None)
