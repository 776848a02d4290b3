"""`exchange trace cell`: from a place in a delivered file back to the line and bytes of the partner's file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.flows.formats import FORMATS, INBOX, Sale, workspace, written
from tests.flows.shop import Line, Ran, Shop, order

SAMPLE = Path(__file__).parents[2] / "samples/orders/01_clean_day.csv"
SALES = (Sale("1"), Sale("2", (("TEA-MINT", "1", "3.00"), ("MUG-BLUE", "7", "12.00"))))
PLACES = {"csv": "4:qty", "tsv": "4:6", "bars": "4:qty", "jsonl": "2:items[2].qty", "fixed": "6:24", "xlsx": "4:F"}


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A shop that has delivered the first sample; tests only look at it."""
    shop = Shop(tmp_path_factory.mktemp("cell") / "ws")
    assert shop.take(SAMPLE.name, SAMPLE.read_bytes()).exit == 0
    return shop


def file_of(shop: Shop, endpoint: str) -> Path:
    [path] = shop.files(f"data/outbox/{endpoint}/orders")
    return path


def place_of(path: Path, text: str, nth: int = 0) -> str:
    """Return `FILE:LINE:COLUMN` of a text, at its nth appearance."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [(number, line.index(text)) for number, line in enumerate(lines, start=1) if text in line]
    line, column = found[nth]
    return f"{path}:{line}:{column + 1}"


def cell(shop: Shop, place: str) -> Ran:
    ran = shop.type("trace", "cell", place, "--json")
    assert ran.exit == 0, ran.err
    return ran


def test_from_a_csv_cell_to_the_bytes_it_came_from(sent: Shop) -> None:
    found = cell(sent, f"{file_of(sent, 'erp')}:6:ItemNumber").row

    [field] = found["fields"]
    source = field["sources"][0]["from"]
    text = SAMPLE.read_text(encoding="utf-8").splitlines()[source["line"] - 1]
    assert (found["what"], found["document"], found["text"]) == ("ItemNumber", "order/shopify/1002", "100020")
    assert (source["sources"][0]["name"], source["sources"][0]["text"]) == ("Lineitem sku", "TEA-MINT")
    assert [step["step"] for step in source["steps"]] == ["strip", "upper", "lookup"]
    assert source["steps"][-1]["tables"][0]["found"] == "100020"
    assert found["records"] == [{"line": source["line"], "raw": text}]
    assert Path(found["original"]).read_bytes() == SAMPLE.read_bytes()
    assert (found["changed"], found["notes"]) == ([], [])
    assert set(found["versions"]) >= {"mappings/erp/orders.yaml", "mappings/tables/items.csv"}


def test_every_cell_of_some_rows_is_told_as_it_stands(sent: Shop) -> None:
    [rows] = [sent.erp()]
    path = file_of(sent, "erp")
    for line in (2, 11):
        for column in ("LineDiscount", "PaidAt"):
            found = cell(sent, f"{path}:{line}:{column}").row
            assert (found["text"] or "") == rows[line - 2][column]
            assert found["fields"][0]["value"] == found["text"]


def test_the_words_for_people(sent: Shop) -> None:
    path = file_of(sent, "erp")
    ran = sent.type("trace", "cell", f"{path}:2:2")

    lines = ran.out.splitlines()
    assert lines[0] == f'{path}:2:2 is OrderNumber of order 1001: "1001"'
    assert "from  01_clean_day.csv, taken " in lines[1]
    assert lines[2].strip().startswith("line 2: b'#1001,customer@example.com,paid,")
    assert any("mappings/erp/orders.yaml version " in line for line in lines)
    assert any(line.split()[:2] == ["remove_prefix:", '"#"'] for line in lines)


@pytest.mark.parametrize(
    ("text", "nth", "what", "field", "line"),
    [
        ("POT-CAST", 0, "/Order/Lines/Line[2]/Sku", "Sku", 3),
        ('action="new"', 0, "/Order/@action", "action", 2),
        ("LYO", 0, "/Order/Warehouse", "Warehouse", 5),
    ],
)
def test_from_an_element_or_attribute(sent: Shop, text: str, nth: int, what: str, field: str, line: int) -> None:
    found = cell(sent, place_of(file_of(sent, "wms"), text, nth)).row

    assert (found["what"], [each["field"] for each in found["fields"]]) == (what, [field])
    assert found["fields"][0]["line"] == line


def test_an_element_of_several_fields_names_them_all(sent: Shop) -> None:
    path = file_of(sent, "wms")
    text = path.read_text(encoding="utf-8")
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "Gift message:" in row or "Gift" in row)
    while "<Instructions>" not in text.splitlines()[line - 1]:
        line -= 1

    found = cell(sent, f"{path}:{line}:Instructions").row

    names = [each["field"] for each in found["fields"]]
    assert "Instructions.Gift" in names
    assert len(names) >= 2
    assert all(name.startswith("Instructions.") for name in names)


def test_what_the_template_writes_itself_is_said(sent: Shop) -> None:
    path = file_of(sent, "wms")
    unit = sent.type("trace", "cell", place_of(path, 'unit="EA"'))

    assert "@unit" in unit.out
    assert "the template itself writes it" in unit.out


@pytest.mark.parametrize(
    ("endpoint", "place", "said"),
    [
        ("erp", "2:Quantiti", "did you mean 'Quantity'"),
        ("erp", "9999:2", "the file has no line 9999"),
        ("wms", "2:1", "line 2 stands around the records"),
        ("wms", "4:999", "so there is no column 999"),
        ("wms", "4:Nothing", "there is no element at line 4, column Nothing"),
    ],
)
def test_a_place_that_is_no_cell_is_refused(sent: Shop, endpoint: str, place: str, said: str) -> None:
    ran = sent.type("trace", "cell", f"{file_of(sent, endpoint)}:{place}")

    assert ran.exit == 2
    assert said in " ".join(ran.err.replace("│", " ").split())


def test_what_was_never_delivered_is_refused(sent: Shop, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")

    for place in (f"{other}:2:1", "nowhere.csv:2:1"):
        assert "no delivered file has the bytes or the name" in " ".join(sent.type("trace", "cell", place).err.split())
    assert "names no line and column" in " ".join(sent.type("trace", "cell", "SO_x.csv").err.split())


def test_a_copy_a_missing_and_a_changed_file_are_told_by_what_was_sent(shop: Shop, tmp_path: Path) -> None:
    shop.take("day.csv", [order(1001), order(1002)])
    path = file_of(shop, "erp")
    copy = tmp_path / "renamed.csv"
    copy.write_bytes(path.read_bytes())
    assert cell(shop, f"{copy}:3:OrderNumber").row["document"] == "order/shopify/1002"

    path.write_bytes(path.read_bytes().replace(b"1002", b"9999"))
    changed = cell(shop, f"{path}:3:OrderNumber").row
    path.unlink()
    gone = cell(shop, f"{path.name}:3:OrderNumber").row

    assert (changed["text"], gone["text"]) == ("1002", "1002")
    assert "was changed since it was delivered" in changed["notes"][0]
    assert "is not there" in gone["notes"][0]


def test_the_mapping_changed_since_is_said_and_both_values_are_told(shop: Shop) -> None:
    shop.take("day.csv", [order(1001), order(1002)])
    shop.edit("mappings/erp/orders.yaml", "{from: order_number,", '{from: order_number, steps: [{add_prefix: "X"}],')
    erp, wms = file_of(shop, "erp"), file_of(shop, "wms")

    found = cell(shop, f"{erp}:3:OrderNumber").row
    said = shop.type("trace", "cell", f"{erp}:3:OrderNumber").out

    assert (found["text"], found["fields"][0]["value"]) == ("1002", "X1002")
    assert found["changed"] == ["mappings/erp/orders.yaml"]
    assert "(the mapping changed since)" in said
    assert "today 'X1002' would stand there" in said
    # The other file is made as it was, so its places are exact.
    assert cell(shop, place_of(wms, "1002")).row["text"] == "1002"


def test_a_file_that_comes_out_otherwise_today_is_not_guessed_at(shop: Shop) -> None:
    shop.take("day.csv", [order(1001), order(1002)])
    path = file_of(shop, "wms")
    shop.edit("templates/wms/orders.xml.j2", "    <Channel>", "    <!-- more -->\n    <Channel>")

    ran = shop.type("trace", "cell", place_of(path, "1002"))

    assert ran.exit == 2
    assert "made once more by the configuration of today" in " ".join(ran.err.split())


def test_released_and_corrected_orders_are_traced_to_their_origin(shop: Shop) -> None:
    ran = shop.take("day.csv", [order(1001, status="pending"), order(1002, Line("NOT-SOLD"))])
    assert shop.type("release", "order", "1001", "--reason", "paid").exit == 0
    fixed = shop.reject_file(ran).read_text(encoding="utf-8-sig").replace("NOT-SOLD", "MUG-BLUE")
    again = shop.take("fixed.csv", fixed)
    assert again.documents["out"] == 1

    rows = {}
    for path in shop.files("data/outbox/erp/orders"):
        found = cell(shop, f"{path}:2:Sku").row
        rows[found["document"]] = (found["file"], found["records"][0]["raw"][:5], found["text"])

    assert rows["order/shopify/1001"] == ("day.csv", "#1001", "TEA-ASSAM")
    assert rows["order/shopify/1002"] == ("fixed.csv", "#1002", "MUG-BLUE")


def test_without_the_original_it_says_what_is_missing(shop: Shop) -> None:
    shop.take("day.csv", [order(1001)])
    for original in shop.originals():
        original.unlink()

    ran = shop.type("trace", "cell", f"{file_of(shop, 'erp')}:2:1")

    assert ran.exit == 2
    assert "is not in data/archive any more" in " ".join(ran.err.split())


@pytest.mark.parametrize("kind", ["xlsx"])
def test_every_format_is_traced_to_every_other(shop: Shop, kind: str) -> None:
    workspace(shop, kind)
    shop.age(written(kind, shop.root / INBOX / f"day.{kind}", *SALES), 1)
    assert shop.type("run", "orders").exit == 0

    for out in FORMATS:
        [path] = shop.files(f"data/outbox/erp/{out}")
        found = cell(shop, f"{path}:{PLACES[out]}").row
        assert (out, found["document"], found["text"]) == (out, "order/shopify/2", "7")
        assert "MUG-BLUE" in found["records"][0]["raw"]


def test_the_ledger_keeps_versions_by_claim_and_nothing_by_row(shop: Shop) -> None:
    shop.take("day.csv", [order(1001), order(1002)])
    found = cell(shop, f"{file_of(shop, 'erp')}:2:1").row

    assert all(len(version) == 12 for version in found["versions"].values())
    assert json.loads(json.dumps(found["versions"])).keys() >= {
        "mappings/flows/orders.yaml",
        "templates/wms/orders.xml.j2",
    }


def test_merged_files_are_traced_each_to_its_own_original(shop: Shop) -> None:
    shop.edit("mappings/flows/orders.yaml", "then: archive}", "then: archive, merge: true}")
    shop.drop("a.csv", order(1001))
    shop.drop("b.csv", order(1002))
    assert shop.type("run", "orders").exit == 0

    found = [cell(shop, f"{file_of(shop, 'erp')}:{line}:OrderNumber").row for line in (2, 3)]

    assert [(row["file"], row["text"], row["records"][0]["line"]) for row in found] == [
        ("a.csv", "1001", 2),
        ("b.csv", "1002", 2),
    ]


def test_changes_and_cancellations_are_traced_beside_what_was_sent(shop: Shop) -> None:
    shop.edit("mappings/flows/orders.yaml", "repeat: ", "repeat: change # was: ")
    shop.take("a.csv", [order(1001), order(1002, Line("TEA-ASSAM", "1"), Line("BOWL-OAK", "1"))])
    ran = shop.take("b.csv", [order(1001, Line("TEA-ASSAM", "5")), order(1002, Line("TEA-ASSAM", "1")), order(1003)])
    [wms] = [shop.root / out["path"] for out in ran.row["outputs"] if out["endpoint"] == "wms"]

    changed = cell(shop, place_of(wms, 'action="change"')).row
    quantity = cell(shop, place_of(wms, ">5<")).row
    cancelled = cell(shop, place_of(wms, 'action="cancel"')).row
    sku = cell(shop, place_of(wms, "BOWL-OAK")).row

    assert (changed["document"], changed["what"], changed["notes"]) == ("order/shopify/1001", "/Order/@action", [])
    assert quantity["fields"][0]["sources"][0]["from"]["sources"][0]["text"] == "5"
    assert (cancelled["document"], cancelled["text"]) == ("order/shopify/1002", "cancel")
    assert sku["fields"][0]["sources"][0]["note"] == "as it was sent before: it is cancelled now"
