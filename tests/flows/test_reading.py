"""Exports as they come: older, wider, shuffled, from other systems and in other encodings."""

from __future__ import annotations

import codecs
import random
from dataclasses import replace

import pytest

from tests.flows.shop import INBOX, JONAS, MARA, Line, Shop, export, order
from tests.samples.shopify import COLUMNS

UMLAUT = replace(JONAS, name="Jürgen Groß", city="Köln")
TWO = (order(1, Line("TEA-ASSAM"), Line("MUG-BLUE")), order(2, to=UMLAUT))


def test_header_is_found_by_name_in_any_order(shop: Shop) -> None:
    columns = list(COLUMNS)
    random.Random(4).shuffle(columns)
    plain, shuffled = shop.take("a.csv", TWO), None
    other = Shop(shop.root.parent / "other")
    shuffled = other.take("a.csv", export(*TWO, columns=columns))
    assert shuffled.exit == plain.exit == 0
    assert other.erp() == shop.erp()


def test_an_older_export_of_47_columns_is_read(shop: Shop) -> None:
    columns = COLUMNS[: COLUMNS.index("Cancelled at") + 1]
    assert len(columns) == 47
    ran = shop.take("a.csv", export(*TWO, columns=columns))
    assert ran.exit == 0
    assert ran.row["problems"] == {}
    assert shop.sent() == ({"1", "2"}, {"1", "2"})


def test_extra_columns_are_reported_once_and_ignored(shop: Shop) -> None:
    shop.drop("a.csv", export(*TWO, extra={"Gift wrap": "yes", "Internal": "x"}))
    ran = shop.type("run")
    assert ran.exit == 0
    assert ran.out.count("EXTRA_COLUMNS") == 1
    [note] = [line for line in ran.out.splitlines() if line.startswith("  note")]
    assert "Gift wrap" in note
    assert "Internal" in note
    assert len(shop.erp()) == 3


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_line_ends_and_byte_order_mark(shop: Shop, end: str, mark: bytes) -> None:
    bad = order(3, Line("TEA-ASSAM", "two"), cells={"Notes": f"one{end}two"})
    data = mark + export(*TWO, bad, end=end).encode()
    ran = shop.take("a.csv", data)
    assert (ran.exit, ran.row["problems"]) == (3, {"NOT_AN_INTEGER": 1})
    assert [row["ShipToName"] for row in shop.erp()] == [MARA.name, MARA.name, "Jürgen Groß"]
    assert shop.problems(ran)[0]["line"] == 5
    rejected = shop.reject_file(ran).read_bytes()
    assert rejected.startswith(mark + b"Name,Email,")
    assert rejected.endswith(end.encode())
    assert f"one{end}two".encode() in rejected
    [archived] = shop.originals()
    assert archived.read_bytes() == data


def test_physical_line_numbers_are_right_behind_newlines_in_quotes(shop: Shop) -> None:
    first = order(1, cells={"Notes": "a\nb\nc"})
    ran = shop.take("a.csv", [first, order(2, Line("TEA-ASSAM"), Line("NOPE")), order(3)])
    assert [(problem["line"], problem["code"]) for problem in shop.problems(ran)] == [(6, "LOOKUP_MISS")]
    assert shop.trace(3)[0]["file_line"] == 7


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-16", "utf-16-le", "utf-32", "shift_jis"])
def test_declared_encodings_and_rejects_in_the_sources_own(shop: Shop, encoding: str) -> None:
    shop.edit("mappings/shopify/orders.yaml", "encoding: utf-8", f"encoding: {encoding}")
    japanese = encoding == "shift_jis"
    person = replace(JONAS, name="佐藤 みどり" if japanese else "Jürgen Groß")
    data = export(order(1, to=person), order(2, Line("NOPE"), to=person)).encode(encoding)
    ran = shop.take("a.csv", data)
    assert (ran.exit, ran.row["problems"]) == (3, {"LOOKUP_MISS": 1})
    assert shop.erp()[0]["ShipToName"] == person.name
    assert shop.wms()[0].findtext("ShipTo/Name") == person.name
    rejected = shop.reject_file(ran).read_bytes()
    header, row = rejected.decode(encoding).splitlines()
    assert header.startswith("Name,Email,")
    assert header.endswith(",_reject_id,_line,_field,_value,_code,_message,_remedy")
    assert person.name in row
    [archived] = shop.originals()
    assert archived.read_bytes() == data


def test_a_reject_file_in_another_encoding_comes_back(shop: Shop) -> None:
    shop.edit("mappings/shopify/orders.yaml", "encoding: utf-8", "encoding: utf-16")
    ran = shop.take("a.csv", export(order(2, Line("NOPE"), to=UMLAUT)).encode("utf-16"))
    fixed = shop.reject_file(ran).read_bytes().decode("utf-16").replace(",NOPE,", ",TEA-MINT,")
    assert shop.take("fixed.csv", fixed.encode("utf-16")).exit == 0
    assert shop.erp()[0]["ShipToName"] == "Jürgen Groß"
    assert shop.open_rejects() == []


def test_blank_and_empty_quotes_are_the_same(shop: Shop) -> None:
    text = export(order(1))
    assert ',"",' in text
    shop.take("a.csv", text)
    other = Shop(shop.root.parent / "other")
    other.take("a.csv", text.replace('""', ""))
    assert other.erp() == shop.erp()


def test_header_cells_are_inherited_and_rows_may_lie_apart(shop: Shop) -> None:
    one, two = (
        export(order(1, Line("TEA-ASSAM"), Line("MUG-BLUE"))),
        export(order(2, Line("TEA-MINT"), Line("BOWL-OAK"))),
    )
    header, *ones = one.splitlines()
    _, *twos = two.splitlines()
    ran = shop.take("a.csv", "\n".join([header, ones[0], twos[0], ones[1], twos[1], ""]))
    assert ran.documents["out"] == 2
    rows = [(row["OrderNumber"], row["LineNumber"], row["Sku"], row["ShipToName"]) for row in shop.erp()]
    assert rows == [
        ("1", "1", "TEA-ASSAM", MARA.name),
        ("1", "2", "MUG-BLUE", MARA.name),
        ("2", "1", "TEA-MINT", MARA.name),
        ("2", "2", "BOWL-OAK", MARA.name),
    ]


def test_a_second_start_of_an_order_in_one_file_is_a_problem(shop: Shop) -> None:
    ran = shop.take("a.csv", [order(1), order(2), order(1, Line("MUG-BLUE"))])
    assert ran.documents == {"in": 2, "out": 1, "rejected": 1, "filtered": 0, "held": 0}
    assert ran.row["counts"]["records"] == {"in": 3, "out": 1, "rejected": 2, "filtered": 0, "held": 0}
    assert ran.row["problems"] == {"DUPLICATE_IN_FILE": 1}
    assert shop.sent() == ({"2"}, {"2"})


def test_header_cells_that_are_filled_again_must_agree(shop: Shop) -> None:
    good, bad = order(1, Line("TEA-ASSAM"), Line("MUG-BLUE")), order(2, Line("TEA-ASSAM"), Line("MUG-BLUE"))
    agrees = replace(good, lines=(good.lines[0], Line("MUG-BLUE", cells={"Shipping City": MARA.city})))
    differs = replace(bad, lines=(bad.lines[0], Line("MUG-BLUE", cells={"Shipping City": "Bremen"})))
    ran = shop.take("a.csv", [agrees, differs])
    assert ran.row["problems"] == {"HEADER_DISAGREES": 1}
    assert shop.problems(ran)[0]["field"] == "Shipping City"
    assert shop.sent() == ({"1"}, {"1"})


def test_a_file_rejected_whole_costs_no_other_file(shop: Shop) -> None:
    shop.drop("a.csv", export(order(1), columns=[name for name in COLUMNS if name != "Total"]))
    shop.drop("b.csv", b"")
    shop.drop("c.csv", order(3))
    ran = shop.type("run", "--json")
    assert ran.exit == 3
    assert [(row["file"], row["state"]) for row in ran.rows] == [
        ("a.csv", "rejected"),
        ("b.csv", "rejected"),
        ("c.csv", "done"),
    ]
    whole, empty, good = ran.rows
    assert whole["counts"]["records"] == {"in": 1, "out": 0, "rejected": 1, "filtered": 0, "held": 0}
    assert whole["problems"] == {"MISSING_COLUMN": 1}
    assert empty["problems"] == {"FILE_EMPTY": 1}
    assert good["counts"]["documents"]["out"] == 1
    assert shop.files(INBOX) == []
    assert len(shop.originals()) == 3
    [row] = [row for row in shop.open_rejects() if row["codes"] == ["MISSING_COLUMN"]]
    assert (row["document"], row["file_line"]) == (None, 0)
    assert (shop.root / row["file"]).read_text(encoding="utf-8").count("MISSING_COLUMN") == 1


def test_a_file_rejected_whole_may_come_again_once_the_configuration_is_right(shop: Shop) -> None:
    renamed = [name.replace("Lineitem sku", "Lineitem SKU code") for name in COLUMNS]
    text = export(order(1)).replace("Lineitem sku", "Lineitem SKU code", 1)
    assert "Lineitem SKU code" in renamed
    refused = shop.take("a.csv", text)
    assert refused.row["state"] == "rejected"
    assert "Lineitem SKU code" in shop.problems(refused)[0]["message"]
    for file in ("mappings/shopify/orders.yaml", "mappings/schemas/shopify_orders.yaml"):
        shop.edit(file, "Lineitem sku", "Lineitem SKU code")
    again = shop.take("a.csv", text)
    assert (again.exit, again.row["state"]) == (0, "done")
    assert again.row["claim"] != refused.row["claim"]
    assert shop.open_rejects() == []
