"""The first file of a partner, in the shapes that come: `infer`, `check` and `run`, with what is asked of a person."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import xlsxwriter

from tests.flows.shop import EPOCH, Ran, Shop, bare, read_csv
from tests.samples.shared import shared

GERMAN = """\
Auftragsnummer;Bestelldatum;Kundennummer;Name;Strasse;PLZ;Ort;Land;Artikelnummer;Menge;Einheit;Einzelpreis;Gesamtbetrag;Währung
4500012;04.03.2026;K-100;Mara Lind;Lindweg 4;20457;Hamburg;DE;TEE-250;12,0;ST;3,50;46,00;EUR
4500012;04.03.2026;K-100;Mara Lind;Lindweg 4;20457;Hamburg;DE;KANNE-1;1,0;ST;4,00;46,00;EUR
4500013;15.03.2026;K-101;Jan Holm;Kai 1;24103;Kiel;DE;TEE-250;2,0;ST;1.203,40;2.406,80;EUR
"""
FRENCH = """\
Numéro commande;Date commande;Référence article;Quantité;Prix unitaire;Nom;Adresse;Code postal;Ville;Pays
C-1;04/03/2026;THE-1;2;2,50;Luc Petit;1 rue du Port;69001;Lyon;FR
C-2;25/03/2026;TASSE;1;4,00;Eva Roux;2 rue Neuve;33000;Bordeaux;FR
"""
SENT_BY_TAB = """\
Shipment No\tOrder No\tShip Date\tCarrier\tSKU\tQty Shipped
S-1\tA1\t2026-03-05\tUPS\tTEA-1\t2
S-1\tA1\t2026-03-05\tUPS\tMUG-1\t1
S-2\tA2\t2026-03-06\tUPS\tMUG-1\t1
"""
FIXED = """\
ARTIKEL    LAGER   MENGE  EINHEIT
TEE-250    HAM       120  ST
KANNE-1    HAM         7  ST
TEE-250    KIEL       33  ST
"""
PREAMBLE = """\
Stock report;;;
printed;04.03.2026 08:00;;
;;;
SKU;Description;Warehouse;On hand
TEA-1;Tea, green;HAM;12,5
MUG-1;Mug;HAM;7,0
TEA-1;Tea, green;KIEL;3,25
"""
ONE_ROW = "order no,date,status,currency,total,sku,qty,price\nA1,2026-03-04,paid,EUR,9.00,TEA-1,2,4.50\n"
OBJECTS = """\
{"id": 901, "orderNumber": "W-1", "createdAt": "2026-03-04T10:00:00Z", "financialStatus": "paid", "currency": "EUR", \
"total": "9.00", "items": [{"sku": "TEA-1", "quantity": 2, "price": "2.50"}, \
{"sku": "MUG-1", "quantity": 1, "price": "4.00"}]}
{"id": 902, "orderNumber": "W-2", "createdAt": "2026-03-05T10:00:00Z", "financialStatus": "paid", "currency": "EUR", \
"total": "4.00", "items": [{"sku": "MUG-1", "quantity": 1, "price": "4.00"}]}
"""
TAXES = (
    "<o:TaxTotal><c:TaxAmount>{}.00</c:TaxAmount><o:TaxSubtotal><c:Percent>19</c:Percent></o:TaxSubtotal></o:TaxTotal>"
)
ORDER = f"""<o:Order xmlns:o="urn:x:order" xmlns:c="urn:x:common"><c:ID>PO-77</c:ID>
<c:IssueDate>2026-03-04</c:IssueDate>
<c:DocumentCurrencyCode>EUR</c:DocumentCurrencyCode>{TAXES.format(1)}{TAXES.format(2)}{TAXES.format(3)}
<o:AnticipatedMonetaryTotal><c:PayableAmount>9.00</c:PayableAmount></o:AnticipatedMonetaryTotal>
<o:OrderLine><o:LineItem><c:ID>1</c:ID><c:Quantity unitCode="EA">2</c:Quantity>
<o:Price><c:PriceAmount>4.50</c:PriceAmount></o:Price><o:Item><c:Name>Tea</c:Name>
<o:SellersItemIdentification><c:ID>TEA-1</c:ID></o:SellersItemIdentification></o:Item></o:LineItem></o:OrderLine></o:Order>
"""
ADVICE = """<DespatchAdvice xmlns="urn:d" xmlns:c="urn:c"><c:ID>DA-5</c:ID><c:IssueDate>2026-03-05</c:IssueDate>
<OrderReference><c:ID>PO-77</c:ID></OrderReference>
<Shipment><c:ID>SHP-9</c:ID><Consignment><c:ID>C-1</c:ID></Consignment></Shipment>
<DespatchLine><c:ID>1</c:ID><c:DeliveredQuantity unitCode="EA">2</c:DeliveredQuantity>
<Item><SellersItemIdentification><c:ID>TEA-1</c:ID></SellersItemIdentification></Item></DespatchLine></DespatchAdvice>
"""
CUSTOMERS = "name,street,city,postcode,country\nMara Lind,Lindweg 4,Hamburg,20457,DE\nJan Holm,Kai 1,Kiel,24103,DE\n"
LINE = ("order_number", "sku", "quantity", "unit_price")
ITEM = ("item_number", "warehouse", "quantity")
SENT = ("shipment_number", "order_number", "sku", "quantity")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A workspace of which nothing is set up but one endpoint."""
    return bare(tmp_path / "ws")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose name tells of no document."""
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def inferred(shop: Shop, file: Path, *words: str) -> Ran:
    """Infer and write with a flow; the workspace passes `check`."""
    made = shop.type("infer", str(file), "--name", "new/partner", "--write", "--flow", "new", *words)
    assert made.exit == 0, made.err
    checked = shop.type("check")
    assert checked.exit == 0, checked.out
    return made


def read(shop: Shop, file: Path, columns: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Run the drafted flow on the file; return these columns of what came out."""
    inbox = shop.root / "data/inbox/new"
    (inbox / file.name).write_bytes(file.read_bytes())
    os.utime(inbox / file.name, (EPOCH, EPOCH))
    ran = shop.type("run", "new", "--json")
    assert ran.exit == 0, ran.err
    rows = [
        row for out in ran.row["outputs"] for row in read_csv((shop.root / out["path"]).read_text(encoding="utf-8"))
    ]
    return [tuple(row[name] for name in columns) for row in rows]


@pytest.mark.parametrize(
    ("name", "text", "columns", "expected"),
    [
        (
            "erp.csv",
            GERMAN,
            LINE,
            [
                ("4500012", "TEE-250", "12", "3.50"),
                ("4500012", "KANNE-1", "1", "4.00"),
                ("4500013", "TEE-250", "2", "1203.40"),
            ],
        ),
        ("boutique.csv", FRENCH, LINE, [("C-1", "THE-1", "2", "2.50"), ("C-2", "TASSE", "1", "4.00")]),
        (
            "out.tsv",
            SENT_BY_TAB,
            SENT,
            [("S-1", "A1", "TEA-1", "2.00"), ("S-1", "A1", "MUG-1", "1.00"), ("S-2", "A2", "MUG-1", "1.00")],
        ),
        (
            "host.txt",
            FIXED,
            ITEM,
            [("TEE-250", "HAM", "120.00"), ("TEE-250", "KIEL", "33.00"), ("KANNE-1", "HAM", "7.00")],
        ),
        (
            "daily.csv",
            PREAMBLE,
            ITEM,
            [("TEA-1", "HAM", "12.50"), ("TEA-1", "KIEL", "3.25"), ("MUG-1", "HAM", "7.00")],
        ),
        ("one.csv", ONE_ROW, LINE, [("A1", "TEA-1", "2", "4.50")]),
        (
            "web.jsonl",
            OBJECTS,
            LINE,
            [("W-1", "TEA-1", "2", "2.50"), ("W-1", "MUG-1", "1", "4.00"), ("W-2", "MUG-1", "1", "4.00")],
        ),
        ("a.xml", ORDER, LINE, [("PO-77", "TEA-1", "2", "4.50")]),
        ("b.xml", ADVICE, SENT, [("DA-5", "PO-77", "TEA-1", "2.00")]),
    ],
)
def test_a_draft_reads_the_file_that_it_is_of(
    shop: Shop, folder: Path, name: str, text: str, columns: tuple[str, ...], expected: list[tuple[str, ...]]
) -> None:
    file = folder / name
    file.write_text(text, encoding="cp1252" if text is GERMAN else "utf-8")

    inferred(shop, file)

    assert read(shop, file, columns) == expected


def test_what_repeats_beside_the_lines_is_told(shop: Shop, folder: Path) -> None:
    (folder / "a.xml").write_text(ORDER, encoding="utf-8")

    drafted = shop.type("infer", str(folder / "a.xml")).out

    assert "# lines: o:OrderLine looks most like a line, by its name and what is in it" in drafted
    assert "# not read, because they occur several times (see `join`): o:TaxTotal" in drafted
    assert '# "c:ID" numbers the records: 1 document, each with its lines in it' in drafted
    assert '# 0.99: name "c:ID", it stands in the record itself' in drafted


def test_a_whole_number_that_may_be_a_thousand_is_asked_about(shop: Shop, folder: Path) -> None:
    (folder / "erp.csv").write_text(GERMAN.replace("12,0", "1.200").replace(",0;ST", ";ST"), encoding="cp1252")

    made = shop.type("infer", str(folder / "erp.csv"), "--name", "new/partner", "--write")

    assert "choose: quantity: thousands or decimals" in made.err
    mapping = (shop.root / "mappings/new/partner.yaml").read_text(encoding="utf-8")
    assert '# ambiguous (as "1.200"): a thousand and more, or one and a bit? choose {replace:' in mapping
    assert shop.type("check").exit == 5


@pytest.mark.parametrize("name", ["kunden.csv", "adresses.csv"])
def test_addresses_are_no_document_and_it_asks_which(shop: Shop, folder: Path, name: str) -> None:
    (folder / name).write_text(CUSTOMERS, encoding="utf-8")

    ran = shop.type("infer", str(folder / name), "--write")

    assert ran.exit == 2
    told = " ".join(ran.err.split())
    assert f"nothing can be inferred from {name}: nothing tells what it is;" in told
    assert "say what to read it as: --reads order, shipment or stock." in told
    assert "stock by item_number, sku or barcode, and quantity or available" in told
    assert told.endswith("Found: none of them")
    assert not (shop.root / "mappings/kunden").exists()
    assert shop.type("infer", str(folder / name), "--reads", "order").exit == 0


def test_an_invoice_is_read_only_where_somebody_says_as_what(shop: Shop, folder: Path) -> None:
    (folder / "x.xml").write_text(ORDER.replace("o:Order ", "o:Invoice ").replace("/o:Order>", "/o:Invoice>"), "utf-8")

    ran = shop.type("infer", str(folder / "x.xml"))

    assert ran.exit == 2
    assert "its /o:Invoice says that it is another document (invoice)" in " ".join(ran.err.split())
    told = shop.type("infer", str(folder / "x.xml"), "--reads", "order")
    assert told.exit == 0
    assert f"next: exchange infer {folder / 'x.xml'} --reads order --name x/orders --write" in told.err


def test_one_column_says_why_it_is_too_little(shop: Shop, folder: Path) -> None:
    (folder / "skus.csv").write_text("sku\nTEA-1\nMUG-1\n", encoding="utf-8")

    ran = shop.type("infer", str(folder / "skus.csv"))

    assert ran.exit == 2
    assert "one column tells no document" in " ".join(ran.err.split())


def workbook(folder: Path) -> Path:
    """A workbook as people keep it: a page of remarks, a title above the table, last year's page."""
    path = folder / "from us.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("Info").write(0, 0, "Ask the warehouse")
        page = book.add_worksheet("Now")
        page.write(0, 0, "Stock of 4 March")
        page.write_row(2, 0, ["printed", "by hand"])
        for at, row in enumerate([("SKU", "Warehouse", "On hand"), ("TEA-1", "HAM", 12), ("MUG-1", "HAM", 7)]):
            page.write_row(4 + at, 0, row)
        old = book.add_worksheet("2025")
        old.write_row(3, 0, ["SKU", "On hand"])
        old.write_row(4, 0, ["OLD-1", 1])
    return path


def test_a_workbook_with_a_title_and_several_sheets(shop: Shop, folder: Path) -> None:
    file = workbook(folder)

    made = inferred(shop, file)

    assert "look: sheet: 'Now' was taken, the first that holds a table; --sheet takes another;" in made.err
    assert "there are also 'Info', '2025'" in made.err
    assert "look: header: row 5 was taken: 2 rows above it hold something else" in made.err
    mapping = (shop.root / "mappings/new/partner.yaml").read_text(encoding="utf-8")
    assert "format: {type: xlsx, sheet: Now, header_has: [SKU, Warehouse, On hand]}" in mapping
    assert f"exchange show new/partner --file '{file}'" in made.err
    assert read(shop, file, ITEM[:1] + ITEM[2:]) == [("TEA-1", "12.00"), ("MUG-1", "7.00")]


@pytest.mark.parametrize("sheet", ["2025", "3"])
def test_another_sheet_by_name_or_number(shop: Shop, folder: Path, sheet: str) -> None:
    file = workbook(folder)

    shown = shop.type("infer", str(file), "--sheet", sheet)
    assert f"next: exchange infer '{file}' --sheet {sheet} --name" in shown.err
    made = inferred(shop, file, "--sheet", sheet)

    assert "look: sheet: '2025' was taken, as told by --sheet; there are also 'Info', 'Now'" in made.err
    assert "header: row 4 was taken" in (shop.root / "mappings/new/partner.yaml").read_text(encoding="utf-8")
    assert read(shop, file, ("item_number", "quantity")) == [("OLD-1", "1.00")]


def test_sheets_that_are_not_there(shop: Shop, folder: Path) -> None:
    wrong = shop.type("infer", str(workbook(folder)), "--sheet", "Then")
    assert wrong.exit == 2
    assert "it has no sheet 'Then'; its sheets are: 1 'Info', 2 'Now', 3 '2025'" in " ".join(wrong.err.split())
    (folder / "x.csv").write_text(ONE_ROW, encoding="utf-8")
    assert "it is no workbook" in shop.type("infer", str(folder / "x.csv"), "--sheet", "1").err


@pytest.mark.parametrize(
    ("pattern", "fields"),
    [
        ("ubl/samples/order/*.xml", {"order_number": "cbc:ID", "quantity": "cac:OrderLine/cac:LineItem/cbc:Quantity"}),
        ("ubl/samples/despatchadvice/*.xml", {"shipment_number": "cbc:ID"}),
    ],
)
def test_documents_of_a_standard_have_their_own_number_and_lines(
    shop: Shop, pattern: str, fields: dict[str, str]
) -> None:
    files = sorted(shared(".").glob(pattern))
    if not files:
        pytest.skip("the shared collection is not beside the project")
    for file in files:
        columns = shop.type("infer", str(file), "--json").row["columns"]
        found = {each["field"]: each["column"] for each in columns if each["field"]}
        assert {field: found.get(field) for field in fields} == fields, file.name
