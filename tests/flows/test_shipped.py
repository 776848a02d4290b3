"""Shipments: passed on to the storefront, and what they ship cannot be changed or cancelled any more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from exchange.engine import run
from exchange.engine.house import House
from exchange.kernel.ledger import Sealing
from tests.flows.depot import SHIPMENTS_IN, Depot
from tests.flows.shop import Line, Order, Ran, order, read_csv
from tests.samples import shipments

TEA = Line("TEA-ASSAM", "2")
TO_THE_STOREFRONT = """
writes: shipment
format: {type: csv}
fields:
  Shipment: {from: shipment_number}
  Carrier: {from: carrier}
lines:
  Order: {from: order_number}
  Quantity: {from: quantity}
"""
SAMPLE = Path(__file__).parents[2] / "samples/shipments/01_shipments.csv"
COLUMNS = (
    "Shipment,Shipped at,Order,SKU,Quantity,Carrier,Service,Parcels,Weight kg,Name,City,Postcode,Country,"
    "Order line,Unit,Lot,SSCC,Tracking\n"
)


@pytest.fixture
def depot(tmp_path: Path) -> Depot:
    """A depot that ships the shop's orders."""
    depot = Depot(tmp_path / "ws", SHIPMENTS_IN, TO_THE_STOREFRONT)
    depot.edit("mappings/flows/depot.yaml", "unpack: never}", "unpack: never, channel: shopify}")
    depot.edit("mappings/flows/depot.yaml", "deliver:", "rules: {ships: order}\ndeliver:")
    return depot


def shipped(depot: Depot, *rows: str) -> Ran:
    """Bring a shipping report: `S-1,1001` is a shipment of an order."""
    text = "".join(f"{row.split(',')[0]},2026-03-02 10:00,{row.split(',')[1]},A,1{',' * 13}\n" for row in rows)
    return depot.bring(f"{rows[0]}.csv", COLUMNS + text)


def test_samples_pass_on_and_mark_their_orders(depot: Depot) -> None:
    depot.take("a.csv", [order(1001, TEA), order(1002, TEA), order(1003, TEA)])
    ran = depot.bring("shipped.csv", SAMPLE.read_bytes())
    assert depot.out(ran), (ran.out, ran.err)
    rows = read_csv(depot.out(ran)[0].read_text(encoding="utf-8"))
    assert {row["Order"] for row in rows} == {"1001", "1002", "1004", "1005", "1006"}
    assert len(shipments.SHIPMENTS) == ran.row["counts"]["documents"]["in"]
    changed = [order(number, replace(TEA, quantity="3")) for number in (1001, 1002, 1003)]
    after = depot.take("b.csv", changed)
    assert (after.exit, after.row["problems"]) == (3, {"CHANGED_AFTER_SHIPPED": 2})
    assert depot.sent(after) == ({"1003"}, {"1003"})


@pytest.mark.parametrize("later", [order(1, Line("MUG-BLUE")), order(1, TEA, status="voided")])
def test_change_or_cancellation_of_a_shipped_order_asks_a_person(depot: Depot, later: Order) -> None:
    depot.take("a.csv", order(1, TEA))
    assert shipped(depot, "S-1,1").exit == 0
    assert depot.take("same.csv", order(1, TEA, cells={"Tags": "vip"})).exit == 0
    ran = depot.take("b.csv", later)
    assert (ran.exit, ran.row["problems"], ran.row["outputs"]) == (3, {"CHANGED_AFTER_SHIPPED": 1}, [])


def test_refund_of_a_shipped_order_is_a_return_where_the_rule_says_so(depot: Depot) -> None:
    flow = "mappings/flows/orders.yaml"
    depot.edit(flow, "repeat: change", "repeat: change\n  taken_back: {refunded: return}")
    returns = '  - {to: erp, folder: returns, mapping: erp/orders, name: "RT_{claim}.csv", actions: [return]}\n'
    depot.edit(flow, "  # To a partner's SFTP server:\n", returns)
    depot.take("a.csv", order(1, TEA))
    shipped(depot, "S-1,1")
    ran = depot.take("b.csv", order(1, TEA, status="refunded"))
    assert (ran.exit, ran.row["actions"]) == (0, {"return": 1})
    assert depot.type("trace", "order", "1").out.startswith("order 1 (shopify): return sent to ")


def test_rejected_shipment_ships_nothing_until_it_is_corrected(depot: Depot) -> None:
    depot.take("a.csv", [order(1, TEA), order(2, TEA)])
    ran = shipped(depot, "S-1,1", "S-1,2")
    assert ran.exit == 0
    bad = depot.bring("bad.csv", f"{COLUMNS}S-2,never,3,A,1{',' * 13}\n")
    assert bad.exit == 3
    assert depot.take("b.csv", order(2, replace(TEA, quantity="3"))).row["problems"] == {"CHANGED_AFTER_SHIPPED": 1}
    depot.take("c.csv", order(3, TEA))
    assert depot.take("d.csv", order(3, replace(TEA, quantity="3"))).exit == 0
    fixed = depot.reject_file(bad).read_text(encoding="utf-8").replace("never", "2026-03-02 10:00")
    assert depot.bring("fixed.csv", fixed).exit == 0
    assert depot.take("e.csv", order(3, replace(TEA, quantity="4"))).row["problems"] == {"CHANGED_AFTER_SHIPPED": 1}


def test_shipment_of_an_order_that_nobody_sent_is_passed_on_with_a_warning(depot: Depot) -> None:
    depot.take("a.csv", order(1, TEA, status="pending"))
    ran = shipped(depot, "S-1,1", "S-2,77")
    assert (ran.exit, ran.documents["out"], ran.row["problems"]) == (0, 2, {"SHIPPED_UNKNOWN": 2})
    [warning] = depot.type("trace", "shipment", "S-2", "--json").row["problems"]
    assert "order '77' of channel shopify" in warning["message"]


def test_channel_of_the_order_can_stand_on_the_shipment_or_on_its_line(depot: Depot) -> None:
    depot.edit("mappings/flows/depot.yaml", "channel: shopify", "channel: depot")
    depot.edit("mappings/depot/in.yaml", "  carrier: {from: Carrier}", "  order_channel: {from: Carrier}")
    depot.edit("mappings/depot/in.yaml", "  unit: {from: Unit}", "  order_channel: {from: Unit}")
    depot.write("mappings/depot/out.yaml", TO_THE_STOREFRONT.replace("carrier", "order_channel"))
    depot.take("a.csv", [order(1, TEA), order(2, TEA), order(3, TEA)])
    rows = ["S-1,2026-03-02 10:00,1,A,1,shopify" + "," * 12, "S-2,2026-03-02 10:00,2,A,1,,,,,,,,,,shopify,,,"]
    ran = depot.bring("s.csv", COLUMNS + "\n".join([*rows, "S-3,2026-03-02 10:00,3,A,1" + "," * 13]) + "\n")
    assert ran.row["problems"] == {"SHIPPED_UNKNOWN": 1}, "order 3 of channel depot"
    changed = depot.take("b.csv", [order(number, replace(TEA, quantity="9")) for number in (1, 2, 3)])
    assert (changed.row["problems"], depot.sent(changed)[1]) == ({"CHANGED_AFTER_SHIPPED": 2}, {"3"})


def test_shipped_before_the_claim_is_sealed_is_seen(depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shipment that comes while a change is worked on: what was decided without it is decided again."""
    depot.take("a.csv", order(1, TEA))
    depot.drop("b.csv", order(1, replace(TEA, quantity="3")))
    real = run.commit
    came: list[Ran] = []

    def commit(house: House, record: Sealing) -> None:
        if not came:
            monkeypatch.setattr(run, "commit", real)
            came.append(shipped(depot, "S-1,1"))
        real(house, record)

    monkeypatch.setattr(run, "commit", commit)
    ran = depot.type("run", "orders", "--json")
    assert (came[0].exit, ran.exit, ran.row["problems"]) == (0, 3, {"CHANGED_AFTER_SHIPPED": 1})
    assert depot.wms(ran) == []


def test_ships_in_a_flow_of_orders_is_a_mistake(depot: Depot) -> None:
    depot.edit("mappings/flows/orders.yaml", "repeat: change", "repeat: change\n  ships: order")
    ran = depot.type("check")
    assert (ran.exit, "`ships` is for flows that read shipments" in ran.out + ran.err) == (5, True)
