"""What happens to orders and stock over days: every scenario over several runs, with the ledger between them.

After each scenario all that the warehouses were told is played once more from the start: nothing may be `new` twice,
nothing changed or cancelled that is not there, and what they hold in the end is what customers want.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from tests.flows.shop import MARA, Line, Order, Ran, export, order
from tests.flows.test_backorder import Stocked
from tests.samples.people import DANA, TOKYO, URS

TEA, MUG, OAK, KNIFE = Line("TEA-ASSAM", "2"), Line("MUG-BLUE"), Line("BOWL-OAK"), Line("KNIFE-PAR", "3")
"""The first two lie in Hamburg, the others in Lyon."""
FLOW, INBOUND, ITEMS = "mappings/flows/orders.yaml", "mappings/shopify/orders.yaml", "mappings/tables/items.csv"
WMS = '{to: wms, folder: orders, mapping: wms/orders, name: "ORD_{claim}_{part:03}.xml"'
Held = dict[tuple[str, str], tuple[str, dict[str, str]]]
"""(order, part) -> warehouse and SKU -> pieces."""


class Town(Stocked):
    """A shop, its warehouses and a 3PL, who remember what they were told."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.holds: Held = {}
        self.told_of: list[str] = []

    def day(self, name: str, *orders: Order, day: float | None = None) -> Ran:
        """Let one day pass: an export comes, the flow runs, the warehouses read."""
        return self.read(self.take(f"{name}.csv", orders, day=day))

    def again(self) -> Ran:
        """Run the flow once more, without a new export."""
        return self.read(self.type("run", "orders", "--json"))

    def read(self, ran: Ran) -> Ran:
        """Let the warehouses read what a run sent them."""
        outputs = [out["path"] for row in ran.rows for out in row["outputs"]]
        self.hear([self.root / path for path in outputs if path.endswith(".xml")])
        return ran

    def hear(self, files: list[Path]) -> None:
        """Let the warehouses read files, one after the other; `told_of` is what they were."""
        self.told_of = []
        for each in (told for file in files for told in etree.parse(file).getroot()):
            action, number = each.get("action", ""), each.findtext("OrderNumber") or ""
            part = each.get("part", "")
            lines = {line.findtext("Sku") or "": line.findtext("Quantity") or "" for line in each.iter("Line")}
            assert ((number, part) in self.holds) == (action != "new"), f"{action} of {number}, part {part}"
            if action == "cancel":
                assert self.holds.pop((number, part))[1] == lines, "a cancellation shows what was sent"
            else:
                self.holds[number, part] = (each.findtext("Warehouse") or "", lines)
            self.told_of.append(f"{action} {number}.{part}")

    def pieces(self) -> dict[str, int]:
        """Return SKU -> pieces that the warehouses are to ship."""
        total: Counter[str] = Counter()
        for _, lines in self.holds.values():
            total.update({sku: int(quantity) for sku, quantity in lines.items()})
        return dict(total)

    def fill(self, anchor: str, text: str) -> None:
        """Fill more fields of orders, before a line of the inbound mapping."""
        self.edit(INBOUND, anchor, text + anchor)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path / "ws")


# --- from the order to the warehouse ---------------------------------------------------------------------------------


def test_standard_order_goes_out_once_and_stays_so(town: Town) -> None:
    first = town.day("mon", order(1, TEA, MUG))
    assert (first.exit, town.told_of, town.holds) == (
        0,
        ["new 1.1"],
        {("1", "1"): ("HAM", {"TEA-ASSAM": "2", "MUG-BLUE": "1"})},
    )
    assert town.again().rows == []
    assert town.day("tue", order(1, TEA, MUG), order(2, OAK)).exit == 0
    assert town.told_of == ["new 2.1"]
    assert [row["reason"] for row in town.trace(1)][1:] == ["sent before, unchanged"]


def test_many_lines_stay_one_order_in_every_file(town: Town) -> None:
    lines = [Line("MUG-BLUE", str(n % 9 + 1)) for n in range(500)]
    town.day("mon", order(1, *lines))
    assert len(town.erp()) == 500
    assert [len(list(each.iter("Line"))) for each in town.wms()] == [500]
    lines[250] = replace(lines[250], quantity="99")
    ran = town.day("tue", order(1, *lines), order(2))
    assert town.told_of == ["change 1.1", "new 2.1"]
    [changed] = [line for line in town.wms(ran)[0].iter("Line") if line.get("number") == "251"]
    assert changed.findtext("Quantity") == "99"


def test_split_over_two_warehouses_and_a_3pl(town: Town) -> None:
    """The 3PL ships what is heavy, is told by a delivery of its own, and only of its parts."""
    town.edit("mappings/exchange.yaml", "  erp: ", "  plx: {type: local, path: data/outbox/plx}\n  erp: ")
    own = f"  - {WMS}, documents_per_file: 500}}\n"
    assert own in (town.root / FLOW).read_text()
    at_3pl = WMS.replace("to: wms", "to: plx")
    town.edit(FLOW, own, f"  - {WMS}, only: {{warehouse: [HAM, LYO]}}}}\n  - {at_3pl}, only: {{warehouse: [PLX]}}}}\n")
    route = "  split: warehouse\n  route:\n    - {when: {line_weight_g: {over: 5000}}, warehouse: PLX}\n"
    town.edit(FLOW, "  split: warehouse\n", route)
    heavy = Line("MONITOR-27")

    first = town.day("mon", order(1, TEA, OAK, heavy))
    assert first.exit == 0, first.err
    assert {part: warehouse for (_, part), (warehouse, _) in town.holds.items()} == {"1": "HAM", "2": "LYO", "3": "PLX"}
    assert len(town.files("data/outbox/plx")) == 1
    assert town.pieces() == {"TEA-ASSAM": 2, "BOWL-OAK": 1, "MONITOR-27": 1}

    town.day("tue", order(1, TEA, replace(OAK, quantity="6"), heavy))
    assert town.told_of == ["cancel 1.2", "change 1.3"], "six bowls are heavy: they moved to the 3PL"
    assert town.pieces() == {"TEA-ASSAM": 2, "BOWL-OAK": 6, "MONITOR-27": 1}
    town.day("wed", order(1, TEA, replace(OAK, quantity="6"), heavy, status="refunded"))
    assert town.holds == {}


def test_backorder_then_completion(town: Town) -> None:
    town.rule("backorder")
    town.told(tea=9, knife=1)
    town.day("mon", order(1, TEA, KNIFE))
    assert (town.pieces(), town.waits()) == ({"TEA-ASSAM": 2, "KNIFE-PAR": 1}, {"1": ["2 KNIFE-PAR at LYO"]})
    town.told(tea=9, knife=5)
    town.again()
    assert (town.told_of, town.pieces(), town.waits()) == (["new 1.3"], {"TEA-ASSAM": 2, "KNIFE-PAR": 3}, {})
    town.day("wed", order(1, TEA, KNIFE, status="refunded"), order(2, TEA))
    assert town.told_of == ["cancel 1.1", "cancel 1.2", "cancel 1.3", "new 2.1"]


# --- what customers think of later -----------------------------------------------------------------------------------


def test_cancel_before_release_and_after_sending(town: Town) -> None:
    waits, goes = order(1, TEA, status="pending"), order(2, TEA, OAK)
    assert town.day("mon", waits, goes).documents["held"] == 1
    gone = [replace(waits, status="voided"), replace(goes, cells={"Cancelled at": "2026-03-03 08:00:00 +0100"})]
    town.day("tue", *gone)
    assert (town.told_of, town.holds) == (["cancel 2.1", "cancel 2.2"], {})
    assert town.type("release", "order", "1").exit == 2, "nothing is held any more"
    again = town.day("wed", *gone, order(3, MUG))
    assert (again.documents["filtered"], town.told_of) == (2, ["new 3.1"])


def test_address_correction_before_and_after_sending(town: Town) -> None:
    there = replace(MARA, line1="Kaistrasse 8")
    town.day("mon", order(1, TEA, status="pending"), order(2, TEA, OAK))
    ran = town.day("tue", order(1, TEA, to=there), order(2, TEA, OAK, to=there))
    assert town.told_of == ["new 1.1", "change 2.1", "change 2.2"]
    assert {each.findtext("ShipTo/Line1") for each in town.wms(ran)} == {"Kaistrasse 8"}
    assert {row["Action"] for row in town.erp(ran)} == {"new", "change"}
    town.day("wed", order(1, TEA, to=there), order(2, TEA, OAK, to=MARA))
    assert town.told_of == ["change 2.1", "change 2.2"], "and back again: three versions, two changes"


def test_quantity_change_line_added_line_removed_and_all_at_once(town: Town) -> None:
    five = replace(TEA, quantity="5")
    for day, lines, said in (  # lines keep their numbers: nobody is told of a line that stayed as it was
        ("mon", (TEA, OAK), ["new 1.1", "new 1.2"]),
        ("tue", (five, OAK), ["change 1.1"]),
        ("wed", (five, MUG, OAK), ["change 1.1"]),
        ("thu", (five, MUG), ["cancel 1.2"]),
        ("fri", (TEA, KNIFE), ["change 1.1", "new 1.3"]),
        ("sat", (TEA, KNIFE), []),
    ):
        town.day(day, order(1, *lines), order(90 + len(town.trace(1)), MUG))
        assert [told for told in town.told_of if " 1." in told] == said, day
        assert {sku for (number, _), (_, held) in town.holds.items() if number == "1" for sku in held} == {
            line.sku for line in lines
        }


def test_duplicate_exports_with_overlap(town: Town) -> None:
    """Yesterday's export again, with today's orders added, and then the very same file once more."""
    monday = [order(n, replace(TEA, quantity=str(n))) for n in range(1, 6)]
    tuesday = [*monday, *(order(n, OAK) for n in range(6, 9))]
    assert town.day("mon", *monday).documents["out"] == 5
    overlap = town.day("tue", *tuesday)
    assert (overlap.documents["filtered"], town.told_of) == (5, ["new 6.1", "new 7.1", "new 8.1"])
    same = town.day("tue_again", *tuesday)
    assert (same.exit, same.row["state"], town.told_of) == (0, "duplicate", [])
    assert town.pieces() == {"TEA-ASSAM": 15, "BOWL-OAK": 3}


def test_older_export_after_newer(town: Town) -> None:
    town.day("tue", order(1, replace(TEA, quantity="5")), day=5)
    late = town.day("mon", order(1, TEA), order(2, MUG), day=4)
    assert (late.exit, town.told_of) == (0, ["new 2.1"])
    assert town.trace(1)[-1]["reason"].startswith("superseded: claim ")
    town.day("wed", order(1, replace(TEA, quantity="6")), day=6)
    assert (town.told_of, town.pieces()) == (["change 1.1"], {"TEA-ASSAM": 6, "MUG-BLUE": 1})


# --- countries, money, goods -----------------------------------------------------------------------------------------


def test_international_order_with_customs(town: Town) -> None:
    """What the customs ask for is missing on Monday; on Tuesday the table has it, and the rejected order goes out."""
    look_up = "[strip, upper, {{lookup: {{table: customs, key: sku, value: {0}}}}}{1}]"
    town.write("mappings/tables/customs.csv", "sku,hs_code,origin,value\nTEA-ASSAM,090230,IN,7.10\nMUG-BLUE,,,\n")
    town.fill(
        "  description: {from: Lineitem name",
        f"  hs_code: {{from: Lineitem sku, steps: {look_up.format('hs_code', '')}}}\n"
        f"  origin_country: {{from: Lineitem sku, steps: {look_up.format('origin', '')}}}\n"
        f"  customs_value: {{from: Lineitem sku, steps: {look_up.format('value', ', decimal')}}}\n",
    )
    town.fill("  requested_service:", "  incoterms: {from: Tags, steps: [strip, upper, {default: DAP}]}\n")
    town.edit(FLOW, "  split: warehouse\n", "  split: warehouse\n  customs: {from: DE}\n")
    for column, field in (("HsCode", "hs_code"), ("Origin", "origin_country"), ("CustomsValue", "customs_value")):
        town.edit("mappings/erp/orders.yaml", "  - Warehouse\n", f"  - Warehouse\n  - {column}\n")
        town.edit("mappings/erp/orders.yaml", "  Warehouse: {", f"  {column}: {{from: {field}}}\n  Warehouse: {{")
    swiss = [order(1, TEA, to=URS, currency="CHF"), order(2, MUG, to=URS, currency="CHF"), order(3, MUG)]

    first = town.day("mon", *swiss)
    assert (first.exit, town.told_of) == (3, ["new 1.1", "new 3.1"]), first.err
    assert set(first.row["problems"]) == {"CUSTOMS_MISSING"}
    tea, _ = town.erp(first)
    assert (tea["HsCode"], tea["Origin"], tea["CustomsValue"]) == ("090230", "IN", "7.10")

    town.edit("mappings/tables/customs.csv", "MUG-BLUE,,,", "MUG-BLUE,691200,PT,6.00")
    second = town.day("tue", *swiss, order(4))
    assert (second.exit, town.told_of) == (0, ["new 2.1", "new 4.1"]), second.err
    assert town.open_rejects() == [], "the later export closed it"


def test_multi_currency_each_with_its_own_digits(town: Town) -> None:
    """Yen have no decimals, dinars three; a discount is shared out in the smallest coin of each."""
    three = (Line("CANDLE-S", price="100"),) * 3
    yen = {"Subtotal": "200", "Shipping": "0", "Taxes": "0", "Total": "200", "Discount Amount": "100"}
    orders = [
        order(1, *three, to=TOKYO, currency="JPY", tax="0", shipping="0", discount="100", cells=yen),
        order(2, *(replace(line, price="10.00") for line in three), to=DANA, currency="USD", discount="10.00"),
        order(3, *(replace(line, price="10.00") for line in three), discount="10.00"),
    ]
    ran = town.day("mon", *orders)
    assert ran.exit == 0, ran.err
    shares: dict[tuple[str, str], list[str]] = {}
    for row in town.erp(ran):
        shares.setdefault((row["OrderNumber"], row["Currency"]), []).append(row["LineDiscount"])
    assert shares == {
        ("1", "JPY"): ["34", "33", "33"],
        ("2", "USD"): ["3.34", "3.33", "3.33"],
        ("3", "EUR"): ["3.34", "3.33", "3.33"],
    }
    yens = [row for row in town.erp(ran) if row["Currency"] == "JPY"]
    assert {(row["Total"], row["Shipping"], row["UnitPrice"]) for row in yens} == {("200", "0", "100")}
    changed = town.day("tue", orders[0], orders[1], replace(orders[2], currency="CHF"))
    assert town.told_of == ["change 3.1"]
    assert {row["Currency"] for row in town.erp(changed)} == {"CHF"}
    gone = replace(orders[0], currency="EUR", cells={**yen, "Cancelled at": "2026-03-04 09:00:00 +0100"})
    cancelled = [(row["Action"], row["Currency"], row["Total"]) for row in town.erp(town.day("wed", gone))]
    assert set(cancelled) == {("cancel", "JPY", "200")}  # as it was told of, in the coins of then


def test_exclusive_and_inclusive_tax_of_two_shops(town: Town) -> None:
    """One shop's prices contain the tax, the other's do not: two flows, each with its setting, one ledger."""
    inclusive = {"Subtotal": "25.00", "Shipping": "4.90", "Taxes": "4.77", "Tax 1 Value": "4.77", "Total": "29.90"}
    assert town.day("mon", order(1, TEA)).exit == 0
    wrong = town.day("tue", order(2, TEA, cells=inclusive))
    assert (wrong.exit, wrong.row["problems"]) == (3, {"TOTALS_MISMATCH": 1})
    flow = (town.root / FLOW).read_text()
    second = flow.replace("flow: orders", "flow: gross").replace("folder: orders, match", "folder: gross, match")
    second = second.replace('tolerance: "0.01"', 'tolerance: "0.01", taxes: inclusive').replace("ORD_", "GR_")
    town.write("mappings/flows/gross.yaml", second.replace("SO_", "GSO_"))
    inbox = town.root / "data/inbox/shopify/gross"
    inbox.mkdir(parents=True)
    (inbox / "gross.csv").write_text(export(order(2, TEA, cells=inclusive)), encoding="utf-8")
    town.drop("keep.csv", order(3, TEA))
    town.age(inbox / "gross.csv", 9)
    ran = town.type("run", "--json")
    assert [(row["flow"], row["state"], row["problems"]) for row in ran.rows] == [
        ("gross", "done", {}),
        ("orders", "done", {}),
    ], ran.err
    told = {row["OrderNumber"]: (row["Taxes"], row["Total"], row["LineTotal"]) for row in town.erp(ran)}
    assert told == {"2": ("4.77", "29.90", "25.00"), "3": ("5.68", "35.58", "25.00")}


def test_bundle_of_bundles(town: Town) -> None:
    rows = ("SET-TEA,TEA-ASSAM,2,3", "SET-TEA,MUG-BLUE,1,1", "SET-GIFT,SET-TEA,2,80", "SET-GIFT,BOWL-OAK,1,20")
    town.write("mappings/tables/bundles.csv", "bundle,component,quantity,price_share\n" + "\n".join(rows) + "\n")
    with (town.root / ITEMS).open("a", encoding="utf-8") as items:
        items.write("SET-TEA,900010,,Set,EA,1,HAM\nSET-GIFT,900020,,Set,EA,1,HAM\n")
    town.edit(FLOW, "  split: warehouse\n", "  split: warehouse\n  bundles: {table: bundles}\n")
    gift = Line("SET-GIFT", "3", name="The big gift set", price="99.95")

    first = town.day("mon", order(1, gift, discount="10.01"))
    assert first.exit == 0, first.err
    assert town.pieces() == {"TEA-ASSAM": 12, "MUG-BLUE": 6, "BOWL-OAK": 3}
    assert sum(Decimal(row["LineTotal"]) for row in town.erp(first)) == 3 * Decimal("99.95") - Decimal("10.01")
    town.day("tue", order(1, replace(gift, quantity="1")))
    assert (town.told_of, town.pieces()) == (
        ["change 1.1", "change 1.2"],
        {"TEA-ASSAM": 4, "MUG-BLUE": 2, "BOWL-OAK": 1},
    )
    town.day("wed", order(1, replace(gift, quantity="1"), status="refunded"))
    assert town.holds == {}


def test_case_to_each(town: Town) -> None:
    """The shop sells cases, the warehouse picks pieces; three pieces more are no case, and the twine has its metres."""
    first = town.day("mon", order(1, Line("TEA-ASSAM-CASE", "2"), Line("TWINE-M", "40")))
    assert town.pieces() == {"TEA-ASSAM-CASE": 24, "TWINE-M": 2}
    assert [(row["Quantity"], row["Unit"]) for row in town.erp(first)] == [("2", "CS"), ("40", "M")]
    town.day("tue", order(1, Line("TEA-ASSAM-CASE", "3"), Line("TWINE-M", "40"), Line("TEA-ASSAM", "3")))
    assert (town.told_of, town.pieces()) == (["change 1.1"], {"TEA-ASSAM-CASE": 36, "TEA-ASSAM": 3, "TWINE-M": 2})
    half = town.day("wed", order(1, Line("TEA-ASSAM-CASE", "3"), Line("TWINE-M", "50"), Line("TEA-ASSAM", "3")))
    assert (half.exit, town.told_of) == (3, []), "two and a half rolls: a person is asked, nothing is told"


def test_gift_with_wrap_message_and_wish(town: Town) -> None:
    wrap = "'(?is)\\A(?:.*\\bgift[ _]wrap: *([^\\r\\n]*))?'"
    town.fill(
        "  tags: {from", f"  gift_wrap: {{from: Note Attributes, steps: [{{extract: {wrap}}}, strip, boolean]}}\n"
    )
    town.fill("  tags: {from", "  special_requests: {from: Tags, steps: [strip]}\n")
    town.edit(
        "mappings/wms/orders.yaml",
        "  Instructions.Discount:",
        '  Instructions.Wrap: {from: gift_wrap, steps: [{map_values: {"true": "Gift wrap", "false": "", "": ""}}]}\n'
        "  Instructions.Wish: {from: special_requests, max_length: 80}\n  Instructions.Discount:",
    )
    town.edit("templates/wms/orders.xml.j2", "hints.Gift, ", "hints.Gift, hints.Wrap, hints.Wish, ")
    cells = {"Note Attributes": "gift_message: All the best!\ngift_wrap: true", "Tags": "no plastic please"}
    first = town.day("mon", order(1, TEA, cells=cells))
    assert first.exit == 0, first.err
    said = [each.findtext("Instructions") for each in town.wms(first)]
    assert said == ["Service: Standard\nGift message: All the best!\nGift wrap\nno plastic please"]
    cells["Note Attributes"] = cells["Note Attributes"].replace("best", "very best")
    second = town.day("tue", order(1, TEA, cells=cells), order(2, TEA))
    assert town.told_of == ["change 1.1", "new 2.1"]
    assert "All the very best!" in (town.wms(second)[0].findtext("Instructions") or "")
    assert town.wms(second)[1].findtext("Instructions") == "Service: Standard"


# --- warehouses that are away; stock: test_scenarios_stock.py ---------------------------------------------------


def test_wms_down_for_a_day_then_catching_up_in_order(town: Town) -> None:
    """The ERP gets everything at once; the warehouse gets it later, in the order in which it came about."""
    town.day("mon", order(1, TEA))
    outbox, away = town.root / "data/outbox/wms", town.root / "data/outbox/wms_away"
    outbox.rename(away)
    outbox.write_text("in the way")
    down = [
        town.take("tue.csv", [order(1, replace(TEA, quantity="5")), order(2, OAK)]),
        town.take("wed.csv", [order(1, replace(TEA, quantity="6")), order(2, OAK, status="voided"), order(3, MUG)]),
    ]
    assert all(ran.exit != 0 for ran in down)
    assert {row["OrderNumber"]: row["Action"] for ran in down for row in town.erp(ran)} == {
        "1": "change",
        "2": "cancel",
        "3": "new",
    }
    outbox.unlink()
    away.rename(outbox)
    before = town.files("data/outbox/wms")
    assert town.type("run", "orders", "--json").exit == 0
    arrived = set(town.files("data/outbox/wms")) - set(before)
    town.hear(sorted(arrived, key=lambda path: path.stat().st_ctime_ns))
    assert town.told_of == ["change 1.1", "new 2.1", "change 1.1", "cancel 2.1", "new 3.1"]
    town.day("thu", order(1, replace(TEA, quantity="6")), order(3, replace(MUG, quantity="2")))
    assert (town.told_of, town.pieces()) == (["change 3.1"], {"TEA-ASSAM": 6, "MUG-BLUE": 2})
