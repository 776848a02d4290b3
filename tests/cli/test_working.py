"""`exchange run` where there is something to do. (The whole way of files: tests/flows.)"""

from __future__ import annotations

from tests.flows.shop import Line, Shop, order


def test_people_read_numbers_and_places(shop: Shop) -> None:
    shop.drop("day.csv", [order(1001), order(1002, Line("NOT-SOLD"))])

    ran = shop.type("run")

    assert ran.exit == 3
    lines = ran.out.splitlines()
    assert lines[0].startswith("orders: day.csv (claim ")
    assert lines[1] == "  in 2 documents (2 records): 1 out, 1 rejected"
    assert [line.split()[0] for line in lines[2:]] == ["out", "out", "1", "fix", "see", "fix"]
    assert [line.rpartition(".")[2] for line in lines[5:]] == ["csv", "jsonl", "xlsx"]
    assert "fix the reject file and drop it back in" in ran.err


def test_waits_for_what_settles_when_asked_to(shop: Shop) -> None:
    shop.edit("mappings/flows/orders.yaml", "settle: 10s", "settle: 300ms")
    shop.drop("day.csv", order(1001)).touch()

    assert shop.type("run", "--settle", "30s").exit == 0
    assert shop.sent() == ({"1001"}, {"1001"})
