"""`exchange run --dry-run`: what would be delivered, what not and why; nothing changes."""

from __future__ import annotations

from tests.flows.shop import Line, Shop, order

KEYS = ["flow", "claim", "file", "sha256", "state", "counts", "outputs", "rejects", "problems", "seconds"]


def drop(shop: Shop) -> None:
    shop.drop("day.csv", [order(1001), order(1002, status="pending"), order(1003, Line("NOT-SOLD"))])


def test_people_see_first_records_and_reasons(shop: Shop) -> None:
    drop(shop)
    before = shop.content()

    ran = shop.type("run", "orders", "--dry-run")

    assert ran.exit == 3
    lines = ran.out.splitlines()
    assert any(line.endswith(" for wms would begin:") for line in lines)
    assert "    |     <OrderNumber>1001</OrderNumber>" in lines
    assert any(line.startswith("    | new,1001,shopify,1,100010,TEA-ASSAM,") for line in lines)
    assert "  would be held: 1 (payment_status is pending): 1002" in lines
    assert any(line.startswith("    1003: line 4: LOOKUP_MISS: ") for line in lines)
    assert "drop it back" not in ran.err, "there is no reject file yet"
    for folder in ("data/inbox", "data/outbox", "data/archive", "data/rejects", "mappings"):
        after = {path: data for path, data in shop.content().items() if path.startswith(folder)}
        assert after == {path: data for path, data in before.items() if path.startswith(folder)}
    assert shop.type("trace", "order", "1001").exit == 2, "the ledger knows nothing of it"


def test_programs_get_one_key_more_and_the_run_itself_does_not_print_it(shop: Shop) -> None:
    drop(shop)

    dry, real = shop.type("run", "orders", "--dry-run", "--json"), shop.type("run", "orders", "--json")

    assert list(dry.row) == [*KEYS, "dry_run"]
    assert list(real.row) == KEYS
    shown = dry.row["dry_run"]
    assert [sample["path"] for sample in shown["samples"]] == [output["path"] for output in dry.row["outputs"]]
    assert [list(output) for output in dry.row["outputs"]] == [["endpoint", "path", "records", "sha256"]] * 2
    assert (shown["rejected"][0]["document"], shown["held"][0]["documents"]) == ("1003", 1)
    assert dry.row["counts"] == real.row["counts"]
    assert [out["sha256"] for out in dry.row["outputs"]] == [out["sha256"] for out in real.row["outputs"]]


def test_workbooks_and_many_files_are_shown_too(shop: Shop) -> None:
    shop.edit(
        "mappings/erp/orders.yaml",
        'format: {type: csv, encoding: utf-8, delimiter: ",", newline: lf}',
        "format: {type: xlsx}",
    )
    shop.edit("mappings/flows/orders.yaml", "documents_per_file: 500", "documents_per_file: 1")
    shop.drop("day.csv", [order(1001 + number) for number in range(12)])

    samples = shop.type("run", "orders", "--dry-run", "--json").row["dry_run"]["samples"]

    assert len([each for each in samples if each["endpoint"] == "wms"]) == 10, "of the first ten files"
    [book] = [each["text"] for each in samples if each["endpoint"] == "erp"]
    assert [line.split(",")[1] for line in book.splitlines()] == ["OrderNumber", "1001", "1002", "1003"]
