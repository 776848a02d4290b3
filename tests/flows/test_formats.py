"""Every format through the front door: the same orders, the same rejects, the same files behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.flows.formats import FORMATS, INBOX, Sale, workspace, written
from tests.flows.shop import REJECTED_COLUMNS, Ran, Shop

GOOD = Sale("1", (("TEA-ASSAM", "2", "4.50"), ("MUG-BLUE", "1", "12.00")))
BAD = Sale("2", (("TEA-MINT", "1", "3.00"), ("MUG-BLUE", "two", "12.00")))
LATE = Sale("3", status="pending")


def drop(shop: Shop, kind: str, name: str, *sales: Sale) -> Ran:
    shop.age(written(kind, shop.root / INBOX / f"{name}.{kind}", *sales), 1)
    return shop.type("run", "orders", "--json")


def delivered(shop: Shop, kind: str) -> list[bytes]:
    return [path.read_bytes() for path in shop.files(f"data/outbox/erp/{kind}")]


@pytest.mark.parametrize("kind", FORMATS)
def test_good_orders_go_out_and_bad_ones_come_back(shop: Shop, kind: str) -> None:
    workspace(shop, kind)
    checked = shop.type("check")
    assert checked.exit == 0, checked.out
    ran = drop(shop, kind, "day", GOOD, BAD, LATE)

    assert (ran.exit, ran.documents) == (3, {"in": 3, "out": 1, "rejected": 1, "filtered": 0, "held": 1})
    [line] = [json.loads(text) for text in delivered(shop, "jsonl")]
    assert [(item["sku"], item["qty"]) for item in line["items"]] == [("TEA-ASSAM", "2"), ("MUG-BLUE", "1")]
    [problem] = shop.problems(ran)
    assert (problem["document"], problem["code"]) == ("2", "NOT_AN_INTEGER")

    rejected = shop.reject_file(ran)
    text = rejected.read_text(encoding="utf-8-sig")
    assert text.splitlines()[0].endswith(",".join(REJECTED_COLUMNS) if kind != "csv" else ";".join(REJECTED_COLUMNS))
    fixed = shop.root / INBOX / "fixed.csv"
    fixed.write_text(text.replace(",two,", ",2,").replace(";two;", ";2;"), encoding="utf-8-sig")
    shop.age(fixed, 2)
    back = shop.type("run", "orders", "--json")
    assert (back.exit, back.documents["out"]) == (0, 1)
    assert shop.open_rejects() == []

    assert shop.type("release", "order", "3", "--reason", "paid by phone").exit == 0
    numbers = [json.loads(line)["number"] for text in delivered(shop, "jsonl") for line in text.splitlines()]
    assert sorted(numbers) == ["1", "2", "3"]


@pytest.mark.parametrize("kind", FORMATS)
def test_what_is_written_is_read_again(shop: Shop, kind: str, tmp_path: Path) -> None:
    """The round trip through two shops: what one delivers in a format, the other reads."""
    ran = drop(workspace(shop, "csv"), "csv", "day", GOOD, Sale("7"))
    assert ran.exit == 0, ran.err
    [sent] = shop.files(f"data/outbox/erp/{kind}")
    other = workspace(Shop(tmp_path / "other"), kind)
    target = other.root / INBOX / sent.name
    target.write_bytes(sent.read_bytes())
    other.age(target, 1)
    again = other.type("run", "orders", "--json")
    assert (again.exit, again.documents["out"]) == (0, 2), again.row
    assert [path.read_bytes() for path in other.files(f"data/outbox/erp/{kind}")] == [sent.read_bytes()]


@pytest.mark.parametrize("kind", ["jsonl", "fixed"])
def test_two_records_of_one_number_are_told(shop: Shop, kind: str) -> None:
    ran = drop(workspace(shop, kind), kind, "day", GOOD, Sale("1"))
    assert (ran.exit, ran.row["problems"]) == (3, {"DUPLICATE_IN_FILE": 1})


def test_a_trailer_that_counts_something_else_refuses_the_file(shop: Shop) -> None:
    workspace(shop, "fixed")
    path = written("fixed", shop.root / INBOX / "day.fixed", GOOD)
    path.write_bytes(path.read_bytes().replace(b"T000002", b"T000003"))
    shop.age(path, 1)
    ran = shop.type("run", "orders", "--json")
    assert (ran.exit, ran.row["problems"], delivered(shop, "jsonl")) == (3, {"TRAILER_MISMATCH": 1}, [])
    path = written("fixed", shop.root / INBOX / "next.fixed", Sale("8"))
    shop.age(path, 2)
    assert shop.type("run", "orders", "--json").exit == 0


def test_a_line_of_json_that_is_none_is_kept_as_it_came(shop: Shop) -> None:
    workspace(shop, "jsonl")
    path = written("jsonl", shop.root / INBOX / "day.jsonl", GOOD, Sale("7"))
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + b'{"number": "9", \n' + second)
    shop.age(path, 1)
    ran = shop.type("run", "orders", "--json")
    assert (ran.exit, ran.documents["out"]) == (3, 2)
    [problem] = shop.problems(ran)
    assert (problem["code"], problem["line"], problem["raw"]) == ("NOT_THIS_RECORD", 2, '{"number": "9", ')
