"""What we write as UBL is valid by the official schemas, and says what came in."""

from __future__ import annotations

import itertools
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.flows.shop import Ran
from tests.samples import shipments, stock
from tests.ubl.office import KINDS, NEEDS_SHARED, SHARED, Office

pytestmark = [NEEDS_SHARED, pytest.mark.slow]
SPACES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office for all tests here: a schema of UBL takes a second to compile."""
    return Office(tmp_path_factory.mktemp("ubl") / "ws")


@pytest.fixture(scope="module")
def schemas() -> dict[str, etree.XMLSchema]:
    """The official schemas, read by libxml2 and nothing of ours."""
    return {kind: etree.XMLSchema(file=str(SHARED / f"xsd-2.1/maindoc/{name}.xsd")) for kind, name in KINDS.items()}


def valid(ran: Ran, office: Office, schema: etree.XMLSchema) -> list[etree._ElementTree]:
    """Return the files of a run, all of them valid."""
    made = [etree.parse(path) for path in office.sent_files(ran)]
    for tree in made:
        assert schema.validate(tree), schema.error_log
    return made


def texts(tree: etree._ElementTree | etree._Element, path: str) -> list[str]:
    return [element.text or "" for element in tree.findall(path, SPACES)]


@pytest.mark.parametrize(
    ("kind", "sample", "documents"),
    [
        ("order", "order/UBL-Order-2.1-Example.xml", 1),
        ("order", "order/UBL-Order-2.0-Example-International.xml", 1),
        ("despatch", "despatchadvice/UBL-DespatchAdvice-2.0-Example.xml", 1),
        ("inventory", "inventoryreport/UBL-InventoryReport-2.1-Example.xml", 3),
    ],
)
def test_a_sample_that_is_read_and_written_reads_as_before(
    tmp_path: Path, schemas: dict[str, etree.XMLSchema], kind: str, sample: str, documents: int
) -> None:
    first, second = Office(tmp_path / "first"), Office(tmp_path / "second")
    ran = first.take_in(kind, "sample.xml", (SHARED / "samples" / sample).read_bytes())
    assert ran.exit == 0, ran.out + ran.err
    assert len(valid(ran, first, schemas[kind])) == documents

    written = [path.read_bytes() for path in first.sent_files(ran)]
    for number, content in enumerate(written):
        second.bring(kind, f"{number}.xml", content)
    again = second.type("run", kind, "--json")

    assert again.exit == 0, again.out + again.err
    read = [path.read_bytes() for path in second.sent_files(again)]
    if kind != "inventory":  # the number of a report is made of the number of the report that was read
        assert read == written
    assert [texts(etree.fromstring(made), ".//cbc:Quantity") for made in read] == [
        texts(etree.fromstring(made), ".//cbc:Quantity") for made in written
    ]


@pytest.mark.parametrize(("kind", "name"), [("despatch", "shipments"), ("inventory", "stock")])
def test_a_warehouse_that_reports_as_csv_is_answered_in_ubl(
    tmp_path: Path, schemas: dict[str, etree.XMLSchema], kind: str, name: str
) -> None:
    office = Office(tmp_path / "ws")
    office.read_csv_samples(kind)
    text = shipments.text() if name == "shipments" else stock.text()

    ran = office.take_in(kind, "report.csv", text.encode())

    made = valid(ran, office, schemas[kind])
    assert len(made) == ran.row["counts"]["documents"]["out"] > 3


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=40).filter(
    lambda made: made.strip() == made and made.isprintable()
)
LINE = st.fixed_dictionaries(
    {
        "name": TEXT,
        "quantity": st.integers(1, 100_000),
        "price": st.decimals(0, 10_000, places=2),
        "unit": st.sampled_from(["C62", "EA", "KGM", "MTR"]),
    }
)


def ubl_order(number: str, note: str, lines: list[dict[str, object]]) -> bytes:
    """Return a UBL order as another program would write it: its own prefixes, and no address."""
    a, b = f"{{{SPACES['cac']}}}", f"{{{SPACES['cbc']}}}"
    space = "urn:oasis:names:specification:ubl:schema:xsd:Order-2"
    root = etree.Element(f"{{{space}}}Order", nsmap={"ns0": space, "x": SPACES["cac"], "y": SPACES["cbc"]})

    def add(above: etree._Element, tag: str, text: object = None, **attributes: str) -> etree._Element:
        made = etree.SubElement(above, tag, attributes)
        made.text = None if text is None else str(text)
        return made

    add(root, f"{b}ID", number)
    add(root, f"{b}IssueDate", "2026-03-02")
    add(root, f"{b}Note", note)
    add(root, f"{b}DocumentCurrencyCode", "EUR")
    for party in ("BuyerCustomerParty", "SellerSupplierParty"):
        add(add(add(add(root, f"{a}{party}"), f"{a}Party"), f"{a}PartyName"), f"{b}Name", f"{party} <& Co>")
    worth = sum(Decimal(str(line["quantity"])) * Decimal(str(line["price"])) for line in lines)
    add(add(root, f"{a}AnticipatedMonetaryTotal"), f"{b}PayableAmount", worth, currencyID="EUR")
    for at, line in enumerate(lines, 1):
        item = add(add(root, f"{a}OrderLine"), f"{a}LineItem")
        add(item, f"{b}ID", at)
        add(item, f"{b}Quantity", line["quantity"], unitCode=str(line["unit"]))
        add(add(item, f"{a}Price"), f"{b}PriceAmount", line["price"], currencyID="EUR")
        what = add(item, f"{a}Item")
        add(what, f"{b}Name", line["name"])
        add(add(what, f"{a}SellersItemIdentification"), f"{b}ID", f"S-{at}")
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(note=TEXT, lines=st.lists(LINE, min_size=1, max_size=5))
def test_orders_of_any_content_come_out_as_they_came_in(
    office: Office, schemas: dict[str, etree.XMLSchema], note: str, lines: list[dict[str, object]]
) -> None:
    number = f"N-{next(_numbers)}"

    ran = office.take_in("order", f"{number}.xml", ubl_order(number, note, lines))

    assert ran.exit == 0, ran.out + ran.err
    [tree] = valid(ran, office, schemas["order"])
    item = "cac:OrderLine/cac:LineItem"
    assert texts(tree, "cbc:ID") == [number]
    assert texts(tree, "cbc:Note") == [note]
    assert texts(tree, f"{item}/cac:Item/cbc:Name") == [line["name"] for line in lines]
    assert [int(text) for text in texts(tree, f"{item}/cbc:Quantity")] == [line["quantity"] for line in lines]
    assert [Decimal(text) for text in texts(tree, f"{item}/cac:Price/cbc:PriceAmount")] == [
        line["price"] for line in lines
    ]
    units = [element.get("unitCode") for element in tree.findall(f"{item}/cbc:Quantity", SPACES)]
    assert units == [line["unit"] for line in lines]


def test_the_time_of_an_order_and_the_quantity_of_a_price_count(
    office: Office, schemas: dict[str, etree.XMLSchema]
) -> None:
    line = {"name": "x", "quantity": 10, "price": Decimal("2.50"), "unit": "EA"}
    text = ubl_order("T-1", "note", [line]).decode().replace("y:IssueDate>2026-03-02<", "y:IssueDate>2026-03-02+01:00<")
    text = text.replace("</y:IssueDate>", "</y:IssueDate><y:IssueTime>00:30:00+02:00</y:IssueTime>")
    dozen = '<y:PriceAmount currencyID="EUR">30.00</y:PriceAmount><y:BaseQuantity>12</y:BaseQuantity>'
    text = re.sub(r"<y:PriceAmount.*?</y:PriceAmount>", dozen, text)

    ran = office.take_in("order", "t1.xml", text.encode())

    assert ran.exit == 0, ran.out + ran.err
    [tree] = valid(ran, office, schemas["order"])
    assert texts(tree, "cbc:IssueDate") + texts(tree, "cbc:IssueTime") == ["2026-03-01", "22:30:00Z"]
    [price] = texts(tree, "cac:OrderLine/cac:LineItem/cac:Price/cbc:PriceAmount")
    assert Decimal(price) == Decimal("2.5")


def test_several_orders_of_one_run_are_a_file_each(office: Office, schemas: dict[str, etree.XMLSchema]) -> None:
    for name in ("B-1", "B-2", "B-3"):
        line = {"name": "x", "quantity": 1, "price": Decimal("2.50"), "unit": "EA"}
        office.bring("order", f"{name}.xml", ubl_order(name, "note", [line]))

    ran = office.type("run", "order", "--json")

    assert [texts(tree, "cbc:ID") for tree in valid(ran, office, schemas["order"])] == [["B-1"], ["B-2"], ["B-3"]]


def test_a_record_that_the_official_schema_refuses_is_set_aside_and_comes_back(office: Office) -> None:
    line = {"name": "x", "quantity": 1, "price": Decimal("2.50"), "unit": "EA"}
    good = ubl_order("C-1", "note", [line])
    bad = good.replace(b"2026-03-02", b"2nd of March")

    ran = office.take_in("order", "bad.xml", bad)

    assert ran.row["problems"]["XSD_INVALID"] == 1
    [path] = [office.root / name for name in ran.row["rejects"] if name.endswith(".xml")]
    again = office.take_in("order", "fixed.xml", path.read_bytes().replace(b"2nd of March", b"2026-03-02"))
    assert again.exit == 0, again.out + again.err
    assert office.open_rejects() == []
