"""What channels are told they may sell: no piece twice, an order between snapshot and publication, units, bundles."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from exchange.assemble import house, idle
from tests.flows.shelf import COMPUTED, TO_SHOP, Shelf
from tests.flows.shop import Line, order

OWN = "{items: items, units: sales_units}"
"""What the starter sells."""
LINES = (Line("TEA-ASSAM", "3"), Line("TEA-ASSAM-CASE", "1"))
"""15 pieces of one item."""


def test_a_run_takes_figures_in_and_tells_the_shop_what_changed(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "ws")
    assert shelf.type("check").exit == 0, shelf.type("check").out

    first = shelf.count("mon.csv", "100,HAM,,10,2,EA", "100,HAM,damaged,3", "100,LYO,,20", "200,HAM,,5", day=1)
    again = shelf.type("run", "stock", "--json")
    second = shelf.count("tue.csv", "100,HAM,,10,2", "100,LYO,,20", "200,HAM,,3", "900,HAM,,7", day=2)
    third = shelf.count("wed.csv", "100,HAM,,10,2", "100,LYO,,20", "200,HAM,,5", day=3)

    assert first.exit == 0, first.err
    assert shelf.told(first) == ["shopify,CUP,,5", "shopify,TEA,,28", "shopify,TEA-CASE,,2"]
    assert (again.exit, again.rows) == (0, []), "the same figures are not taken twice"
    assert shelf.told(second) == ["shopify,CUP,,3"]
    assert second.rows[1]["counts"]["documents"]["filtered"] == 2, "unchanged SKUs count as filtered"
    assert "stock of items that nothing is sold of (table goods): 900" in second.err
    assert shelf.told(third) == ["shopify,CUP,,5"], "A, B, A are three messages"


def test_trace_says_what_stock_is_used_for_that_is_not_sent_on(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "ws")
    shelf.count("mon.csv", "100,HAM,,10", day=1)

    assert "stock 100 (wms): taken in for availability (flow stock)\n" in shelf.type("trace", "stock", "100").out
    shelf.edit("mappings/flows/stock.yaml", "stock: {mode: snapshot}", "stock: {mode: snapshot, location: HAM}")
    shelf.edit("mappings/flows/stock.yaml", "{items: goods}", "{items: goods, locations: LYO}")
    assert "stock 100 (wms): taken in; no flow works with it yet\n" in shelf.type("trace", "stock", "100").out
    shelf.edit("mappings/flows/orders.yaml", "rules:\n", "rules:\n  availability: {short: hold}\n")
    assert "stock 100 (wms): taken in for the orders of flow orders\n" in shelf.type("trace", "stock", "100").out
    shelf.edit("mappings/flows/stock.yaml", ", stock: {mode: snapshot, location: HAM}", "")
    assert "stock 100 (wms): filtered: no target takes it\n" in shelf.type("trace", "stock", "100").out


def test_an_order_between_snapshot_and_publication_is_not_sold_twice(tmp_path: Path) -> None:
    """The oversell race: counted at 9, ordered at 10, published at 11; and a later snapshot contains the order."""
    shelf = Shelf(tmp_path / "ws", OWN)
    shelf.count("mon.csv", "100010,HAM,,30", day=1)

    shelf.lay("tue.csv", "100010,HAM,,30", "200020,HAM,,4", day=2)
    shelf.drop("orders.csv", order(1, *LINES))
    race = shelf.type("run", "--json")  # orders first, then the figures that were taken before them

    assert race.exit == 0, race.err
    assert [line for line in shelf.told(shelf.only(race, "stock")) if "TEA" in line] == [
        "shopify,TEA-ASSAM,,15",
        "shopify,TEA-ASSAM-CASE,,1",
    ]
    shelf.drop("cancelled.csv", order(1, *LINES, status="voided"))
    cancelled = shelf.type("run", "--json")
    assert "shopify,TEA-ASSAM,,30" in shelf.told(shelf.only(cancelled, "stock")), "a cancellation gives back"


def test_two_channels_with_the_same_figures_are_told_each(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "ws", "{items: goods, untold: zero}", ("shopify", "amazon"))

    ran = shelf.count("mon.csv", "100,HAM,,13", day=1)

    assert [line for line in shelf.told(ran) if "TEA-CASE" in line or "BOOK" in line] == [
        "shopify,BOOK,,0",
        "shopify,TEA-CASE,,1",
        "amazon,BOOK,,0",
        "amazon,TEA-CASE,,1",
    ]
    assert shelf.type("run", "stock", "--json").rows == []


def test_a_snapshot_that_comes_late_changes_nothing(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "ws")
    shelf.count("tue.csv", "100,HAM,,10", day=2)

    late = shelf.count("mon.csv", "100,HAM,,99", day=1)

    assert late.exit == 0
    assert shelf.told(late) == []
    assert len(late.rows) == 1, "nothing was computed anew"


def test_a_flash_sale_over_two_channels_sells_no_piece_twice(tmp_path: Path) -> None:
    """70 % here, 30 % there, of what is left of 100 after a safety stock of 5."""
    shelf = Shelf(tmp_path / "ws")
    keys = "items: goods, safety_stock: 5"
    shelf.flow(
        COMPUTED.format(keys=f"{{{keys}, share: 70%}}", channel="shopify")
        + COMPUTED.format(keys=f"{{{keys}, share: 30%, cap: 20}}", channel="amazon")
    )

    sale = shelf.count("mon.csv", "200,HAM,,100", day=1)

    assert shelf.told(sale) == ["shopify,CUP,,66", "amazon,CUP,,20"]


def test_exceptions_by_item_class_channel_and_location(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "ws", "{items: goods, rules: stock_rules, per: location}", ("shopify", "amazon"))
    shelf.write(
        "mappings/tables/stock_rules.csv",
        "channel,location,sku,item_number,item_class,safety_stock,share,allocation,buffer,cap,state,preorder,available_from\n"
        ",HAM,,100,,4,,,,,,,\n"
        "amazon,,,,,,50%,,,,,,\n"
        "shopify,,,,cups,,,2,,,,,\n"
        ",,TEA-CASE,,,,,,,1,,,\n"
        "amazon,,TEA,,,,,,,,hidden,,\n"
        ",,,300,,,,,,,preorder,6,2026-12-01\n",
    )
    assert shelf.type("check").exit == 0, shelf.type("check").out

    ran = shelf.count("mon.csv", "100,HAM,,10", "100,LYO,,20", "200,HAM,,5", day=1)

    assert shelf.told(ran) == [
        "shopify,BOOK,,6",
        "shopify,CUP,HAM,5",
        "shopify,TEA,HAM,6",
        "shopify,TEA,LYO,20",
        "shopify,TEA-CASE,HAM,0",
        "shopify,TEA-CASE,LYO,1",
        "amazon,BOOK,,3",
        "amazon,CUP,HAM,1",
        "amazon,TEA,HAM,0",
        "amazon,TEA,LYO,0",
        "amazon,TEA-CASE,HAM,0",
        "amazon,TEA-CASE,LYO,0",
    ]


def test_a_bundle_is_as_available_as_its_scarcest_component(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "ws", "{items: goods, bundles: {table: sets, items: goods}}")
    sets = "bundle,component,quantity\nTEATIME,TEA,4\nTEATIME,CUP,2\nHAMPER,TEATIME,2\n"
    shelf.write("mappings/tables/sets.csv", sets)
    assert shelf.type("check").exit == 0, shelf.type("check").out

    ran = shelf.count("mon.csv", "100,HAM,,50", "200,HAM,,9", day=1)

    told = [line for line in shelf.told(ran) if "TEATIME" in line or "HAMPER" in line]
    assert told == ["shopify,HAMPER,,2", "shopify,TEATIME,,4"]


def test_everything_is_sent_again_on_schedule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the clock of the flow: once it is tomorrow there, all SKUs go out, also those that did not change."""
    shelf = Shelf(tmp_path / "ws", "{items: goods, refresh: daily}")
    first = shelf.count("mon.csv", "100,HAM,,10", day=1)
    same_day = shelf.type("run", "stock", "--json")

    tomorrow = datetime.now(UTC) + timedelta(days=1)
    for module in (house, idle):
        monkeypatch.setattr(module, "now", lambda: tomorrow)
    next_day = shelf.type("run", "stock", "--json")

    assert shelf.told(first) == ["shopify,TEA,,10", "shopify,TEA-CASE,,0"]
    assert same_day.rows == []
    assert shelf.told(next_day) == shelf.told(first)
    assert shelf.type("run", "stock", "--json").rows == []


def test_how_a_figure_came_about(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "ws", "{items: goods, safety_stock: 1, share: 50%}")
    shelf.count("mon.csv", "100,HAM,,10,2", "100,LYO,,4", day=1)

    told = shelf.type("trace", "stock", "TEA")

    assert told.exit == 0, told.err
    assert "100 at HAM: 10 on hand - 2 reserved - 0 sent since - 1 safety stock = 7; 3.5 of it for shopify" in told.out
    assert "100 at LYO: 4 on hand - 0 reserved - 0 sent since - 1 safety stock = 3; 1.5 of it for shopify" in told.out
    assert "TEA for shopify: 5 EA -> 5" in told.out
    assert "TEA-CASE" not in told.out
    assert "TEA for shopify" in shelf.type("trace", "stock", "100").out


def test_a_dry_run_computes_and_keeps_nothing(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "ws")
    shelf.count("mon.csv", "100,HAM,,10", day=1)
    shelf.edit("mappings/flows/stock.yaml", "items: goods", "items: goods, safety_stock: 4")
    before = shelf.content()

    dry = shelf.type("run", "stock", "--dry-run", "--json")

    assert [row["state"] for row in dry.rows] == ["dry run"]
    after = shelf.content()
    assert {file for file in after if after[file] != before.get(file)} == {"data/state/checked"}
    assert shelf.told(shelf.type("run", "stock", "--json")) == ["shopify,TEA,,6"], "an edited rule takes effect"


def test_what_is_told_wrongly_is_found_by_check(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "ws", "{items: goods, rules: stock_rules, refresh: daily}")
    shelf.write("mappings/tables/stock_rules.csv", "sku,safety_stock,share,colour\nTEA,many,150%,red\n")
    shelf.edit("mappings/yard/availability.yaml", "  refreshed: {from: Refreshed}\n", "")

    checked = shelf.type("check")

    assert checked.exit == 5
    for said in (
        "does not fill refreshed, by which everything is told again",
        "safety_stock is 'many'",
        "share is '150%'",
        "nobody reads column 'colour'",
    ):
        assert said in checked.out, checked.out


def test_a_flow_that_delivers_nothing_of_what_it_computes_is_a_mistake(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "ws")
    shelf.write("mappings/yard/out.yaml", "writes: stock\nformat: {type: csv}\nfields:\n  Item: {from: item_number}\n")
    shelf.flow(COMPUTED.format(keys="{items: goods}", channel="shopify"), TO_SHOP.replace("to_shop", "out"))

    assert "nothing is delivered of what mapping 'yard/availability' reads (availability)" in shelf.type("check").out
