"""`exchange status`."""

from __future__ import annotations

from tests.flows.shop import Shop, order


def test_what_waits_and_for_whom(busy: Shop) -> None:
    busy.drop("next.csv", order(1004))

    said = busy.type("status").out

    assert said.startswith("orders: files 1 done\n")
    assert "  waits  1 file ready (next.csv): exchange run orders\n" in said
    assert "  held   1 order: released by a later export, or exchange release order NUMBER\n" in said
    assert "  fix    1 open reject: exchange rejects list\n" in said
    assert "`exchange run orders`, ended with 3, done, but some records" in said


def test_as_json(busy: Shop) -> None:
    fresh = busy.drop("next.csv", order(1004))
    fresh.touch()

    assert busy.type("status", "--json").row == {
        "flow": "orders",
        "claims": {"done": 1},
        "ready": [],
        "settling": ["next.csv"],
        "open_rejects": 1,
        "held_documents": 1,
        "outside_documents": 0,
        "notices": [],
        "held_files": [],
        "overdue_documents": 0,
        "let_go_documents": 0,
        "waiting_for_stock": 0,
        "last_run_actions": {"new": 1},
        "undelivered": [],
        "presumed": [],
        "unacknowledged": [],
        "paused": [],
        "not_asked": [],
        "away": [],
    }


def test_check_ends_with_what_waits_for_a_person(shop: Shop) -> None:
    assert shop.type("status", "--check").exit == 0
    shop.take("day.csv", order(1002, status="pending"))
    assert shop.type("status").exit == 0
    assert shop.type("status", "--check").exit == 3
    shop.edit("mappings/flows/orders.yaml", "max_reject_rate: {share: 95%, at_least: 20}", 'max_reject_rate: "0%"')
    assert shop.take("bad.csv", order(1003, cells={"Total": "1.00"})).exit == 4
    assert shop.type("status", "--check").exit == 4


def test_a_fresh_workspace(shop: Shop) -> None:
    assert shop.type("status").out == "orders: files none yet\n"
