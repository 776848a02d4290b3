"""`exchange show` as the author of a mapping uses it, for every format."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.formats import INBOX, Sale, workspace, written
from tests.flows.partner_xml import Partner, orders, record
from tests.flows.shop import Shop

SAMPLES = Path(__file__).parents[2] / "samples/orders"
CLEAN, BAD = str(SAMPLES / "01_clean_day.csv"), str(SAMPLES / "02_problems.csv")
SALES = (Sale("1"), Sale("2", (("TEA-MINT", "1", "3.00"), ("MUG-BLUE", "7", "12.00"))))


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A starter workspace that nothing changes."""
    return Shop(tmp_path_factory.mktemp("show") / "ws")


def test_each_step_is_a_row_from_cell_to_result(starter: Shop) -> None:
    ran = starter.type("show", "shopify/orders", "--file", BAD, "--record", "2002", "--field", "item_number")

    rows = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert ran.exit == 0
    assert rows[0].startswith("order 2002 of ")
    assert "rejected: it has the problems below" in rows
    assert "line 2, from line 5 of the file:" in rows
    begin = rows.index("line 2, from line 5 of the file:")
    assert rows[begin + 2 : begin + 6] == [
        'item_number Lineitem sku "TEA-EARLGREY" 02_problems.csv:5, column 21',
        'strip "TEA-EARLGREY"',
        'upper "TEA-EARLGREY"',
        'lookup: {table: "items", key: "sku", value: "item_number"} LOOKUP_MISS '
        "mappings/tables/items.csv: no line with sku TEA-EARLGREY",
    ]
    assert rows[begin + 6].startswith("= item_number (blank) mappings/shopify/orders.yaml:")
    assert rows[begin + 7].startswith("! LOOKUP_MISS Lineitem sku: 'TEA-EARLGREY' is not in the column 'sku' of table")


def test_one_line_of_the_file_is_shown_alone(starter: Shop) -> None:
    ran = starter.type("show", "shopify/orders", "--file", BAD, "--line", "5", "--field", "sku", "--json")

    assert [(row["field"], row["line"], row["value"]) for row in ran.rows if "field" in row] == [
        ("sku", 5, "TEA-EARLGREY")
    ]
    assert (ran.rows[-1]["document"], ran.rows[-1]["lines"]) == ("2002", [4, 5])


def test_json_has_every_field_and_the_document_last(starter: Shop) -> None:
    ran = starter.type("show", "shopify/orders", "--file", CLEAN, "--json")

    *fields, document = ran.rows
    assert {row["document"] for row in fields} == {"1001"}
    number = next(row for row in fields if row["field"] == "order_number")
    assert number["sources"] == [
        {"name": "Name", "text": "#1001", "note": "", "file": CLEAN, "line": 2, "column": 1},
    ]
    assert [(step["step"], step["argument"], step["values"]) for step in number["steps"]] == [
        ("strip", None, ["#1001"]),
        ("remove_prefix", "#", ["1001"]),
    ]
    lookup = next(row for row in fields if row["field"] == "item_number")["steps"][-1]["tables"]
    assert [(each["file"], each["wanted"], each["found"]) for each in lookup] == [
        ("mappings/tables/items.csv", {"sku": "TEA-ASSAM"}, "100010")
    ]
    assert (document["decision"], document["problems"], document["rendered"]) == ("goes out by flow orders", [], None)


def test_a_mapping_that_writes_is_shown_from_the_partners_cell_on(starter: Shop) -> None:
    ran = starter.type("show", "wms/orders", "--file", CLEAN, "--record", "1007", "--field", "Quantity")

    rows = [" ".join(line.split()) for line in ran.out.splitlines()]
    begin = next(place for place, row in enumerate(rows) if row.startswith("Quantity Lineitem quantity"))
    assert rows[begin : begin + 3] == [
        'Quantity Lineitem quantity "40" 01_clean_day.csv:18, column 17',
        'strip "40"',
        'integer "40"',
    ]
    assert rows[begin + 3].startswith('= quantity "40" mappings/shopify/orders.yaml:')
    assert "mappings/tables/packs.csv:7: item_number 400010, unit M, quantity 1" in rows[begin + 4]
    assert rows[begin + 5].startswith('= Quantity "2" mappings/wms/orders.yaml:')


def test_what_is_written_and_what_the_target_refuses_is_shown(starter: Shop) -> None:
    written = starter.type("show", "erp/orders", "--file", CLEAN, "--record", "1001")
    refused = starter.type("show", "wms/orders", "--file", BAD, "--record", "2034")
    nothing = starter.type("show", "wms/orders", "--file", CLEAN, "--record", "1018")

    assert "\nnew,1001,shopify,1,100010,TEA-ASSAM," in written.out
    assert "rejected: wms refuses it, so no target gets it" in refused.out
    assert "TARGET_INVALID" in refused.out
    assert "nothing of it goes to wms" in nothing.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["shopify/order", "--file", CLEAN], "did you mean 'shopify/orders'"),
        (["shopify/orders"], "say which file: exchange show shopify/orders --file FILE"),
        (["shopify/orders", "--file", "no.csv"], "there is no file no.csv"),
        (["shopify/orders", "--file", CLEAN, "--record", "77"], "no document of key or number '77'"),
        (["shopify/orders", "--file", CLEAN, "--line", "999"], "has no record on line 999"),
        (["shopify/orders", "--file", CLEAN, "--record", "1", "--line", "2"], "--record and --line both say"),
        (["shopify/orders", "--file", CLEAN, "--field", "oder_number"], "did you mean 'order_number'"),
        (["shopify/orders", "--file", CLEAN, "--via", "x"], "--via is for mappings that write one"),
    ],
    ids=lambda words: " ".join(words[:4]) if isinstance(words, list) else "",
)
def test_what_cannot_be_shown_is_refused_with_what_can(starter: Shop, words: list[str], said: str) -> None:
    ran = starter.type("show", *words)

    assert (ran.exit, ran.out) == (2, "")
    assert said in " ".join(ran.err.split())


def test_a_file_that_cannot_be_read_is_told_and_ends_with_three(starter: Shop, tmp_path: Path) -> None:
    whole = starter.type("show", "shopify/orders", "--file", str(SAMPLES / "08_missing_column.csv"))
    text = Path(CLEAN).read_text(encoding="utf-8").splitlines()
    broken = tmp_path / "broken.csv"
    broken.write_text("\n".join([text[0], text[1], "#1002,only"]), encoding="utf-8")
    record = starter.type("show", "shopify/orders", "--file", str(broken), "--line", "3")

    assert (whole.exit, record.exit) == (3, 3)
    assert "MISSING_COLUMN: the header has no column 'Lineitem quantity'" in whole.out
    assert "broken.csv:3: ROW_TOO_SHORT" in record.out
    assert "the record as it stands there: b'#1002,only'" in record.out


def test_an_archive_is_to_be_unpacked_first(starter: Shop, tmp_path: Path) -> None:
    path = tmp_path / "day.csv.gz"
    path.write_bytes(b"\x1f\x8b")

    assert "is an archive: unpack it" in " ".join(
        starter.type("show", "shopify/orders", "--file", str(path)).err.split()
    )


def test_nothing_is_delivered_recorded_or_left(starter: Shop) -> None:
    before = starter.content()

    starter.type("show", "erp/orders", "--file", CLEAN)

    assert starter.content() == before


@pytest.mark.parametrize(("kind", "lines"), [("xlsx", (3, 4)), ("jsonl", (2, 2)), ("fixed", (4, 6))])
def test_every_format_is_shown_by_its_own_lines(shop: Shop, kind: str, lines: tuple[int, int]) -> None:
    workspace(shop, kind)
    file = written(kind, shop.root / INBOX / f"day.{kind}", *SALES)

    ran = shop.type("show", "partner/in", "--file", str(file), "--record", "2", "--field", "quantity", "--json")
    again = shop.type("show", "partner/fixed", "--file", str(file), "--record", "2", "--field", "qty", "--json")

    assert [
        (row["sources"][0]["line"], row["sources"][0]["text"].strip(" 0"), row["value"]) for row in ran.rows[:-1]
    ] == [
        (lines[0], "1", "1"),
        (lines[1], "7", "7"),
    ]
    assert [(row["value"], row["sources"][0]["from"]["sources"][0]["line"]) for row in again.rows[:-1]] == [
        ("1", lines[0]),
        ("7", lines[1]),
    ]


def test_xml_is_shown_by_its_paths(tmp_path: Path) -> None:
    partner = Partner(tmp_path / "ws").begin()
    file = partner.send("day.xml", orders(record(1), record(2, ("MUG-BLUE", 1), ("NOT-SOLD", 3))))

    ran = partner.type("show", "partner/orders", "--file", str(file), "--record", "2", "--json")

    *fields, document = ran.rows
    skus = [row for row in fields if row["field"] == "sku"]
    assert [(row["sources"][0]["name"], row["value"]) for row in skus] == [
        ("Lines/Line/Sku", "MUG-BLUE"),
        ("Lines/Line/Sku", "NOT-SOLD"),
    ]
    text = file.read_text(encoding="utf-8").splitlines()
    assert '<Order id="S2">' in text[skus[0]["sources"][0]["line"] - 1] or "MUG-BLUE" in text[skus[0]["line"] - 1]
    assert [problem["code"] for problem in document["problems"]] == ["LOOKUP_MISS"]
