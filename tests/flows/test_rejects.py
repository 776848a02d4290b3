"""Rejects: what a clerk gets, what comes back, and what that settles."""

from __future__ import annotations

import base64
import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.flows.shop import INBOX, MARA, REJECTED_COLUMNS, Line, Ran, Shop, export, order, read_csv
from tests.samples.shopify import COLUMNS, render

BAD = order(
    3,
    Line("MUG-BLUE"),
    Line("NOPE", cells={"Lineitem quantity": "0"}),
    Line("TEA-MINT", cells={"Lineitem quantity": "two"}),
)


def fix(shop: Shop, ran: Ran, *swaps: tuple[str, str], name: str = "fixed.csv", day: float | None = None) -> Path:
    """Correct the reject file of a run by replacing text, and drop it back."""
    text = shop.reject_file(ran).read_bytes().decode()
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new)
    return shop.drop(name, text, day=day)


def test_reject_file_holds_the_whole_order_as_it_came_and_the_reasons(shop: Shop) -> None:
    source = export(order(1), BAD, order(4))
    ran = shop.take("day.csv", source)
    path = shop.reject_file(ran)
    assert path == shop.root / f"data/rejects/orders/day.csv.{ran.row['claim']}.rejects.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    assert header == ",".join((*COLUMNS, *REJECTED_COLUMNS))
    assert [row.split(f",{ran.row['claim']}-0001,")[0] for row in rows] == source.splitlines()[2:5]
    cells = [tuple(row[name] for name in REJECTED_COLUMNS[:5]) for row in read_csv(path.read_text(encoding="utf-8"))]
    identity = f"{ran.row['claim']}-0001"
    assert cells == [
        (identity, "3", "", "", ""),
        (identity, "4", "Lineitem sku", "NOPE", "LOOKUP_MISS"),
        (identity, "5", "Lineitem quantity", "two", "NOT_AN_INTEGER"),
    ]
    assert all(row["_message"] and row["_remedy"] for row in read_csv(path.read_text(encoding="utf-8"))[1:])


def test_all_problems_are_in_the_jsonl(shop: Shop) -> None:
    ran = shop.take("day.csv", [order(1), BAD])
    assert sorted((problem["line"], problem["code"], problem["value"]) for problem in shop.problems(ran)) == [
        (4, "LOOKUP_MISS", "NOPE"),
        (4, "OUT_OF_RANGE", "0"),
        (5, "NOT_AN_INTEGER", "two"),
    ]
    assert {(problem["document"], problem["file"], problem["severity"]) for problem in shop.problems(ran)} == {
        ("3", "day.csv", "error")
    }
    assert ran.row["problems"] == {"LOOKUP_MISS": 1, "OUT_OF_RANGE": 1, "NOT_AN_INTEGER": 1}


def test_records_that_cannot_take_columns_are_in_the_jsonl_as_bytes(shop: Shop) -> None:
    header, ragged, good = export(order(1), order(2)).splitlines()
    undecodable = render(order(3).rows()[0]).encode().replace(b"Mara", b"M\xffra")
    data = b"\n".join([header.encode(), ragged.encode() + b",x", undecodable, good.encode(), b""])
    ran = shop.take("day.csv", data)
    assert ran.row["problems"] == {"ROW_TOO_LONG": 1, "UNDECODABLE": 1}
    [path] = ran.row["rejects"]
    assert path.endswith(".rejects.jsonl")
    long, broken = shop.problems(ran)
    assert base64.b64decode(long["raw_base64"]).rstrip(b"\n") == ragged.encode() + b",x"
    assert base64.b64decode(broken["raw_base64"]).rstrip(b"\n") == undecodable
    assert (long["line"], broken["line"]) == (2, 3)
    assert shop.sent() == ({"2"}, {"2"})


def test_fixed_and_dropped_back_it_goes_out_and_closes_its_reject(shop: Shop) -> None:
    ran = shop.take("day.csv", [order(1), BAD, order(4, Line("NEVER"))], day=1)
    assert [row["document"] for row in shop.open_rejects()] == ["order/shopify/3", "order/shopify/4"]
    fix(
        shop, ran, (",0,Something else", ",1,Something else"), (",NOPE,", ",BOWL-OAK,"), (",two,Pepp", ",1,Pepp"), day=9
    )
    back = shop.type("run", "--json")
    assert back.exit == 0
    assert back.documents == {"in": 2, "out": 1, "rejected": 0, "filtered": 1, "held": 0}
    assert shop.sent(back) == ({"3"}, {"3"})
    first, second = shop.type("rejects", "list", "--all", "--json").rows[:2]
    shown = [shop.type("rejects", "show", row["reject_id"], "--json").row["state"] for row in (first, second)]
    assert shown == ["closed", "open"]
    [still] = shop.open_rejects()
    assert (still["document"], still["reject_id"]) == ("order/shopify/4", f"{ran.row['claim']}-0002")
    assert f"closed by claim {back.row['claim']}" in shop.type("rejects", "show", first["reject_id"]).out


def test_reject_columns_are_stripped_and_not_reported_as_extra(shop: Shop) -> None:
    ran = shop.take("day.csv", order(1, Line("NOPE")))
    fix(shop, ran, (",NOPE,", ",TEA-MINT,"))
    back = shop.type("run", "--json")
    assert (back.exit, back.row["problems"]) == (0, {})
    refused = shop.take("again.csv", export(order(2, Line("NOPE"))))
    header = shop.reject_file(refused).read_text(encoding="utf-8").splitlines()[0]
    assert header.count("_reject_id") == 1


def test_unfixed_rows_are_rejected_again_with_line_numbers_of_the_file_at_hand(shop: Shop) -> None:
    ran = shop.take("day.csv", [order(1), order(2), BAD])
    fix(shop, ran, (",NOPE,", ",BOWL-OAK,"))
    back = shop.type("run", "--json")
    assert back.row["problems"] == {"OUT_OF_RANGE": 1, "NOT_AN_INTEGER": 1}
    assert [problem["line"] for problem in shop.problems(back)] == [3, 4]
    [still] = shop.open_rejects()
    assert still["reject_id"] == f"{back.row['claim']}-0001"
    fix(shop, back, (",0,Something else", ",1,Something else"), (",two,Pepp", ",1,Pepp"), name="fixed again.csv")
    assert shop.type("run", "--json").exit == 0
    assert shop.open_rejects() == []
    assert shop.sent() == ({"1", "2", "3"}, {"1", "2", "3"})


def test_the_same_reject_file_dropped_twice_takes_effect_once(shop: Shop) -> None:
    ran = shop.take("day.csv", order(1, Line("NOPE")))
    fix(shop, ran, (",NOPE,", ",TEA-MINT,"))
    assert shop.type("run", "--json").documents["out"] == 1
    fix(shop, ran, (",NOPE,", ",TEA-MINT,"), name="once more.csv")
    again = shop.type("run", "--json")
    assert (again.exit, again.row["state"]) == (0, "duplicate")
    fix(shop, ran, (",NOPE,", ",TEA-ROOIBOS,"), name="differently.csv")
    other = shop.type("run", "--json")
    assert (other.exit, other.row["problems"]) == (3, {"REJECT_NOT_OPEN": 1})
    assert len(shop.wms()) == 1
    assert shop.open_rejects() == []


def test_a_line_in_the_table_cures_an_unknown_sku(shop: Shop) -> None:
    ran = shop.take("day.csv", order(1, Line("TEA-NEW")))
    assert shop.problems(ran)[0]["code"] == "LOOKUP_MISS"
    assert "mappings/tables/items.csv" in shop.problems(ran)[0]["remedy"]
    items = shop.root / "mappings/tables/items.csv"
    items.write_text(items.read_text() + 'TEA-NEW,100099,,"New Tea",EA,100,LYO\n')
    fix(shop, ran)
    assert shop.type("run").exit == 0
    assert shop.erp()[0]["ItemNumber"] == "100099"
    assert shop.open_rejects() == []


def test_a_correction_keeps_the_age_of_its_origin(shop: Shop) -> None:
    """The rejected version is of day 1; the export of day 5 is newer, whenever the correction is dropped."""
    ran = shop.take("day1.csv", order(1, Line("NOPE")), day=1)
    shop.take("day5.csv", order(1, Line("MUG-BLUE"), status="pending"), day=5)
    fix(shop, ran, (",NOPE,", ",TEA-MINT,"), day=30)
    back = shop.type("run", "--json")
    assert (back.exit, back.documents["rejected"]) == (3, 1)
    assert set(back.row["problems"]) <= {"NEWER_VERSION_KNOWN", "REJECT_NOT_OPEN"}
    assert shop.files("data/outbox") == []
    assert shop.open_rejects() == []
    assert shop.trace(1)[-2]["disposition"] == "held"


def test_a_correction_that_comes_too_late_takes_nothing_from_what_is_held_or_comes_next(shop: Shop) -> None:
    """Day 5 settled the reject: its file neither ends the waiting nor makes the export of day 6 an old one."""
    ran = shop.take("day1.csv", order(1, Line("NOPE")), day=1)
    shop.take("day5.csv", order(1, Line("MUG-BLUE"), status="pending"), day=5)
    fix(shop, ran, (",NOPE,", ",TEA-MINT,"), day=30)
    assert shop.type("run", "--json").row["problems"] == {"REJECT_NOT_OPEN": 1}
    assert "1 order" in shop.type("status").out
    paid = shop.take("day6.csv", order(1, Line("MUG-BLUE")), day=6)
    assert (paid.documents["out"], shop.sent()) == (1, ({"1"}, {"1"}))


def test_a_correction_is_older_than_a_newer_rejected_version(shop: Shop) -> None:
    first = shop.take("day1.csv", order(1, Line("NOPE")), day=1)
    shop.take("day5.csv", order(1, Line("NEVER")), day=5)
    assert [row["file"].split("/")[-1][:8] for row in shop.open_rejects()] == ["day5.csv"]
    fix(shop, first, (",NOPE,", ",TEA-MINT,"))
    back = shop.type("run", "--json")
    assert back.documents == {"in": 1, "out": 0, "rejected": 1, "filtered": 0, "held": 0}
    assert shop.files("data/outbox") == []
    assert [row["codes"] for row in shop.open_rejects()] == [["LOOKUP_MISS"]]


def test_a_correction_of_a_correction_keeps_the_first_age(shop: Shop) -> None:
    ran = shop.take("day1.csv", order(1, Line("NOPE", cells={"Lineitem quantity": "0"})), day=1)
    fix(shop, ran, (",NOPE,", ",TEA-MINT,"), day=10)
    back = shop.type("run", "--json")
    assert back.row["problems"] == {"OUT_OF_RANGE": 1}
    fix(shop, back, (",0,Something", ",1,Something"), name="again.csv", day=20)
    assert shop.type("run", "--json").exit == 0
    newer = shop.take("day5.csv", order(1, Line("TEA-MINT"), cells={"Notes": "changed on day 5"}), day=5)
    assert (newer.exit, newer.documents["out"], shop.trace(1)[-1]["action"]) == (0, 1, "change")


def test_a_later_good_export_settles_the_open_reject(shop: Shop) -> None:
    shop.take("day1.csv", order(1, Line("NOPE")))
    assert shop.take("day2.csv", order(1, Line("TEA-MINT"))).exit == 0
    assert shop.open_rejects() == []
    [row] = shop.type("rejects", "list", "--all", "--json").rows
    assert shop.type("rejects", "show", row["reject_id"], "--json").row["state"] == "superseded"


@pytest.mark.parametrize("number", ["", "made-up-0001"])
def test_rows_with_a_foreign_or_no_reject_id(shop: Shop, number: str) -> None:
    ran = shop.take("day.csv", order(1, Line("NOPE")))
    fix(shop, ran, (",NOPE,", ",TEA-MINT,"), (f"{ran.row['claim']}-0001", number))
    back = shop.type("run", "--json")
    if number:
        assert back.row["problems"] == {"REJECT_NOT_OPEN": 1}
        assert [row["codes"] for row in shop.open_rejects()] == [["REJECT_NOT_OPEN"]]
    else:
        assert (back.exit, shop.sent()) == (0, ({"1"}, {"1"}))


def test_a_file_with_some_of_the_reject_columns_is_refused_whole(shop: Shop) -> None:
    ran = shop.take("day.csv", export(order(1), extra={"_reject_id": "x", "_line": "2"}))
    assert (ran.row["state"], set(ran.row["problems"])) == ("rejected", {"NOT_A_CORRECTION"})


def test_a_spreadsheet_may_quote_and_reorder_nothing_else(shop: Shop) -> None:
    """A clerk's program writes CRLF, quotes what it likes and a byte order mark; the order is the same."""
    ran = shop.take("day.csv", [order(1, Line("NOPE"), cells={"Notes": 'say "hi"\nthere'})])
    rows = list(csv.reader(io.StringIO(shop.reject_file(ran).read_text(encoding="utf-8"), newline="")))
    rows[1][COLUMNS.index("Lineitem sku")] = "TEA-MINT"
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    back = shop.take("fixed.csv", "\ufeff" + out.getvalue())
    assert back.exit == 0
    assert shop.wms()[0].findtext("Instructions") == 'Service: Standard\nNote: say "hi"\nthere'
    assert shop.open_rejects() == []


def test_a_reject_file_taken_by_hand_works_like_one_in_the_inbox(shop: Shop) -> None:
    ran = shop.take("day.csv", order(1, Line("NOPE")))
    path = shop.reject_file(ran)
    path.write_text(path.read_text(encoding="utf-8").replace(",NOPE,", ",TEA-MINT,"), encoding="utf-8")
    back = shop.type("run", "orders", "--file", str(path), "--json")
    assert back.exit == 0
    assert path.exists()
    assert shop.files(INBOX) == []
    assert shop.open_rejects() == []


def test_rejects_of_a_file_rejected_whole_give_way_to_the_next_file_of_its_name(shop: Shop) -> None:
    shop.take("day.csv", b"nothing,here\n1,2\n")
    [row] = shop.open_rejects()
    assert json.loads((shop.root / row["file"]).read_text().splitlines()[0])["code"] == "MISSING_COLUMN"
    shop.take("day.csv", order(1))
    assert shop.open_rejects() == []


def test_an_order_that_could_not_be_read_is_known_by_its_number(shop: Shop) -> None:
    header, row = export(order(7)).splitlines()
    ran = shop.take("ragged.csv", f"{header}\n{row},x\n")
    assert [reject["document"] for reject in shop.open_rejects()] == ["order/shopify/7"]
    assert shop.type("trace", "order", "7").out.startswith("order 7 (shopify): rejected: the row has 80 cells")
    shop.take("ragged again.csv", f"{header}\n{row},y\n")
    assert [reject["file"].split("/")[-1][:16] for reject in shop.open_rejects()] == ["ragged again.csv"]
    good = shop.take("good.csv", order(7))
    assert good.documents["out"] == 1
    assert shop.open_rejects() == []
    assert [row["claim"] for row in shop.trace(7)][::2] == [ran.row["claim"], good.row["claim"]]


def test_an_unreadable_line_is_the_only_reason_told(shop: Shop) -> None:
    """Without that line the sums cannot agree; saying so would send the clerk after the wrong thing."""
    header, first, second = export(order(7, Line("MUG-BLUE"), Line("BOWL-OAK"))).splitlines()
    ran = shop.take("ragged.csv", f"{header}\n{first}\n{second},x\n")
    assert ran.row["problems"] == {"ROW_TOO_LONG": 1}
    assert ran.row["counts"]["records"] == {"in": 2, "out": 0, "rejected": 2, "filtered": 0, "held": 0}
    [row] = read_csv(shop.reject_file(ran).read_text(encoding="utf-8"))
    assert (row["Lineitem sku"], row["_reject_id"]) == ("MUG-BLUE", f"{ran.row['claim']}-0001")


def test_value_is_the_cell_as_it_stands_in_the_file(shop: Shop) -> None:
    ran = shop.take("a.csv", order(1, to=replace(MARA, country="Germany"), bill=MARA))
    [problem] = shop.problems(ran)
    assert (problem["code"], problem["field"], problem["value"]) == ("UNKNOWN_COUNTRY", "Shipping Country", "Germany")


def test_one_blank_cell_is_told_once_where_it_stands(shop: Shop) -> None:
    """The WMS wants an SKU, an item number and a warehouse: all come from one cell of the second row."""
    ran = shop.take("a.csv", order(1, Line("TEA-ASSAM"), Line("")))
    told = [(problem["line"], problem["field"], problem["code"]) for problem in shop.problems(ran)]
    assert told == [(3, "Lineitem sku", "REQUIRED_MISSING")]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"Name": ""}, {"GROUP_KEY_MISSING": 1}),
        ({"Id": "", "Financial Status": "", "Total": ""}, {"ORPHAN_LINES": 1}),
    ],
)
def test_blanks_that_only_follow_are_not_told(shop: Shop, cells: dict[str, str], told: dict[str, int]) -> None:
    assert shop.take("a.csv", [order(1, cells=cells), order(2)]).row["problems"] == told


def test_an_order_whose_number_cannot_be_read_takes_no_other_order_along(shop: Shop) -> None:
    """Its Id and Total say that it is an order of its own, and no line of the one before it."""
    ran = shop.take("a.csv", export(order(1), order(2), order(3)).encode().replace(b"#2,", b"#\xff2,"))

    assert ran.exit == 3
    assert shop.sent() == ({"1", "3"}, {"1", "3"})
    assert [(found["code"], found["line"]) for found in shop.problems(ran)] == [("UNDECODABLE", 3)]


def two_rejects(shop: Shop) -> Ran:
    """Two rejected orders, one of a man whose name is no ASCII."""
    other = replace(MARA, name="Jörg Groß", postcode="01067")
    return shop.take("day.csv", [order(1, Line("NOPE")), order(2, Line("NOPE"), to=other)])


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_correction_in_another_encoding_is_refused_whole(shop: Shop, delimiter: str, end: str) -> None:
    """Read as an export it would lose the zeros that its cells are held against, and the orders their rejects."""
    ran = two_rejects(shop)
    before = shop.open_rejects()
    text = shop.reject_file(ran).read_text(encoding="utf-8").replace(",NOPE,", ",TEA-MINT,").replace("01067", "1067")
    rows = io.StringIO(newline="")
    csv.writer(rows, delimiter=delimiter, lineterminator=end).writerows(csv.reader(io.StringIO(text)))
    shop.drop("fixed.csv", rows.getvalue().encode("cp1252"))

    back = shop.type("run", "--json")

    assert (back.exit, back.row["problems"]) == (3, {"NOT_A_CORRECTION": 1})
    [told] = shop.problems(back)
    assert "line 3 holds a character that is not utf-8: have the spreadsheet save it as `CSV UTF-8`" in told["message"]
    assert shop.files("data/outbox") == []
    assert {each["reject_id"] for each in before} <= {each["reject_id"] for each in shop.open_rejects()}

    shop.drop("right.csv", text.replace("1067", "01067"))
    assert shop.type("run").exit == 0
    assert shop.sent() == ({"1", "2"}, {"1", "2"})


def test_a_correction_with_a_broken_quote_is_refused_whole(shop: Shop) -> None:
    ran = two_rejects(shop)
    fix(shop, ran, (",NOPE,", ',"TEA"-MINT,'))

    back = shop.type("run", "--json")

    assert (back.exit, back.row["problems"]) == (3, {"NOT_A_CORRECTION": 1})
    assert "line 2 cannot be read: look at its quotes" in shop.problems(back)[0]["message"]
    assert shop.files("data/outbox") == []


def test_a_column_that_somebody_adds_changes_nothing(shop: Shop) -> None:
    ran = two_rejects(shop)
    header, first, second = shop.reject_file(ran).read_text(encoding="utf-8").splitlines()
    first = first.replace(",NOPE,", ",TEA-MINT,")
    shop.drop("fixed.csv", f"{header},Notiz\n{first},offen\n{second},offen\n")

    back = shop.type("run")

    assert (back.exit, "1 out" in back.out) == (0, True), back.out
    assert "1 changed cell of 1 reject is logged" in back.out
    assert "1 column that was not given out: left out (Notiz)" in back.out
    assert len(shop.open_rejects()) == 1
