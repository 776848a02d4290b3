"""`status`, `trace`, `rejects`, `demo`: what an operator reads."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.flows.shop import Line, Shop, order

KEYS = ["reject_id", "flow", "document", "codes", "file", "file_line", "opened_at"]


def test_status_of_a_fresh_workspace(shop: Shop) -> None:
    ran = shop.type("status")
    assert (ran.exit, ran.out) == (0, "orders: files none yet\n")
    assert shop.type("status", "--check").exit == 0


def test_status_tells_what_waits_is_held_and_needs_fixing(shop: Shop) -> None:
    shop.take("a.csv", [order(1), order(2, status="pending"), order(3, Line("NOPE"))])
    shop.drop("b.csv", order(4))
    row = shop.type("status", "--json").row
    assert row == {
        "flow": "orders",
        "claims": {"done": 1},
        "ready": ["b.csv"],
        "settling": [],
        "open_rejects": 1,
        "held_documents": 1,
        "outside_documents": 0,
        "overdue_documents": 0,
        "let_go_documents": 0,
        "waiting_for_stock": 0,
        "last_run_actions": {"new": 1},
        "notices": [],
        "held_files": [],
        "undelivered": [],
        "presumed": [],
        "unacknowledged": [],
        "paused": [],
        "not_asked": [],
        "away": [],
    }
    lines = shop.type("status").out.splitlines()
    assert lines[:4] == [
        "orders: files 1 done",
        "  waits  1 file ready (b.csv): exchange run orders",
        "  held   1 order: released by a later export, or exchange release order NUMBER",
        "  fix    1 open reject: exchange rejects list",
    ]
    assert "`exchange run orders`, ended with 3" in lines[4]
    assert shop.type("status", "--check").exit == 3


def test_trace_answers_where_an_order_is(shop: Shop) -> None:
    shop.take("a.csv", [order(1), order(2, status="pending"), order(3, Line("NOPE")), order(4, status="voided")])
    claim = shop.trace(1)[0]["claim"]
    sent = shop.type("trace", "order", "#1").out.splitlines()
    assert re.fullmatch(
        rf"order 1 \(shopify\): sent to data/outbox/wms/orders/ORD_{claim}_001\.xml at [-0-9: ]+ UTC, "
        rf"data/outbox/erp/orders/SO_{claim}\.csv at [-0-9: ]+ UTC",
        sent[0],
    )
    assert f"data/inbox/shopify/orders/a.csv line 2, mapping shopify/orders, claim {claim} (pick_up): out" in sent[1]
    assert shop.type("trace", "order", "2").out.startswith("order 2 (shopify): held: payment_status is pending\n")
    rejected = shop.type("trace", "order", "3").out
    assert rejected.startswith("order 3 (shopify): rejected: Lineitem sku: 'NOPE' is not in")
    assert f"data/rejects/orders/a.csv.{claim}.rejects.csv" in rejected.splitlines()[0]
    assert shop.type("trace", "order", "4").out.startswith("order 4 (shopify): filtered: payment_status is voided\n")
    unknown = shop.type("trace", "order", "99")
    assert unknown.exit == 2
    assert "99" in unknown.err


def test_trace_as_json_tells_file_line_mapping_outputs_and_times(shop: Shop) -> None:
    ran = shop.take("a.csv", [order(1), order(2, Line("MUG-BLUE"), Line("BOWL-OAK"))])
    [row] = shop.trace(2)
    claim = ran.row["claim"]
    outputs = row.pop("outputs")
    assert row.pop("at").endswith("+00:00")
    assert row == {
        "document": "order/shopify/2",
        "disposition": "out",
        "action": "new",
        "reason": None,
        "flow": "orders",
        "claim": claim,
        "origin": "pick_up",
        "parent": None,
        "file": "a.csv",
        "file_line": 3,
        "mapping": "shopify/orders",
        "problems": [],
        "rejects": [],
    }
    assert [(out["target"], out["path"], out["state"]) for out in outputs] == [
        ("wms", f"data/outbox/wms/orders/ORD_{claim}_001.xml", "delivered"),
        ("erp", f"data/outbox/erp/orders/SO_{claim}.csv", "delivered"),
    ]
    assert all(out["delivered_at"].endswith("+00:00") for out in outputs)


def test_rejects_list_as_json_has_exactly_the_agreed_keys(shop: Shop) -> None:
    ran = shop.take("a.csv", [order(1), order(3, Line("NOPE", "0"))])
    [row] = shop.open_rejects()
    assert list(row) == KEYS
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.?\d*\+00:00", row.pop("opened_at"))
    assert row == {
        "reject_id": f"{ran.row['claim']}-0001",
        "flow": "orders",
        "document": "order/shopify/3",
        "codes": ["LOOKUP_MISS", "OUT_OF_RANGE"],
        "file": f"data/rejects/orders/a.csv.{ran.row['claim']}.rejects.csv",
        "file_line": 3,
    }
    assert shop.type("rejects", "list", "--flow", "other", "--json").out == ""


def test_rejects_list_and_show_for_people(shop: Shop) -> None:
    ran = shop.take("a.csv", [order(1), order(3, Line("NOPE"), Line("TEA-ASSAM", "0"))])
    identity = f"{ran.row['claim']}-0001"
    listed = shop.type("rejects", "list")
    assert listed.out == f"{identity}  order 3 (shopify)  line 3  LOOKUP_MISS, OUT_OF_RANGE\n"
    assert f"fix data/rejects/orders/a.csv.{ran.row['claim']}.rejects.csv and drop it back" in listed.err
    shown = shop.type("rejects", "show", identity)
    assert shown.exit == 0
    assert "  line 3: LOOKUP_MISS: Lineitem sku: 'NOPE' is not in the column 'sku' of table items\n" in shown.out
    assert "  line 4: OUT_OF_RANGE: Lineitem quantity: 0 is less than 1\n" in shown.out
    assert shop.type("rejects", "show", "nothing").exit == 2


def test_codes_that_appear_are_explained(shop: Shop) -> None:
    shop.take("a.csv", order(3, Line("NOPE")))
    [code] = shop.open_rejects()[0]["codes"]
    page = shop.type("explain", code, workspace=False)
    assert page.exit == 0
    assert "Not found in a table" in page.out


def test_a_name_from_outside_does_not_drive_the_terminal(shop: Shop) -> None:
    shop.drop("a\x1b[2J\n.csv", order(1))
    ran = shop.type("run")
    assert ran.exit == 0
    assert "\x1b" not in ran.out + ran.err
    trace = shop.type("trace", "order", "1")
    assert "\x1b" not in trace.out


def test_every_json_line_is_one_object(shop: Shop) -> None:
    shop.take("a.csv", [order(1, cells={"Notes": "a\nb\u2028c"}), order(3, Line("NO\u2028PE"))])
    for words in (("status", "--json"), ("rejects", "list", "--json"), ("trace", "order", "3", "--json")):
        assert [json.loads(line) for line in shop.type(*words).out.split("\n") if line]


def test_demo_shows_what_came_in_and_where_it_went(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "demo", init=False)
    ran = shop.type("demo", str(shop.root), workspace=False)
    assert ran.exit == 0
    for word in ("01_clean_day.csv", "rejected whole", "LOOKUP_MISS", "data/outbox/wms/orders/ORD_", "exchange status"):
        assert word in ran.out
    assert shop.type("status").exit == 0
    assert shop.type("trace", "order", "1001").exit == 0
    assert shop.type("demo", str(shop.root), workspace=False).exit == 2
