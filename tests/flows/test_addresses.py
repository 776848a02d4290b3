"""Addresses brought into form on their way: by the flow's rule, by steps, and told where they cannot be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.flows.shop import MARA, Shop, order
from tests.samples.shopify import Address, Order

FLOW, WMS, ERP = "mappings/flows/orders.yaml", "mappings/wms/orders.yaml", "mappings/erp/orders.yaml"
RULE = "  addresses: {ship_to: {phones: [customer_phone]}, bill_to: {warn: [phone]}}\n"
PALO_ALTO = Address(
    "Ada Reyes", "12 Main St Apt 4B", "Palo Alto", "943011234", "United States", region="California",
    phone="(650) 555-0101",
)  # fmt: skip
LEITH = Address("Owen Hartley", "Flat 3, 5 Quay Lane", "Leith", "eh66aa", "Scotland", phone="01632 960123")
PACK = Address("Jonas Ahrens", "Packstation 123", "Bremen", "D-28199", "GERMANY", line2="1234567")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop whose flow brings addresses into form."""
    made = Shop(tmp_path / "ws")
    made.edit(FLOW, "  split: warehouse\n", f"  split: warehouse\n{RULE}")
    return made


def to(number: int, address: Address, **changes: str) -> Order:
    """Return an order to an address that is billed to Hamburg."""
    return replace(order(number), to=replace(address, **changes), bill=MARA)


def wrap(line: int, length: int) -> str:
    """Return a field that keeps one of two lines of an address."""
    step = f"{{wrap_address: {{line: {line}, lines: 2, length: {length}}}}}"
    return f"{{from: [ship_to.line1, ship_to.line2], steps: [{step}]}}"


def shipped(shop: Shop) -> dict[str, dict[str, str]]:
    """Return order number -> the address that the WMS got."""
    return {
        element.findtext("OrderNumber") or "": {part.tag: part.text or "" for part in element.iterfind("ShipTo/*")}
        for element in shop.wms()
    }


def test_addresses_leave_in_form(shop: Shop) -> None:
    assert shop.type("check").exit == 0
    ran = shop.take("a.csv", [to(1, PALO_ALTO), to(2, LEITH), to(3, PACK)])

    assert (ran.exit, ran.documents["out"]) == (0, 3)
    assert shipped(shop) == {
        "1": {
            "Name": "Ada Reyes", "Line1": "12 Main St", "Line2": "Apt 4B", "City": "Palo Alto", "Region": "CA",
            "PostalCode": "94301-1234", "Country": "US", "Phone": "+16505550101",
        },
        "2": {
            "Name": "Owen Hartley", "Line1": "5 Quay Lane", "Line2": "Flat 3", "City": "Leith", "Region": "SCT",
            "PostalCode": "EH6 6AA", "Country": "GB", "Phone": "+441632960123",
        },
        "3": {
            "Name": "Jonas Ahrens", "Line1": "Packstation 123", "Line2": "1234567", "City": "Bremen",
            "PostalCode": "28199", "Country": "DE",
        },
    }  # fmt: skip


def test_what_is_wrong_is_told_by_its_own_column_and_comes_back_corrected(shop: Shop) -> None:
    wrong = to(4, PALO_ALTO, region="Bavaria", postcode="9430", phone="ask Maria")
    ran = shop.take("a.csv", [wrong, to(5, LEITH)])

    assert (ran.exit, ran.documents["rejected"], ran.documents["out"]) == (3, 1, 1)
    assert {(each["field"], each["code"], each["value"]) for each in shop.problems(ran)} == {
        ("Shipping Province", "UNKNOWN_REGION", "Bavaria"),
        ("Shipping Zip", "POSTCODE_FORMAT", "9430"),
        ("Shipping Phone", "PHONE_UNREADABLE", "ask Maria"),
    }
    text = shop.reject_file(ran).read_text(encoding="utf-8")
    for bad, good in {"Bavaria": "CA", "9430": "94301", "ask Maria": "650 555 0101"}.items():
        text = text.replace(f",{bad},", f",{good},")
    again = shop.take("corrected.csv", text)
    assert (again.exit, again.documents["out"]) == (0, 1)
    assert shipped(shop)["4"]["PostalCode"] == "94301"


def test_an_address_that_says_the_same_otherwise_is_no_change(shop: Shop) -> None:
    shop.take("a.csv", to(1, PALO_ALTO))
    again = shop.take("b.csv", to(1, PALO_ALTO, country="USA", postcode="94301-1234", phone="+1 650 555 0101"))

    assert (again.documents["filtered"], again.documents["out"]) == (1, 0)


def test_check_tells_where_a_mapping_would_lose_a_unit(shop: Shop) -> None:
    shop.edit(FLOW, "{ship_to: {phones", "{ship_to: {units: field, phones")
    told = shop.type("check")

    assert told.exit == 5
    assert "ship_to.line1 is read here and ship_to.unit is not" in told.out + told.err
    shop.edit(WMS, "  ShipTo.City:", "  Unit: {from: ship_to.unit}\n  ShipTo.City:")
    shop.edit(ERP, "{from: ship_to.line2}", '{from: [ship_to.unit, ship_to.line2], steps: [{join: ", "}]}')
    assert "ship_to.unit is not" not in "".join((now := shop.type("check")).out + now.err)
    shop.take("a.csv", to(1, PALO_ALTO, line2="Rear"))
    assert [(row["ShipToLine1"], row["ShipToLine2"]) for row in shop.erp()] == [("12 Main St", "Apt 4B, Rear")]


def test_steps_shape_addresses_for_a_courier(shop: Shop) -> None:
    shop.edit(
        ERP,
        "  ShipToLine1: {from: ship_to.line1}\n  ShipToLine2: {from: ship_to.line2}\n",
        "  ShipToLine1: {from: ship_to.line1, steps: [{street: {country: ship_to.country}}, transliterate, upper]}\n"
        "  ShipToLine2: {from: ship_to.line1, steps: [{house_number: {country: ship_to.country}}]}\n"
        "  Location: {from: ship_to.kind}\n"
        f"  Tax1Name: {wrap(1, 20)}\n"
        f"  Tax2Name: {wrap(2, 20)}\n",
    )
    for field in (
        "  Location: {from: location}\n",
        "  Tax1Name: {from: tax1_name}\n",
        "  Tax2Name: {from: tax2_name}\n",
    ):
        shop.edit(ERP, field, "")
    assert shop.type("check").exit == 0
    hafen = replace(MARA, line1="Große Elbstraße 12 a, 3. OG")
    shop.take("a.csv", [to(1, hafen), to(2, PACK)])

    assert [
        tuple(row[name] for name in ("ShipToLine1", "ShipToLine2", "Location", "Tax1Name", "Tax2Name"))
        for row in shop.erp()
    ] == [
        ("GROSSE ELBSTRASSE", "12 a", "street", "Große Elbstraße 12 a", "3. OG"),
        ("PACKSTATION 123", "", "locker", "Packstation 123", "1234567"),
    ]


def test_an_address_that_fits_no_label_is_a_problem(shop: Shop) -> None:
    shop.edit(
        WMS,
        "  ShipTo.Line1: {from: ship_to.line1, required: true, max_length: 60}\n"
        "  ShipTo.Line2: {from: ship_to.line2, max_length: 60}\n",
        f"  ShipTo.Line1: {wrap(1, 16)}\n  ShipTo.Line2: {wrap(2, 16)}\n",
    )
    ran = shop.take("a.csv", [to(1, PALO_ALTO), to(2, MARA, line1="Donaudampfschifffahrtsweg 5")])

    assert ran.documents["rejected"] == 1
    assert [each["code"] for each in shop.problems(ran)] == ["ADDRESS_TOO_LONG"]
    assert shop.sent()[0] == {"1"}
