"""What people mix up: reject ids, shops, the age of exports, cleared rows, clocks, names of files."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from tests.flows.shop import INBOX, Line, Shop, export, order
from tests.samples.shopify import COLUMNS

FLOW = "mappings/flows/orders.yaml"
PICK_UP = '  - {from: shopify, folder: orders, match: "*.csv", mapping: shopify/orders, settle: 10s, then: archive}\n'
SECOND = PICK_UP.replace("folder: orders", "folder: second, channel: second")


def test_a_reject_id_of_another_order_closes_nothing(shop: Shop) -> None:
    ran = shop.take("day.csv", [order(2, Line("NOPE")), order(3, Line("NOPE"))])
    header, two, _ = shop.reject_file(ran).read_bytes().decode().splitlines()
    first, second = (f"{ran.row['claim']}-000{number}" for number in (1, 2))
    assert first in two
    fixed = two.replace("NOPE", "TEA-MINT", 1).replace(first, second)

    again = shop.take("fixed.csv", f"{header}\n{fixed}\n")

    assert (again.exit, again.row["problems"]) == (3, {"REJECT_OF_ANOTHER": 1})
    assert [problem["value"] for problem in shop.problems(again)] == [second]
    assert "order/shopify/3" in shop.problems(again)[0]["message"]
    assert shop.sent() == (set(), set())
    still_open = {reject["document"] for reject in shop.open_rejects()}
    assert still_open == {"order/shopify/2", "order/shopify/3"}


def test_mixed_up_reject_ids_are_no_dead_end(shop: Shop) -> None:
    """The reject file of the mix-up has the right ids: it goes back as it is; the old one is told where to go on."""
    ran = shop.take("day.csv", [order(2, Line("NOPE")), order(3, Line("NOPE"))])
    right = shop.reject_file(ran).read_bytes().decode().replace("NOPE,", "TEA-MINT,")
    first, second = (f"{ran.row['claim']}-000{number}" for number in (1, 2))
    swapped = right.replace(first, "?").replace(second, first).replace("?", second)

    mixed = shop.take("mixed.csv", swapped)
    assert (mixed.exit, mixed.row["problems"]) == (3, {"REJECT_OF_ANOTHER": 2})

    late = shop.take("right.csv", right)
    assert (late.exit, late.documents["filtered"]) == (0, 2)
    now = f"{mixed.row['claim']}-0001"
    assert f"rejected again since: left out; correct the reject file of that time ({first}, now {now}" in late.err
    assert len(shop.open_rejects()) == 2

    as_it_is = shop.take("again.csv", shop.reject_file(mixed).read_bytes())
    assert (as_it_is.exit, as_it_is.documents["out"]) == (0, 2)
    assert shop.open_rejects() == []
    assert shop.sent()[1] == {"2", "3"}


def drop_at_second(shop: Shop, name: str, content: str, day: float) -> None:
    """Put a file into the folder of the second shop."""
    path = shop.root / Path(INBOX).parent / "second" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")
    shop.age(path, day)


def test_the_same_content_in_another_shops_folder_is_that_shops_orders(shop: Shop) -> None:
    shop.edit(FLOW, PICK_UP, PICK_UP + SECOND)
    content = export(order(50))
    assert shop.take("a.csv", content).row["state"] == "done"
    drop_at_second(shop, "b.csv", content, 9)

    ran = shop.type("run", "--json")

    assert (ran.row["state"], ran.documents["out"]) == ("done", 1)
    assert {order_.findtext("Channel") for order_ in shop.wms()} == {"shopify", "second"}


def test_the_same_content_is_another_shops_orders_while_a_target_is_away(shop: Shop) -> None:
    """The first claim is not over yet; the file was called a duplicate of it, and the second shop's order was lost."""
    shop.edit(FLOW, PICK_UP, PICK_UP + SECOND)
    away = shop.root / "data/outbox/erp"
    away.parent.mkdir(parents=True)
    away.write_text("the disk is not mounted")
    content = export(order(50))
    assert shop.take("a.csv", content).row["state"] == "sealed"
    drop_at_second(shop, "b.csv", content, 9)
    assert "duplicate" not in shop.type("run", "--json").out

    away.unlink()
    shop.type("run")

    assert sorted(order_.findtext("Channel") or "" for order_ in shop.wms()) == ["second", "shopify"]
    assert {row["Channel"] for row in shop.erp()} == {"shopify", "second"}


def test_content_that_a_shop_had_before_takes_no_effect_again_because_another_had_it_since(shop: Shop) -> None:
    shop.edit(FLOW, PICK_UP, PICK_UP + SECOND)
    content = export(order(50))
    shop.take("a.csv", content)
    shop.take("b.csv", order(50, Line("MUG-BLUE", "7")))
    drop_at_second(shop, "a.csv", content, 9)
    shop.type("run")

    again = shop.take("a.csv", content, day=10)

    assert (again.row["state"], again.row["outputs"]) == ("duplicate", [])


def test_an_older_export_that_comes_later_sends_nothing(shop: Shop) -> None:
    shop.take("tuesday.csv", order(7, status="voided"), day=5)

    ran = shop.take("monday.csv", order(7), day=4)

    assert (ran.documents["filtered"], ran.documents["out"]) == (1, 0)
    assert shop.trace(7)[-1]["reason"] == f"superseded: claim {shop.trace(7)[0]['claim']} has a newer version"
    assert shop.sent() == (set(), set())


def test_what_a_newer_export_holds_stays_held_after_an_older_one(shop: Shop) -> None:
    shop.take("tuesday.csv", order(7, Line("MUG-BLUE", "3"), status="pending"), day=5)
    shop.take("monday.csv", order(7, Line("MUG-BLUE", "7"), status="pending"), day=4)
    assert json.loads(shop.type("status", "--json").out)["held_documents"] == 1

    assert shop.type("release", "order", "7").exit == 0

    assert [row["Quantity"] for row in shop.erp()] == ["3"]


def test_a_cleared_row_is_filtered_and_costs_nobody(shop: Shop) -> None:
    ran = shop.take("day.csv", export(order(1)) + "," * (len(COLUMNS) - 1) + "\n" + export(order(2)).split("\n", 1)[1])

    assert (ran.exit, ran.row["problems"]) == (0, {})
    assert ran.row["counts"]["records"] == {"in": 3, "out": 2, "rejected": 0, "filtered": 1, "held": 0}
    assert shop.sent() == ({"1", "2"}, {"1", "2"})


def test_a_time_in_the_future_counts_by_what_this_machine_saw(shop: Shop) -> None:
    shop.edit(FLOW, "settle: 10s", "settle: 1s")
    path = shop.drop("a.csv", order(1))
    os.utime(path, (time.time() + 30 * 86_400,) * 2)

    ran = shop.type("run", "--settle", "20s", "--json")

    assert ran.documents["out"] == 1


def test_a_file_name_that_is_no_utf8_is_carried_to_its_end(shop: Shop) -> None:
    name = os.fsdecode(b"lat\xe9in.csv")
    shop.drop(name, [order(1), order(2, Line("NOPE"))])

    ran = shop.type("run", "--json")

    assert (ran.exit, ran.documents["out"], ran.documents["rejected"]) == (3, 1, 1)
    assert ran.row["file"] == name
