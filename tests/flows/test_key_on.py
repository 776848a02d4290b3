"""Rows that leave the key blank belong to the document above them, where the mapping says so."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from tests.flows.depot import Depot
from tests.flows.shop import read_csv

IN = """
reads: stock
format: {type: csv}
group: {key: Item, key_on: first_row}
fields:
  item_number: {from: Item}
  description: {from: What}
lines:
  warehouse: {from: Place}
  quantity: {from: On hand, steps: [decimal]}
"""
OUT = """
writes: stock
format: {type: csv}
fields: {Item: {from: item_number}, What: {from: description}}
lines: {Place: {from: warehouse}, Quantity: {from: quantity}}
"""
ROWS = (("A", "Tea", "HAM", "1"), ("", "", "LYO", "2"), ("B", "Mug", "HAM", "many"), ("", "", "LYO", "3"))
TEXT = "Item,What,Place,On hand\n" + "".join(",".join(row) + "\n" for row in ROWS)
TEA = [("A", "Tea", "HAM", "1.00"), ("A", "Tea", "LYO", "2.00")]
MUG = [("B", "Mug", "HAM", "4.00"), ("B", "Mug", "LYO", "3.00")]


def got(path: Path) -> list[tuple[str, ...]]:
    return [tuple(row.values()) for row in read_csv(path.read_text(encoding="utf-8"))]


def test_a_document_goes_and_is_rejected_with_the_rows_below_it(tmp_path: Path) -> None:
    depot = Depot(tmp_path / "ws", IN, OUT)

    ran = depot.bring("stock.csv", TEXT)

    assert ran.exit == 3
    assert ran.documents == {"in": 2, "out": 1, "rejected": 1, "filtered": 0, "held": 0}
    assert got(depot.out(ran)[0]) == TEA
    again = depot.bring("again.csv", depot.reject_file(ran).read_text(encoding="utf-8").replace("many", "4"))
    assert again.exit == 0, again.err
    assert got(depot.out(again)[0]) == MUG


def test_the_same_in_a_workbook(tmp_path: Path) -> None:
    depot = Depot(tmp_path / "ws", IN.replace("csv", "xlsx"), OUT)
    with xlsxwriter.Workbook(str(tmp_path / "stock.xlsx")) as book:
        page = book.add_worksheet()
        for number, row in enumerate([("Item", "What", "Place", "On hand"), *ROWS]):
            page.write_row(number, 0, row)

    ran = depot.bring("stock.xlsx", (tmp_path / "stock.xlsx").read_bytes())

    assert got(depot.out(ran)[0]) == TEA
    assert ran.documents["rejected"] == 1


def test_a_row_that_cannot_be_read_takes_no_row_of_another_document_along(tmp_path: Path) -> None:
    """The broken row may have begun a document: what follows it is nobody's, and the document above may lack it."""
    depot = Depot(tmp_path / "ws", IN, OUT)

    ran = depot.bring("stock.csv", "Item,What,Place,On hand\nA,Tea,HAM,1\nB,Mug,HAM\n,,LYO,9\nC,Pot,HAM,5\n")

    assert got(depot.out(ran)[0]) == [("C", "Pot", "HAM", "5.00")]
    assert {found["code"] for found in depot.problems(ran)} >= {"ROW_TOO_SHORT", "GROUP_KEY_MISSING"}


@pytest.mark.parametrize("kind", ["jsonl", "xml, record: /a/b"])
def test_records_that_hold_their_lines_need_no_such_thing(tmp_path: Path, kind: str) -> None:
    depot = Depot(tmp_path / "ws", IN.replace("type: csv", f"type: {kind}"), OUT)

    checked = depot.type("check")

    assert checked.exit == 5
    assert "mappings/depot/in.yaml" in checked.out
    assert "`key_on: first_row` is for csv and xlsx" in checked.out
