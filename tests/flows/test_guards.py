"""Guards as a person meets them: a file is held, explained on one page, and approved or declined."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest

from exchange.assemble.house import ledger_of
from exchange.config.workspace import load_flows
from exchange.kernel.guard_rows import Notice
from tests.flows.depot import Depot
from tests.flows.shop import DAY, EPOCH, Line, Ran, Shop, export, order
from tests.samples.shopify import COLUMNS

FLOW = "mappings/flows/orders.yaml"
STOCK_IN = """
reads: stock
format: {type: csv, footer: ["TRAILER;.*"]}
fields:
  item_number: {from: Item}
lines:
  quantity: {from: On hand, steps: [decimal]}
"""
STOCK_OUT = """
writes: stock
format: {type: csv}
fields:
  Item: {from: item_number}
lines:
  Quantity: {from: quantity}
"""


class Store(Depot):
    """A warehouse whose stock is guarded; its files are dropped a day after each other."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, STOCK_IN, STOCK_OUT)
        self.days = 0

    def guard(self, guards: str) -> None:
        """Write the guards anew."""
        path = self.root / "mappings/flows/depot.yaml"
        kept = path.read_text(encoding="utf-8").split("guards:")[0]
        path.write_text(f"{kept}guards: {guards}\n", encoding="utf-8")

    def tell(self, stock: dict[str, object], name: str = "", *, trailer: str = "", head: str = "Item,On hand") -> Ran:
        """Bring the stock of items, a day after the file before, and run the flow."""
        self.days += 1
        path = self.inbox / (name or f"stock_{self.days}.csv")
        rows = [f"{item},{figure}" for item, figure in stock.items()]
        path.write_text("".join(f"{line}\n" for line in [head, *rows, *([trailer] if trailer else [])]))
        os.utime(path, (EPOCH + self.days * DAY,) * 2)
        return self.type("run", "depot", "--json")

    def told(self) -> dict[str, str]:
        """Return what the target was told last of each item."""
        paths = sorted(self.files("data/outbox/erp/depot"), key=lambda path: path.stat().st_mtime_ns)
        rows = [row for path in paths for row in csv.DictReader(io.StringIO(path.read_text()))]
        return {row["Item"]: row["Quantity"] for row in rows}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "ws")


def pieces(number: int, each: int = 5) -> dict[str, object]:
    return {f"{100_000 + item}": each + item % 7 for item in range(number)}


def page(shop: Shop, ran: Ran, row: int = 0) -> str:
    """Return the page of a held file."""
    return (shop.root / f"data/state/held/{ran.rows[row]['claim']}.md").read_text(encoding="utf-8")


def notices(shop: Shop) -> list[Notice]:
    with ledger_of(load_flows(shop.root)) as ledger:
        return list(ledger.guards.notices())


def test_a_stock_file_of_3_lines_where_3000_stood_is_held_explained_and_declined(store: Store) -> None:
    store.guard("{row_count: {min: 0.5, max: 3}, vanish: 20%}")
    assert store.tell(pieces(3000)).exit == 0
    before = store.files("data/outbox")

    held = store.tell(pieces(3))

    assert (held.exit, held.row["state"], held.row["outputs"]) == (4, "held", [])
    assert store.files("data/outbox") == before
    said = page(store, held)
    assert "# Held: stock_2.csv" in said
    assert "**row_count: 3 records, the last file had 3,000: less than 1% of that, at least 0.5 times" in said
    assert (
        "**vanish: 2,997 of 3,000 items of the last file are not in this one (more than 99%), the limit is 20%**"
        in said
    )
    assert "| 100003 | 8 |  |" in said
    assert said.count("\n| 10") == 20
    assert "... and 2,977 more." in said
    claim = held.row["claim"]
    assert f"exchange approve {claim} --reason" in said
    assert f"exchange decline {claim} --reason" in said
    assert len(said.splitlines()) < 66, "one page"

    declined = store.type("decline", claim, "--reason", "cut off by the WMS", "--as", "ann", "--json")

    assert (declined.exit, declined.row["state"]) == (3, "rejected")
    assert declined.documents == {"in": 3, "out": 0, "rejected": 3, "filtered": 0, "held": 0}
    assert store.files("data/outbox") == before
    assert store.files("data/inbox/depot") == []
    assert len([path for path in store.originals() if path.name.endswith("stock_2.csv")]) == 1
    assert store.type("run", "depot").exit == 0
    [act] = [action for action in store.ledger_actions() if action.what == "decline"]
    assert (act.who, act.reason, act.subject) == ("ann", "cut off by the WMS", claim)
    assert store.open_rejects() == []
    # Declined ones are never compared with; the same bytes may come again, and are looked at again.
    assert store.tell(pieces(2900)).exit == 0
    again = store.tell(pieces(3))
    assert (again.exit, again.row["claim"] == claim) == (4, False)


def test_an_order_export_with_prices_times_100_is_held_and_approved(shop: Shop) -> None:
    guard(shop, "{hundredfold: price, prices: {move: 30, share: 50%}}")
    lines = [Line("TEA-ASSAM", "2", price="4.90"), Line("MUG-SAND", "1", price="12.00")]
    assert shop.take("a.csv", [order(1, *lines), order(2, *lines)]).exit == 0

    held = shop.take(
        "b.csv", [order(3, Line("TEA-ASSAM", "1", price="490.00"), Line("MUG-SAND", "1", price="1200.00"))]
    )

    assert (held.exit, held.row["state"]) == (4, "held")
    assert shop.sent() == ({"1", "2"}, {"1", "2"})
    said = page(shop, held)
    assert "**hundredfold: 2 of 2 prices are a hundred times what they were; none may be**" in said
    assert "**prices: 2 of 2 prices moved by more than 30 % (100%), the limit is 50%**" in said
    assert "| TEA-ASSAM / EUR | 4.9 | 490 |" in said

    approved = shop.type("approve", held.row["claim"][:6], "--reason", "new price list", "--as", "bob")

    assert approved.exit == 0
    assert shop.sent()[0] == {"1", "2", "3"}
    # What was approved is what the next file is compared with.
    assert shop.take("c.csv", order(4, Line("TEA-ASSAM", "1", price="490.00"))).exit == 0
    assert shop.take("d.csv", order(5, Line("TEA-ASSAM", "1", price="4.90"))).exit == 4
    # An item that was not in the last file is compared with the price that it had last.
    assert "1200" in page(shop, shop.take("e.csv", order(6, Line("MUG-SAND", "1", price="12.00"))), 1)
    [act] = [action for action in shop.ledger_actions() if action.what == "approve"]
    assert (act.who, act.reason, act.subject) == ("bob", "new price list", held.row["claim"])


def guard(shop: Shop, guards: str) -> None:
    path = shop.root / FLOW
    kept = path.read_text(encoding="utf-8").split("\nguards:")[0]
    path.write_text(f"{kept}\nguards: {guards}\n", encoding="utf-8")


def renamed(text: str, old: str, new: str) -> str:
    header, _, rest = text.partition("\n")
    return header.replace(old, new) + "\n" + rest


def test_a_renamed_column_is_held_whether_the_mapping_needs_it_or_not(shop: Shop) -> None:
    guard(shop, "{schema_drift: hold}")
    assert shop.take("a.csv", order(1)).exit == 0

    optional = shop.take("b.csv", renamed(export(order(2)), "Tags", "Labels"))

    assert (optional.exit, optional.row["state"]) == (4, "held")
    assert "| renamed | Tags | Labels |" in page(shop, optional)
    assert optional.documents["out"] == 1, "what it would come to"

    needed = shop.take("c.csv", renamed(export(order(3), order(4)), "Lineitem quantity", "Quantity"))

    assert [(row["file"], row["state"]) for row in needed.rows] == [("b.csv", "held"), ("c.csv", "held")]
    assert needed.rows[1]["problems"] == {"MISSING_COLUMN": 1, "EXTRA_COLUMNS": 1}
    said = page(shop, needed, 1)
    assert "'Lineitem quantity' is gone, 'Quantity' stands in its place" in said
    assert "- 1 x MISSING_COLUMN: A required column is missing" in said
    assert "As flow and mapping are now, it would deliver nothing even so." in said
    # The mapping is corrected: the next run looks at what is held again, and finds it as it was.
    assert shop.type("approve", optional.row["claim"], "--reason", "not used").exit == 0
    # Approved, it is refused for what it lacks: the mapping reads that column.
    rejected = shop.type("approve", needed.rows[1]["claim"], "--reason", "try", "--json")
    assert (rejected.exit, rejected.row["state"], rejected.row["problems"]["MISSING_COLUMN"]) == (3, "rejected", 1)
    assert shop.sent()[0] == {"1", "2"}


def test_columns_are_warned_of_where_that_is_enough(shop: Shop) -> None:
    guard(shop, "{schema_drift: {new: warn, missing: hold, renamed: warn, reordered: hold}}")
    assert shop.take("a.csv", order(1)).exit == 0

    warned = shop.take("b.csv", renamed(export(order(2), extra={"Shoe size": "9"}), "Tags", "Labels"))

    assert (warned.exit, warned.row["problems"]["COLUMNS_CHANGED"]) == (0, 1)
    # Held for another order, and for a column that is gone; the last accepted file is b.csv now.
    turned = [*reversed(COLUMNS)]
    assert "| reordered |" in page(shop, shop.take("c.csv", export(order(3), columns=turned)))
    assert "'Shoe size' is gone" in page(shop, shop.take("d.csv", order(4)), 1)


def test_what_is_held_is_left_alone_shown_by_status_and_looked_at_again_when_guards_change(store: Store) -> None:
    store.guard("{row_count: {min: 0.5}}")
    store.tell(pieces(10))
    held = store.tell(pieces(2))
    claim = held.row["claim"]
    written = (store.root / f"data/state/held/{claim}.md").stat().st_mtime_ns

    again = store.type("run", "depot", "--json")

    assert (again.exit, again.row["state"], again.documents) == (4, "held", held.documents)
    assert (store.root / f"data/state/held/{claim}.md").stat().st_mtime_ns == written, "not made anew"
    shown = store.type("status").out
    assert "file ready" not in shown, "it was taken already"
    assert f"guard  stock_2.csv (claim {claim}), held since " in shown
    assert "row_count: 2 records, the last file had 10" in shown
    assert f"read data/state/held/{claim}.md, then `exchange approve {claim} --reason ...`" in shown
    assert store.type("status", "--check").exit == 4
    [row] = [row for row in store.type("status", "--json").rows if row["flow"] == "depot"]
    assert [(each["claim"], each["file"], each["documents"]) for each in row["held_files"]] == [
        (claim, "stock_2.csv", 2)
    ]
    [notice] = notices(store)
    assert (notice.kind, notice.flow, notice.subject) == ("held", "depot", claim)
    assert "stock_2.csv is held. row_count: 2 records" in notice.text

    store.guard("{row_count: {min: 0.4}}")  # looked at again, and held again for the same reason but its limit
    assert store.type("run", "depot").exit == 4
    store.guard("{row_count: {min: 0.1}}")
    on = store.type("run", "depot", "--json")
    assert (on.exit, on.row["state"]) == (0, "done")
    assert [row["held_files"] for row in store.type("status", "--json").rows if row["flow"] == "depot"] == [[]]


def test_a_dry_run_says_what_would_be_held_and_leaves_nothing(store: Store) -> None:
    store.guard("{row_count: {min: 0.5}}")
    store.tell(pieces(10))
    path = store.inbox / "short.csv"
    path.write_text("Item,On hand\n100001,1\n")
    os.utime(path, (EPOCH + 5 * DAY,) * 2)

    dry = store.type("run", "depot", "--dry-run", "--json")

    assert (dry.exit, dry.row["state"]) == (4, "held")
    assert not (store.root / "data/state/held").exists() or store.files("data/state/held") == []
    assert notices(store) == []


def test_items_at_zero_and_items_that_jump(store: Store) -> None:
    store.guard("{to_zero: {share: 20%, at_least: 3}, jump: {factor: 10, share: 20%}, hundredfold: quantity}")
    store.tell(pieces(10))
    zero = store.tell({**pieces(10), "100001": 0, "100002": 0, "100003": 0})
    assert "**to_zero: 3 of 10 items that had stock have none now (30%), the limit is 20%**" in page(store, zero)
    assert "| 100001 | 6 | 0 |" in page(store, zero)
    store.type("decline", zero.row["claim"], "--reason", "x")
    assert store.tell({**pieces(10), "100001": 0, "100002": 0}).exit == 0, "two are fewer than at_least"
    jumped = store.tell({**pieces(10), "100004": 9000, "100005": 9000, "100006": 9000})
    assert "**jump: 3 of 8 quantities are 10 times as much, or as little (38%), the limit is 20%**" in page(
        store, jumped
    )
    store.type("decline", jumped.row["claim"], "--reason", "x")
    hundred = store.tell({**pieces(10), "100004": 900})
    assert "**hundredfold: 1 of 8 quantities is a hundred times what it was; none may be**" in page(store, hundred)


def test_totals_of_a_trailer_are_compared_with_the_sums(store: Store) -> None:
    store.guard('{totals: [{where: last_line, like: "TRAILER;{records};{quantity}"}]}')
    assert store.tell({"100001": 5, "100002": 7}, trailer="TRAILER;2;12").exit == 0

    wrong = store.tell({"100001": 5, "100002": 7}, name="wrong.csv", trailer="TRAILER;3;12.50")
    assert "(records stated: 3, found: 2; quantity stated: 12.50, found: 12)" in page(store, wrong)
    assert "| quantity | stated: 12.50 | found: 12 |" in page(store, wrong)
    store.type("decline", wrong.row["claim"], "--reason", "x")
    missing = store.tell({"100001": 5, "100003": 7})
    assert "its last line is '100003,7', which is not like" in page(store, missing)


def test_an_empty_file_one_that_is_too_old_and_one_that_is_too_early(store: Store) -> None:
    store.guard("{empty: hold, too_old: 100d, too_early: 30h}")
    old = store.tell(pieces(3))
    assert "too_old: its content is of 2026-01-02 09:00 UTC" in page(store, old)
    store.guard("{empty: hold, too_early: 30h}")
    assert store.type("run", "depot").exit == 0, "the guard that held it is gone"
    assert "**empty: the file has a header and no records**" in page(store, empty := store.tell({}))
    assert store.type("approve", empty.row["claim"], "--reason", "sold out").exit == 0
    early = store.tell(pieces(4), name="early.csv")
    assert early.exit == 0, "an empty file is never what the next one is compared with: the last one is two days old"
    assert "1 d younger than that of the last file" in page(store, store.tell(pieces(5)))


def test_stock_is_as_old_as_its_figures_unless_the_pick_up_says_otherwise(store: Store) -> None:
    counted = """  counted_at: {from: Counted, steps: [{parse_datetime: "%Y-%m-%d %H:%M %z"}]}"""
    store.edit("mappings/depot/in.yaml", "lines:", f"{counted}\nlines:")
    store.edit("mappings/flows/depot.yaml", "unpack: never", "unpack: never, as_of: mtime")
    store.guard("{too_old: 36500d}")
    head = "Item,On hand,Counted"
    old: dict[str, object] = {"1": "5,1924-01-01 08:00 +0100", "2": "7,1925-06-01 08:00 +0100", "3": "9,"}

    assert store.tell(old, head=head).exit == 0, "the file itself is not old"
    store.edit("mappings/flows/depot.yaml", ", as_of: mtime", "")
    held = store.tell(old | {"4": "1,1925-06-01 07:00 +0100"}, head=head)

    assert held.exit == 4
    assert "**too_old: its figures were counted at 1925-06-01 07:00 UTC, " in page(store, held)
    newest = store.tell(old | {"4": "1,2026-01-01 07:00 +0100"}, head=head)
    assert [row["state"] for row in newest.rows] == ["held", "done"], "the newest figure counts"


def test_corrections_are_compared_with_no_other_file_and_no_other_file_with_them(shop: Shop) -> None:
    guard(shop, "{row_count: {min: 0.5, max: 2}, schema_drift: hold, hundredfold: price, too_old: 3650d}")
    first = shop.take("a.csv", [order(1), order(2), order(3), order(4, Line("NOPE")), order(5, status="pending")])
    assert first.exit == 3
    rejects = shop.reject_file(first)
    returned = shop.take("back.csv", rejects.read_text().replace("NOPE", "MUG-SAND"))
    assert (returned.exit, returned.row["state"]) == (0, "done"), "a part of a file, with more columns"
    assert shop.type("release", "order", "5", "--reason", "paid").exit == 0
    assert shop.type("replay", first.row["claim"], "--reason", "again").exit == 3
    # The last accepted file is a.csv still: 5 rows, not 1.
    assert shop.take("c.csv", [order(6), order(7)]).exit == 4
    assert shop.take("d.csv", [order(8), order(9), order(10)]).rows[-1]["state"] == "done"


def test_other_files_of_the_flow_go_on_and_a_newer_one_takes_the_place_of_a_held_one(store: Store) -> None:
    store.edit("mappings/flows/depot.yaml", "settle: 1s", "stock: {mode: snapshot, location: HAM}, settle: 1s")
    store.guard("{row_count: {min: 0.5}}")
    store.tell(pieces(10))
    held = store.tell(pieces(2, each=50))
    newer = store.tell(pieces(9, each=20))
    assert [(row["file"], row["state"]) for row in newer.rows] == [("stock_2.csv", "held"), ("stock_3.csv", "done")]

    late = store.type("approve", held.row["claim"], "--reason", "looked at late")

    assert late.exit == 0
    assert "  in 2 documents (2 records): 2 filtered\n" in late.out
    taken = newer.rows[1]["claim"]
    assert f"  note  2 documents filtered, superseded: newer figures of HAM took effect ({taken})\n" in late.out
    assert store.told()["100000"] == "20.00"


def test_who_asks_for_what_is_not_held_is_told(store: Store) -> None:
    store.guard("{row_count: {min: 0.5}}")
    done = store.tell(pieces(4))
    assert "is done, not held by a guard" in store.type("approve", done.row["claim"], "--reason", "x").err
    assert store.type("approve", "ffffffffffff", "--reason", "x").exit == 2
    held = store.tell(pieces(1))
    assert "say why" in store.type("decline", held.row["claim"]).err
    dry = store.type("decline", held.row["claim"], "--dry-run")
    assert dry.out.startswith("would reject it whole: stock_2.csv, held: row_count: 1 record, the")
    assert store.type("decline", held.row["claim"], "--reason", "x").exit == 3
    assert "is rejected (declined by " in store.type("approve", held.row["claim"], "--reason", "x").err


def test_merged_files_are_held_one_by_one(store: Store) -> None:
    store.edit("mappings/flows/depot.yaml", "settle: 1s", "merge: true, settle: 1s")
    store.guard("{row_count: {min: 0.5}}")
    store.tell(pieces(10))
    for name, number in (("b.csv", 2), ("c.csv", 9)):
        (store.inbox / name).write_text(
            "Item,On hand\n" + "".join(f"{item}{name[0]},{each}\n" for item, each in pieces(number).items())
        )
        os.utime(store.inbox / name, (EPOCH + 9 * DAY,) * 2)

    ran = store.type("run", "depot", "--json")

    assert {row["file"]: row["state"] for row in ran.rows} == {"b.csv": "held", "c.csv": "done"}
    assert "100000b" not in store.told()
    [held] = [row["claim"] for row in ran.rows if row["file"] == "b.csv"]
    assert store.type("approve", held, "--reason", "x").exit == 0
    assert "100000b" in store.told()
