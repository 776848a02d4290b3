"""Orders that ask for more than there is: what is there goes out, the rest waits and goes out once stock has come."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from exchange.assemble.house import ledger_of
from exchange.config.workspace import load_flows
from exchange.kernel.backorder_rows import Backorder
from tests.flows.shop import MARA, Line, Ran, Shop, order
from tests.flows.yard import Yard

TEA, MUG, OAK, KNIFE = Line("TEA-ASSAM", "2"), Line("MUG-BLUE"), Line("BOWL-OAK"), Line("KNIFE-PAR", "3")
"""The first two lie in Hamburg, the others in Lyon."""
FLOW = "mappings/flows/orders.yaml"


class Stocked(Yard):
    """A shop that looks at its stock before it promises any."""

    counts = 0

    def rule(self, short: str, more: str = "") -> None:
        """Say what becomes of orders that come short."""
        self.edit(FLOW, "  split: warehouse\n", f"  split: warehouse\n  availability: {{short: {short}{more}}}\n")

    def told(self, **figures: int) -> None:
        """Count the stock: Hamburg's tea, and so on; what was sent is still in it."""
        self.counts += 1
        places = {
            "tea": ("100010", "HAM"),
            "mug": ("200020", "HAM"),
            "oak": ("200040", "LYO"),
            "knife": ("200060", "LYO"),
        }
        rows = [f"{places[name][0]},{places[name][1]},,{many}" for name, many in figures.items()]
        ran = self.count(f"{self.counts}.csv", *rows, day=self.counts)
        assert ran.exit == 0, ran.err

    def items(self, *columns: str) -> list[str]:
        """Return some columns of the table of items."""
        with (self.root / "mappings/tables/items.csv").open(encoding="utf-8", newline="") as stream:
            return [",".join(row[name] for name in columns) for row in csv.DictReader(stream)]

    def waiting(self) -> list[Backorder]:
        """Return what waits for stock."""
        with ledger_of(load_flows(self.root)) as ledger:
            return ledger.backorders.of_flow("orders")

    def waits(self) -> dict[str, list[str]]:
        """Return what waits for stock, by order."""
        return {waits.number: [want.shown for want in waits.wants] for waits in self.waiting()}


@pytest.fixture
def shop(tmp_path: Path) -> Stocked:
    shop = Stocked(tmp_path / "ws")
    if "repeat: problem" in (shop.root / FLOW).read_text():
        shop.edit(FLOW, "repeat: problem", "repeat: change")
    return shop


def wms(shop: Shop, ran: Ran) -> list[tuple[str, str, str, dict[str, str]]]:
    """Return (action, part, warehouse, item -> quantity) of each order that the WMS got in one run."""
    return [
        (each.get("action", ""), each.get("part", ""), each.findtext("Warehouse") or "", _lines(each))
        for each in shop.wms(ran)
    ]


def _lines(element: etree._Element) -> dict[str, str]:
    return {line.findtext("Sku") or "": line.findtext("Quantity") or "" for line in element.iter("Line")}


def erp(shop: Shop, ran: Ran) -> list[tuple[str, str, str]]:
    """Return (action, sku, quantity) of each row that the ERP got in one run."""
    return [(row["Action"], row["Sku"], row["Quantity"]) for row in shop.erp(ran)]


def test_what_is_there_goes_out_and_the_rest_once_stock_has_come(shop: Stocked) -> None:
    shop.rule("backorder")
    shop.told(tea=5, knife=1)
    ran = shop.take("a.csv", order(1, TEA, KNIFE))

    assert (ran.exit, ran.documents["out"]) == (0, 1), ran.err
    assert wms(shop, ran) == [("new", "1", "HAM", {"TEA-ASSAM": "2"}), ("new", "2", "LYO", {"KNIFE-PAR": "1"})]
    assert erp(shop, ran) == [("new", "TEA-ASSAM", "2"), ("new", "KNIFE-PAR", "3")], "the whole order"
    assert shop.waits() == {"1": ["2 KNIFE-PAR at LYO"]}
    assert shop.trace(1)[-1]["reason"] == "waits for stock: 2 KNIFE-PAR at LYO"

    assert "; waits for stock: 2 KNIFE-PAR at LYO" in shop.type("trace", "order", "1").out
    assert "1 order waiting for stock, whole or in part" in shop.type("status").out

    nothing = shop.type("run", "orders", "--json")
    assert (nothing.exit, nothing.rows) == (0, [])
    shop.told(tea=5, knife=2)
    one = shop.type("run", "orders", "--json")
    assert wms(shop, one) == [("new", "3", "LYO", {"KNIFE-PAR": "1"})]
    assert erp(shop, one) == []
    assert shop.waits() == {"1": ["1 KNIFE-PAR at LYO"]}
    shop.told(tea=5, knife=9)
    rest = shop.type("run", "orders", "--json")
    assert wms(shop, rest) == [("new", "4", "LYO", {"KNIFE-PAR": "1"})]
    assert shop.waits() == {}
    assert [row["action"] for row in shop.trace(1)] == ["new", "change", "change"]


def test_a_target_that_is_away_gets_one_part_after_the_other_later(shop: Stocked) -> None:
    shop.rule("backorder")
    shop.told(tea=1)
    shop.take("a.csv", order(1, replace(TEA, quantity="6")))
    shop.type("pause", "wms", "--reason", "stocktaking")
    for there, left in ((3, 3), (5, 1)):
        shop.told(tea=there)
        assert "told  1 change" in shop.type("run", "orders").out
        assert shop.waits() == {"1": [f"{left} TEA-ASSAM at HAM"]}
    shop.type("resume", "wms")
    ran = shop.type("run", "orders", "--json")

    assert wms(shop, ran) == [("new", part, "HAM", {"TEA-ASSAM": "2"}) for part in ("2", "3")]
    assert shop.type("run", "orders", "--json").rows == []


def test_the_oldest_is_served_before_new_orders(shop: Stocked) -> None:
    shop.rule("backorder")
    shop.told(knife=1)
    shop.take("a.csv", [order(1, KNIFE), order(2, KNIFE)])
    shop.told(knife=5)
    shop.drop("b.csv", [order(3, KNIFE)])
    ran = shop.type("run", "orders", "--json")

    assert ran.exit == 0, ran.err
    assert [(e.findtext("OrderNumber"), _lines(e)) for e in shop.wms(ran)] == [
        ("1", {"KNIFE-PAR": "2"}),
        ("2", {"KNIFE-PAR": "2"}),
    ]
    assert shop.waits() == {"2": ["1 KNIFE-PAR at LYO"], "3": ["3 KNIFE-PAR at LYO"]}


def test_released_by_hand_goes_out_whatever_there_is(shop: Stocked) -> None:
    shop.rule("backorder")
    shop.told(knife=1, tea=0)
    shop.take("a.csv", [order(1, KNIFE), order(2, TEA)])
    part = shop.type("release", "order", "1", "--json")
    assert (part.exit, wms(shop, part)) == (0, [("new", "2", "LYO", {"KNIFE-PAR": "2"})]), part.err
    whole = shop.type("release", "order", "2", "--json")
    assert (whole.exit, wms(shop, whole)) == (0, [("new", "1", "HAM", {"TEA-ASSAM": "2"})]), whole.err
    assert shop.waits() == {}


def test_hold_waits_for_all_of_it(shop: Stocked) -> None:
    shop.rule("hold")
    shop.told(knife=2, tea=9)
    ran = shop.take("a.csv", [order(1, TEA, KNIFE), order(2, replace(KNIFE, quantity="2"))])
    assert (ran.documents["held"], wms(shop, ran)) == (1, [("new", "1", "LYO", {"KNIFE-PAR": "2"})])
    assert shop.trace(1)[-1]["reason"] == "waits for stock: 3 KNIFE-PAR at LYO"
    shop.told(knife=4, tea=9)
    assert shop.type("run", "orders", "--json").rows == []
    shop.told(knife=5, tea=9)
    sent = shop.type("run", "orders", "--json")
    assert wms(shop, sent) == [("new", "1", "HAM", {"TEA-ASSAM": "2"}), ("new", "2", "LYO", {"KNIFE-PAR": "3"})]


def test_reject_is_a_problem_that_comes_back_with_the_reject_file(shop: Stocked) -> None:
    shop.rule("reject")
    shop.told(knife=2)
    ran = shop.take("a.csv", [order(1, TEA, KNIFE), order(2, replace(KNIFE, quantity="2"))])
    [problem] = shop.problems(ran)
    assert (problem["document"], problem["code"], problem["line"]) == ("1", "OUT_OF_STOCK", 3)
    assert problem["message"] == "3 of KNIFE-PAR ordered at LYO, 2 there"
    assert shop.sent(ran) == ({"2"}, {"2"})
    shop.told(knife=5)
    fixed = shop.take("fixed.csv", shop.reject_file(ran).read_text())
    assert (fixed.exit, shop.sent(fixed)) == (0, ({"1"}, {"1"}))


def test_cases_take_pieces(shop: Stocked) -> None:
    """A case of 12: of 30 pieces two cases are there, and six pieces for who comes next."""
    shop.rule("backorder")
    shop.told(tea=30)
    ran = shop.take("a.csv", [order(1, Line("TEA-ASSAM-CASE", "3")), order(2, replace(TEA, quantity="7"))])
    assert [lines for *_, lines in wms(shop, ran)] == [{"TEA-ASSAM-CASE": "24"}, {"TEA-ASSAM": "6"}]
    assert shop.waits() == {"1": ["1 CS of TEA-ASSAM-CASE at HAM"], "2": ["1 TEA-ASSAM at HAM"]}


def test_files_that_go_out_together_share_the_stock(shop: Stocked) -> None:
    shop.rule("backorder")
    shop.edit(FLOW, "then: archive}\n", "then: archive, merge: true}\n")
    shop.told(knife=4)
    shop.drop("a.csv", order(1, KNIFE))
    shop.drop("b.csv", order(2, KNIFE))
    ran = shop.type("run", "orders", "--json")
    assert ran.exit == 0, ran.err
    assert shop.waits() == {"2": ["2 KNIFE-PAR at LYO"]}
    assert [lines for *_, lines in wms(shop, ran)] == [{"KNIFE-PAR": "3"}, {"KNIFE-PAR": "1"}]


def test_what_becomes_of_orders_of_which_something_waits(shop: Stocked) -> None:
    """Each order has an item of its own: one of three is there, but for the last two."""
    shop.rule("backorder")
    skus = ["KNIFE-PAR", "APRON-LIN", "BOARD-OAK", "BOWL-OAK", "MUG-BLUE", "TEA-ASSAM", "POT-CAST", "LAMP-SHIP"]
    three = {number: Line(sku, "3") for number, sku in enumerate(skus, 1)}
    items = dict(csv.reader(io.StringIO("\n".join(shop.items("sku", "item_number")))))
    places = dict(csv.reader(io.StringIO("\n".join(shop.items("sku", "warehouse")))))
    stock = [
        f"{items[sku]},{places[sku]},,{'5' if sku == 'POT-CAST' else '0' if sku == 'LAMP-SHIP' else '1'}"
        for sku in skus
    ]
    shop.count("1.csv", *stock, day=1)
    ran = shop.take("a.csv", [order(number, line) for number, line in three.items()])
    assert (ran.exit, ran.documents["out"], ran.documents["held"]) == (0, 7, 1), ran.err
    assert {number: len(wants) for number, wants in shop.waits().items()} == dict.fromkeys("1234568", 1)

    ran = shop.take(
        "b.csv",
        [
            order(1, replace(three[1], quantity="2")),
            order(2, replace(three[2], quantity="1")),
            order(3, replace(three[3], quantity="9")),
            order(4, three[4], status="refunded"),
            order(5, three[5], to=replace(MARA, line1="Kaistrasse 8")),
            order(6, three[6], cells={"Tags": "vip"}),
            order(7, replace(three[7], quantity="9")),
            order(8, three[8], status="voided"),
        ],
    )
    assert ran.exit == 0, ran.err
    assert [
        (e.findtext("OrderNumber"), e.get("action"), e.get("part"), *_lines(e).values()) for e in shop.wms(ran)
    ] == [
        ("4", "cancel", "1", "1"),
        ("5", "change", "1", "1"),
        ("7", "change", "1", "5"),
    ]
    assert [(row["OrderNumber"], *each) for row, each in zip(shop.erp(ran), erp(shop, ran), strict=True)] == [
        ("1", "change", "KNIFE-PAR", "2"),
        ("2", "change", "APRON-LIN", "1"),
        ("3", "change", "BOARD-OAK", "9"),
        ("4", "cancel", "BOWL-OAK", "3"),
        ("5", "change", "MUG-BLUE", "3"),
        ("7", "change", "POT-CAST", "9"),
    ]
    assert shop.waits() == {
        "1": ["1 KNIFE-PAR at LYO"],
        "3": ["8 BOARD-OAK at LYO"],
        "5": ["2 MUG-BLUE at HAM"],
        "6": ["2 TEA-ASSAM at HAM"],
        "7": ["4 POT-CAST at HAM"],
    }
    shop.count("2.csv", *[row.rpartition(",")[0] + ",99" for row in stock], day=2)
    ran = shop.type("run", "orders", "--json")
    assert [(e.findtext("OrderNumber"), e.get("part"), *_lines(e).values()) for e in shop.wms(ran)] == [
        ("6", "2", "2"),
        ("1", "2", "1"),
        ("3", "2", "8"),
        ("5", "2", "2"),
        ("7", "2", "4"),
    ]
    assert shop.waits() == {}


def test_what_is_sent_short_or_refused_or_tried_only(shop: Stocked) -> None:
    shop.rule("backorder")
    shop.told(knife=1)
    refused = shop.take("a.csv", order(1, KNIFE, to=replace(MARA, line1="N" * 61)))
    assert (refused.exit, shop.waits(), shop.sent(refused)) == (3, {}, (set(), set()))
    assert len(shop.reject_file(refused).read_text().splitlines()) == 2, "the order as it came, not its pieces"
    shop.drop("b.csv", order(2, KNIFE))
    assert (shop.type("run", "orders", "--dry-run", "--json").exit, shop.waits()) == (0, {})
    shop.edit(FLOW, "short: backorder", "short: send")
    sent = shop.type("run", "orders", "--json")
    assert (sent.exit, sent.row["problems"], shop.sent(sent)) == (0, {"SENT_SHORT": 1}, ({"2"}, {"2"}))
