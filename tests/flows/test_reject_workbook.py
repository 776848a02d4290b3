"""The reject workbook and its way back: what a clerk sees, what is taken, and what is not."""

from __future__ import annotations

import csv
import getpass
import io
from pathlib import Path

import python_calamine as calamine
import xlsxwriter

from exchange.assemble.house import ledger_of
from exchange.config.workspace import load_flows
from tests.flows.rejectbook import book_of, by_libreoffice, sheet, typed
from tests.flows.shop import INBOX, Line, Ran, Shop, export, order

BAD = order(3, Line("MUG-BLUE"), Line("NOPE", cells={"Lineitem quantity": "0"}))
ZIP = {"Shipping Zip": "01067"}


def back(shop: Shop, book: Path, *, name: str = "") -> Ran:
    """Drop a workbook into the inbox and run the flow."""
    return shop.take(name or book.name, book.read_bytes())


def notes(ran: Ran) -> str:
    return ran.err


def test_the_workbook_says_all_that_a_clerk_needs(shop: Shop) -> None:
    long = order(9, Line("NOPE"), cells={"Notes": "x" * 40_000})
    ran = shop.take("day.csv", [order(1), BAD, order(4, Line("NEVER"), cells={"Fulfillment Status": "gone"}), long])
    book = book_of(shop, ran)
    claim = ran.row["claim"]

    assert book == shop.root / f"data/rejects/orders/day.csv.{claim}.rejects.xlsx"
    header, *rows = sheet(book)
    assert header[:6] == ["_reject_id", "_line", "_action", "_reason", "_problems", "Name"]
    assert [row[:3] for row in rows] == [
        [f"{claim}-0001", "3", "fix"],
        [f"{claim}-0001", "4", ""],
        [f"{claim}-0002", "5", "fix"],
        [f"{claim}-0003", "6", "fix"],
    ], "whole orders, together"
    assert "'NOPE' is not in the column 'sku' of table items -> add a line" in rows[1][4]
    assert "Lineitem quantity: 0 is less than 1" in rows[1][4]
    with calamine.CalamineWorkbook.from_path(str(book)) as opened:
        shown = {meta.name: str(meta.visible).rpartition(".")[2] for meta in opened.sheets_metadata}
        typed_as = {type(cell) for row in opened.get_sheet_by_name("Rejects").to_python() for cell in row}
    assert shown == {
        "Rejects": "Visible",
        "Summary": "Visible",
        "How to": "Visible",
        "_meta": "VeryHidden",
        "_lists": "VeryHidden",
    }
    assert typed_as == {str}, "text cells only"
    meta = dict(row[:2] for row in sheet(book, "_meta"))
    assert (meta["claim"], meta["source sha256"]) == (claim, ran.row["sha256"])
    assert len(meta["mapping version"]) == 64
    summary = sheet(book, "Summary")
    assert summary[1][:3] == ["LOOKUP_MISS", "3", "Not found in a table"]
    assert summary[1][4] == "4, 5, 6"
    how = "\n".join(row[0] for row in sheet(book, "How to"))
    assert all(f"{step}. " in how for step in (1, 2, 3))
    assert "cells longer than 32,767 characters: 1" in how
    assert rows[3][header.index("Notes")] == "(too long for a spreadsheet: 40,000 characters, see the .rejects.csv)"
    assert "cells longer than 32,767 characters: 1" in ran.err


def test_fixed_skipped_waived_and_left_alone(shop: Shop, tmp_path: Path) -> None:
    bad = [order(number, Line("NOPE"), cells=ZIP) for number in (1, 2, 3, 4, 5)]
    ran = shop.take("day.csv", bad)
    ids = [row["reject_id"] for row in shop.open_rejects()]
    sku = "Lineitem sku"
    fixed = {(2, sku): "TEA-MINT", (3, sku): "TEA-MINT", (3, "_action"): "skip", (4, "_action"): "waive"}
    fixed |= {(5, "_action"): "waive", (5, "_reason"): " a test order "}
    book = typed(book_of(shop, ran), tmp_path / book_of(shop, ran).name, fixed)

    came = back(shop, book)

    assert (came.exit, came.documents) == (0, {"in": 5, "out": 1, "rejected": 0, "filtered": 4, "held": 0})
    assert shop.sent() == ({"1"}, {"1"})
    assert f"1 of 5 rejects in the file is waived ({ids[3]})" in came.err
    assert "to be waived, and _reason does not say why: left open" in came.err
    assert "1 of 5 rejects in the file is to be skipped: left open" in came.err
    assert "1 of 5 rejects in the file is not changed: left open" in came.err
    assert "1 changed cell of 1 reject is logged" in came.err
    states = [shop.type("rejects", "show", each, "--json").row["state"] for each in ids]
    assert states == ["closed", "open", "open", "waived", "open"]
    [waived] = [row for row in shop.ledger_actions() if row.what == "waive"]
    assert (waived.subject, waived.reason) == (ids[3], "a test order")
    assert waived.who == f"{getpass.getuser()} (shopify)", "whose file it is, and where it was dropped"
    assert ": a test order" in shop.type("rejects", "show", ids[3]).out
    with ledger_of(load_flows(shop.root)) as ledger:
        [(claim, change)] = ledger.rejects.changes(ids[0])
    assert (claim, change.file_line, change.column, change.old, change.new) == (
        came.row["claim"],
        2,
        sku,
        "NOPE",
        "TEA-MINT",
    )
    assert f"changed in claim {claim}: Lineitem sku: 'NOPE' -> 'TEA-MINT'" in shop.type("rejects", "show", ids[0]).out

    again = back(shop, book, name="once more.rejects.xlsx".replace("once more", f"day.csv.{ran.row['claim']}"))
    assert (again.exit, again.row["state"]) == (0, "duplicate")
    saved = typed(book, tmp_path / "saved.xlsx", {(2, sku): "TEA-MINT"})
    with saved.open("ab") as stream:
        stream.write(b"\0" * 22)  # other bytes, the same cells
    imported = shop.type("rejects", "import", str(typed(book, tmp_path / "other.xlsx", {(2, "Email"): ""})), "--json")
    assert imported.exit == 3, "a change of a reject that is closed is no no-op"
    assert imported.row["problems"] == {"REJECT_NOT_OPEN": 1}


def test_damaged_cells_are_refused_and_come_back_as_they_were(shop: Shop, tmp_path: Path) -> None:
    ran = shop.take("day.csv", [order(1, Line("NOPE"), cells=ZIP), order(2, Line("NOPE"), cells=ZIP)])
    sku = "Lineitem sku"
    book = typed(
        book_of(shop, ran),
        tmp_path / book_of(shop, ran).name,
        {(2, sku): "TEA-MINT", (3, sku): "TEA-MINT"},
        numbers={(2, "Shipping Zip"): "1067"},
    )

    came = back(shop, book)

    assert (came.exit, came.documents) == (3, {"in": 2, "out": 1, "rejected": 1, "filtered": 0, "held": 0})
    assert shop.sent() == ({"2"}, {"2"})
    [told] = shop.problems(came)
    assert (told["code"], told["line"], told["field"], told["value"]) == (
        "CELL_DAMAGED",
        2,
        "Shipping Zip",
        "1067",
    )
    assert "was '01067' before: its leading zeros are gone" in told["message"]
    assert "workbook" in told["remedy"]
    book = book_of(shop, came)
    assert book.name == f"day.csv.{came.row['claim']}.rejects.xlsx", "named after the source, however often it came"
    header, row = sheet(book)
    assert (row[header.index("Shipping Zip")], row[header.index(sku)]) == ("01067", "TEA-MINT"), "the rest is kept"
    # The workbook is right again as it is; somebody looks and says so by changing nothing but a note.
    last = back(shop, typed(book, tmp_path / book.name, {(2, "Notes"): "looked at"}))
    assert (last.exit, shop.open_rejects()) == (0, [])


def test_a_csv_with_columns_in_another_order_and_another_delimiter(shop: Shop) -> None:
    ran = shop.take("day.csv", [order(1, Line("MUG-BLUE"), Line("NOPE")), order(2, Line("NOPE"))])
    rows = list(csv.DictReader(io.StringIO(shop.reject_file(ran).read_text(encoding="utf-8"), newline="")))
    for row in rows:
        row["Lineitem sku"] = row["Lineitem sku"].replace("NOPE", "TEA-MINT")
    out = io.StringIO()
    names = sorted(rows[0], reverse=True)
    writer = csv.DictWriter(out, names, delimiter=";")
    writer.writeheader()
    writer.writerows(reversed(rows))

    came = shop.take("sorted.csv", "\ufeff" + out.getvalue())

    assert (came.exit, came.documents["out"], shop.open_rejects()) == (0, 2, [])
    assert [line["Sku"] for line in shop.erp() if line["OrderNumber"] == "1"] == ["MUG-BLUE", "TEA-MINT"]


def test_rows_that_are_gone_and_columns_that_are_gone(shop: Shop) -> None:
    ran = shop.take("day.csv", order(1, Line("MUG-BLUE"), Line("NOPE")))
    header, first, second = shop.reject_file(ran).read_text(encoding="utf-8").splitlines()
    del first
    came = shop.take("half.csv", "\n".join([header, second.replace("NOPE", "TEA-MINT"), ""]))
    assert (came.exit, came.documents["out"]) == (0, 1)
    assert "rows that are missing in the file: 1; taken as they were" in came.err
    assert {line["Sku"] for line in shop.erp()} == {"MUG-BLUE", "TEA-MINT"}

    ran = shop.take("day2.csv", order(2, Line("NOPE")))
    rows = list(csv.DictReader(io.StringIO(shop.reject_file(ran).read_text(encoding="utf-8"), newline="")))
    del rows[0]["Notes"]
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    refused = shop.take("less.csv", out.getvalue())
    assert (refused.row["state"], refused.row["problems"]) == ("rejected", {"NOT_A_CORRECTION": 1})
    assert "the column 'Notes' is gone" in refused.err


def test_a_workbook_in_the_folder_of_another_flow_is_told_where_it_belongs(shop: Shop) -> None:
    flow = (shop.root / "mappings/flows/orders.yaml").read_text(encoding="utf-8")
    other = flow.replace("flow: orders", "flow: others").replace("folder: orders", "folder: others")
    (shop.root / "mappings/flows/others.yaml").write_text(other, encoding="utf-8")
    ran = shop.take("day.csv", order(1, Line("NOPE")))
    folder = shop.root / "data/inbox/shopify/others"
    folder.mkdir(parents=True)
    book = book_of(shop, ran)
    (folder / book.name).write_bytes(book.read_bytes())
    refused = shop.type("run", "others", "--settle", "30s")
    assert (refused.exit, "they are of flow orders: drop it there" in refused.out) == (3, True), refused.out


def test_import_takes_a_file_from_anywhere_and_refuses_what_is_none(shop: Shop, tmp_path: Path) -> None:
    ran = shop.take("day.csv", order(1, Line("NOPE")))
    book = typed(book_of(shop, ran), tmp_path / "mine.xlsx", {(2, "Lineitem sku"): "TEA-MINT"})
    dry = shop.type("rejects", "import", str(book), "--dry-run")
    assert (dry.exit, len(shop.open_rejects())) == (0, 1)

    came = shop.type("rejects", "import", str(book), "--as", "ann")

    assert (came.exit, shop.open_rejects(), book.is_file()) == (0, [], True)
    assert [(row.who, row.what) for row in shop.ledger_actions()] == [("ann", "import rejects")]
    plain = tmp_path / "plain.csv"
    plain.write_text(export(order(2)), encoding="utf-8")
    none = shop.type("rejects", "import", str(plain))
    assert (none.exit, "it is no file of rejects" in none.err) == (2, True)


def test_a_day_at_the_desk_with_libreoffice(shop: Shop, tmp_path: Path) -> None:
    """Twenty rows broken in different ways, corrected, saved by LibreOffice, dropped back: nothing is left open."""
    sku, quantity = "Lineitem sku", "Lineitem quantity"
    breaks = [
        *((sku, f"NOPE-{number}", "TEA-MINT") for number in range(5)),
        *((quantity, value, "2") for value in ("two", "0", "-1", "1.5", "")),
        *(("Shipping Country", value, "DE") for value in ("Germany", "XX", "GER", "de-DE", "49")),
        *(("Currency", value, "EUR") for value in ("Euro", "EU", "€")),
        *(("Created at", value, "2026-03-02 09:00:00 +0100") for value in ("yesterday", "02.03.2026")),
    ]
    assert len(breaks) == 20
    orders = [
        order(number, Line("TEA-ASSAM", "2"), cells={**ZIP, column: bad, "Tags": "12E5", "Note Attributes": "3-4"})
        for number, (column, bad, _) in enumerate(breaks, start=1)
    ]
    # Enough good ones around them: a file of rejects alone is held by a guard.
    ran = shop.take("day.csv", [*orders, *(order(number) for number in range(100, 200))])
    assert len(shop.open_rejects()) == 20, ran.err
    fixes = {(row, column): good for row, (column, _, good) in enumerate(breaks, start=2)}
    book = book_of(shop, ran)
    (tmp_path / "desk").mkdir()
    saved = by_libreoffice(typed(book, tmp_path / "desk" / book.name, fixes), tmp_path / "saved")

    came = back(shop, saved)

    assert (came.exit, came.row["problems"], shop.open_rejects()) == (0, {}, [])
    assert "20 changed cells of 20 rejects are logged" in came.err
    # And once more through CSV, whose zeros LibreOffice eats.
    ran = shop.take("eaten.csv", [order(number, Line("NOPE"), cells=ZIP) for number in (31, 32)])
    eaten = by_libreoffice(shop.reject_file(ran), tmp_path / "saved")
    came = back(shop, eaten)
    assert (came.exit, came.row["problems"]) == (3, {"CELL_DAMAGED": 2, "LOOKUP_MISS": 2})


def test_no_workbook_or_a_small_one_by_setting(shop: Shop) -> None:
    pick_up = "mapping: shopify/orders, settle: 10s, then: archive"
    shop.edit("mappings/flows/orders.yaml", pick_up, f"{pick_up}, rejects: {{workbook: 3}}")
    bad = [order(1, Line("NOPE"), Line("NOPE")), order(2, Line("NOPE"), Line("NOPE")), order(3, Line("NOPE"))]
    ran = shop.take("day.csv", bad)
    assert [row[1] for row in sheet(book_of(shop, ran))[1:]] == ["2", "3"], "the next order does not fit as a whole"
    assert "3 more rows do not fit into the workbook: they are in the .rejects.csv only" in ran.err

    shop.edit("mappings/flows/orders.yaml", "workbook: 3", "workbook: false")
    ran = shop.take("day2.csv", bad[:1])
    assert [Path(name).suffix for name in ran.row["rejects"]] == [".csv", ".jsonl"]
    fixed = shop.reject_file(ran).read_text(encoding="utf-8").replace("NOPE", "TEA-MINT")
    assert shop.take("fixed.csv", fixed).documents["out"] == 1, "it comes back all the same"
    shop.edit("mappings/flows/orders.yaml", "workbook: false", "workbook: -1")
    wrong = shop.type("check")
    assert wrong.exit != 0
    assert "'workbook' cannot be '-1'" in wrong.out


def test_a_renamed_workbook_does_not_lie_there_without_a_word(shop: Shop) -> None:
    book = book_of(shop, shop.take("day.csv", BAD))
    inbox = shop.root / INBOX
    (inbox / "other.xlsx").write_bytes(b"PK no workbook")
    (inbox / "corrected.xlsx").write_bytes(book.read_bytes())
    for again in ("a run with nothing to do", "and the next"):
        ran = shop.type("run", "orders")
        assert ran.exit == 0, again
        assert "orders: corrected.xlsx is passed over: it is a workbook of rejects under a name that no" in ran.err, (
            again
        )
        assert "exchange rejects import FILE" in ran.err
        assert "other.xlsx" not in ran.err

    (inbox / "corrected.xlsx").rename(inbox / book.name)
    assert "passed over" not in shop.take("next.csv", order(7)).err


def test_a_csv_of_rejects_saved_as_a_workbook_under_another_name_is_told_too(shop: Shop, tmp_path: Path) -> None:
    ran = shop.take("day.csv", order(1, Line("NOPE")))
    rows = list(csv.reader(io.StringIO(shop.reject_file(ran).read_text(encoding="utf-8-sig"))))
    lying = shop.root / INBOX / "corrected.xlsx"
    with xlsxwriter.Workbook(str(lying)) as book:
        page = book.add_worksheet("day.csv")
        for at, row in enumerate(rows):
            page.write_row(at, 0, ["TEA-MINT" if cell == "NOPE" else cell for cell in row])

    told = shop.type("run", "orders")
    mine = lying.rename(tmp_path / lying.name)
    came = shop.type("rejects", "import", str(mine))

    assert told.exit == 0
    assert "orders: corrected.xlsx is passed over: it is a workbook of rejects under a name that no" in told.err
    assert (came.exit, shop.open_rejects()) == (0, []), "what the message advises works"
