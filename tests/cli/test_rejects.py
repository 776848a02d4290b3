"""`exchange rejects`."""

from __future__ import annotations

from tests.flows.shop import Shop

KEYS = ["reject_id", "flow", "document", "codes", "file", "file_line", "opened_at"]


def test_list_says_what_to_fix(busy: Shop) -> None:
    ran = busy.type("rejects", "list")

    assert ran.exit == 0
    assert ran.out.endswith("-0001  order 1003 (shopify)  line 4  LOOKUP_MISS\n")
    assert ran.err.startswith(
        "1 reject:\n      1 x LOOKUP_MISS: Not found in a table\n      1 in orders: 1 today\n"
        "  fix data/rejects/orders/day.csv."
    )


def test_list_as_json(busy: Shop) -> None:
    [row] = busy.open_rejects()

    assert list(row) == KEYS
    assert (row["flow"], row["document"], row["codes"], row["file_line"]) == (
        "orders",
        "order/shopify/1003",
        ["LOOKUP_MISS"],
        4,
    )
    assert (busy.root / row["file"]).is_file()


def test_show(busy: Shop) -> None:
    [row] = busy.open_rejects()

    shown = busy.type("rejects", "show", row["reject_id"])
    told = busy.type("rejects", "show", row["reject_id"], "--json").row

    assert "line 4: LOOKUP_MISS: Lineitem sku: 'NOT-SOLD' is not in the column 'sku' of table items" in shown.out
    assert "do: add a line for 'NOT-SOLD' to mappings/tables/items.csv" in shown.out
    assert list(told) == [*KEYS, "state", "assigned_to", "problems"]
    assert told["assigned_to"] is None
    assert told["problems"][0]["value"] == "NOT-SOLD"


def test_a_file_rejected_whole_names_no_line(shop: Shop) -> None:
    assert shop.take("bad.csv", "").exit == 3

    said = shop.type("rejects", "list").out
    [row] = shop.open_rejects()
    shown = shop.type("rejects", "show", row["reject_id"]).out

    assert said == f"{row['reject_id']}  a file rejected whole  FILE_EMPTY\n"
    assert "\n  whole file: FILE_EMPTY: the file has no bytes\n" in shown
    assert "line 0" not in said + shown


def test_nothing_open_and_unknown_ids(shop: Shop) -> None:
    assert shop.type("rejects", "list").err == "no open rejects\n"
    unknown = shop.type("rejects", "show", "x-0001")
    assert unknown.exit == 2
    assert "there is no reject x-0001" in unknown.err


def test_only_of_one_flow(busy: Shop) -> None:
    assert busy.type("rejects", "list", "--flow", "orders", "--json").rows != []
    assert busy.type("rejects", "list", "--flow", "returns", "--json").rows == []
