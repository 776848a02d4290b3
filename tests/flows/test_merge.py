"""Several source files into one: each is read, counted and archived by itself, what goes out goes together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from exchange.kernel.naming import CLAIM_LENGTH
from tests.crash.scene import Left, left_in
from tests.flows import formats
from tests.flows.formats import Sale
from tests.flows.partner_xml import Partner, orders, record
from tests.flows.shop import INBOX, Line, Ran, Shop, export, order, read_csv
from tests.flows.test_pickup_archives import zipped

FLOW = "mappings/flows/orders.yaml"
UNKNOWN = Line("NOPE")


def merging(shop: Shop, written: str = "true") -> Shop:
    """Let the starter's flow merge."""
    shop.edit(FLOW, "settle: 10s", f"settle: 10s, merge: {written}")
    return shop


@pytest.fixture
def merge(shop: Shop) -> Shop:
    """A shop that merges all that a run finds."""
    return merging(shop)


def told(ran: Ran) -> list[tuple[str, str, int, int]]:
    """Return (file, state, documents in it, outputs under it) of what a run reports."""
    return [(row["file"], row["state"], row["counts"]["documents"]["in"], len(row["outputs"])) for row in ran.rows]


def erp(shop: Shop) -> list[list[str]]:
    """Return the orders in each file that the ERP has."""
    files = [read_csv(path.read_text(encoding="utf-8")) for path in shop.files("data/outbox/erp/orders")]
    return sorted(list(dict.fromkeys(row["OrderNumber"] for row in file)) for file in files)


def clean(shop: Shop) -> bool:
    """Tell whether nothing is left over."""
    return not [*shop.files(INBOX), *shop.files("data/state/work"), *shop.files("data/state/unpacked")]


# --- one file out of several --------------------------------------------------------------------------------------
def test_what_is_ready_goes_out_in_one_file_for_each_delivery(merge: Shop) -> None:
    """Each file keeps its own report, its own counts, its own place in the archive."""
    contents = {"b.csv": export(order(3), order(4)), "a.csv": export(order(1)), "c.csv": export(order(2, UNKNOWN))}
    for name, content in contents.items():
        merge.drop(name, content)

    ran = merge.type("run", "--json")

    assert ran.exit == 3
    assert told(ran) == [("b.csv", "done", 2, 2), ("a.csv", "done", 1, 0), ("c.csv", "done", 1, 0)]
    assert [row["counts"]["documents"]["rejected"] for row in ran.rows] == [0, 0, 1]
    assert (erp(merge), len(merge.files("data/outbox/wms/orders"))) == ([["3", "4", "1"]], 1)
    assert [output["records"] for output in ran.rows[0]["outputs"]] == [3, 3]
    owner = ran.rows[0]["claim"]
    assert f"orders: a.csv: merged: what goes out is in the files of claim {owner} (b.csv)" in ran.err
    assert "orders: b.csv: merged: its output files hold what goes out of a.csv, c.csv too" in ran.err
    archived = {path.name.partition(".")[2]: path.read_text() for path in merge.originals()}
    assert archived == contents
    assert clean(merge)
    again = merge.type("run", "--json")
    assert (again.exit, again.rows) == (0, [])


def test_trace_names_the_file_and_its_own_line(merge: Shop) -> None:
    merge.drop("a.csv", [order(1), order(2)])
    merge.drop("b.csv", [order(3, status="pending"), order(4)])
    rows = merge.type("run", "--json").rows

    [four], [three] = merge.trace(4), merge.trace(3)

    assert (four["file"], four["file_line"], four["claim"]) == ("b.csv", 3, rows[1]["claim"])
    assert [output["path"] for output in four["outputs"]] == [output["path"] for output in rows[0]["outputs"]]
    assert four["outputs"][0]["delivery"].startswith(rows[0]["claim"])
    assert (three["file"], three["file_line"], three["disposition"], three["outputs"]) == ("b.csv", 2, "held", [])
    assert "b.csv line 3" in merge.type("trace", "order", "4").out


def test_the_columns_of_merged_files_may_stand_in_any_order(merge: Shop) -> None:
    names = export(order(1)).splitlines()[0].split(",")
    merge.drop("a.csv", order(1))
    merge.drop("b.csv", export(order(2), columns=reversed([name.strip('"') for name in names])))

    assert merge.type("run").exit == 0
    assert erp(merge) == [["1", "2"]]


ONE_BY_ONE = [
    ("a.csv", [order(1), order(2, UNKNOWN), order(3, status="pending"), order(8, Line("BOWL-OAK"))]),
    ("b.csv", [order(4), order(5, status="refunded"), order(6, UNKNOWN)]),
    ("c.csv", [order(1), order(3), order(7)]),
    ("d.csv", [order(9, Line("TEA-ASSAM", "two")), order(10, to=None, bill=None)]),
    ("e.csv", [order(7, Line("TEA-ASSAM", "3")), order(2), order(6, UNKNOWN)]),
]


def _elsewhere(name: str) -> bool:  # a workbook names the flow's own configuration
    return "outbox" in name or name.endswith(".xlsx")


def test_merged_files_come_to_what_they_come_to_one_by_one(tmp_path: Path) -> None:
    """The ledger and all files are the same; only the output files are fewer."""
    apart, together = Shop(tmp_path / "apart"), merging(Shop(tmp_path / "together"))
    lines = {}
    for shop in (apart, together):
        shop.take("first.csv", [order(4, status="pending"), order(11, UNKNOWN)])
        shop.drop("returned.csv", corrected_rejects(shop, "11"))
        for day, (name, content) in enumerate(ONE_BY_ONE, start=3):
            shop.drop(name, content, day=day)
        shop.drop("nameless.csv", "Name\n", day=5)
        assert shop.type("run").exit == 3
        lines[shop] = sorted(map(str, shop.erp()))
    one, other = left_in(apart.root), left_in(together.root)

    assert lines[apart] == lines[together]
    assert len(together.files("data/outbox/erp/orders")) < len(apart.files("data/outbox/erp/orders"))
    assert decided(one.ledger) == decided(other.ledger)
    kept = [{name: data for name, data in left.files.items() if not _elsewhere(name)} for left in (one, other)]
    assert kept[0] == kept[1]
    assert originals(one) == originals(other)
    assert one.ledger["integrity"] == other.ledger["integrity"] == [("ok",)]


def originals(left: Left) -> dict[str, bytes]:
    """Return the archived originals: their names begin with a claim."""
    return {name: data for name, data in left.archive.items() if len(name.partition(".")[0]) == CLAIM_LENGTH}


def decided(ledger: dict[str, list[tuple[Any, ...]]]) -> dict[str, object]:
    """Return what does not depend on the files that documents went out in, nor on the order of seals."""
    return {
        "claims": sorted((row[7], row[0], row[17], row[19]) for row in ledger["claims"]),
        "documents": sorted((*row[:13], row[14]) for row in ledger["documents"]),
        "rejects": sorted(map(str, ledger["rejects"])),
        "problems": ledger["problems"],
        "problem_counts": ledger["problem_counts"],
    }


def corrected_rejects(shop: Shop, number: str) -> str:
    """Return the only reject file with the unknown item of an order corrected."""
    [path] = [path for path in shop.files("data/rejects") if path.suffix == ".csv"]
    assert f"#{number}," in path.read_text()
    return path.read_text().replace("NOPE,", "TEA-MINT,").replace(",NOPE", ",TEA-MINT")


@pytest.mark.parametrize("kind", ["bars", "jsonl", "fixed", "xlsx"])
def test_files_of_every_format_are_merged(shop: Shop, kind: str) -> None:
    """A file keeps what is its own: header, trailer, sheet, and its reject file in its own shape."""
    formats.workspace(shop, kind)
    shop.edit(FLOW, "channel: shopify}", "channel: shopify, merge: true}")
    for day, (name, sales) in enumerate(
        {"a": [Sale("A1"), Sale("A2", (("TEA", "two", "4.50"),))], "b": [Sale("B1"), Sale("B2")]}.items()
    ):
        shop.age(formats.written(kind, shop.root / formats.INBOX / f"{name}.{kind}", *sales), day)

    ran = shop.type("run", "--json")

    assert (ran.exit, told(ran)) == (3, [(f"a.{kind}", "done", 2, 6), (f"b.{kind}", "done", 2, 0)])
    [sent] = shop.files("data/outbox/erp/csv")
    assert [row["number"] for row in read_csv(sent.read_text().replace(";", ","))] == ["A1", "B1", "B2"]
    assert {Path(path).name.partition(".")[0] for path in ran.rows[0]["rejects"]} == {"a"}
    assert shop.trace("B1")[0]["file"] == f"b.{kind}"


def test_xml_files_are_merged_record_by_record(tmp_path: Path) -> None:
    partner = Partner(tmp_path / "ws").begin()
    partner.edit("mappings/flows/partner.yaml", "then: archive", "then: archive, merge: true")
    inbox = partner.root / "data/inbox/partner"
    for day, (name, text) in enumerate(
        {"a.xml": orders(record(1), record(2, ("NOPE", 1))), "b.xml": orders(record(3)), "c.xml": "<Orders>"}.items()
    ):
        (inbox / name).write_text(text, encoding="utf-8")
        partner.age(inbox / name, day)

    ran = partner.run_flow()

    assert {row["file"]: row["state"] for row in ran.rows} == {"a.xml": "done", "b.xml": "done", "c.xml": "rejected"}
    assert partner.taken() == ["1", "3"]
    assert len(partner.files("data/outbox/erp/partner")) == len(partner.files("data/outbox/wms/partner")) == 1
    [rejected] = [
        path for path in partner.files("data/rejects") if path.name.startswith("a.xml") and path.suffix == ".xml"
    ]
    assert b"NOPE" in rejected.read_bytes()


# --- which files go together --------------------------------------------------------------------------------------
def test_a_file_that_cannot_be_read_costs_the_others_nothing(merge: Shop) -> None:
    for name, content in (
        ("a.csv", export(order(1))),
        ("nameless.csv", "Name\n#1\n"),
        ("empty.csv", ""),
        ("torn.csv", export(order(2)) + "#3,short\n"),
    ):
        merge.drop(name, content)

    ran = merge.type("run", "--json")

    assert {row["file"]: (row["state"], row["claim"] in str(merge.files("data/rejects"))) for row in ran.rows} == {
        "a.csv": ("done", False),
        "nameless.csv": ("rejected", True),
        "empty.csv": ("rejected", True),
        "torn.csv": ("done", True),
    }
    assert erp(merge) == [["1", "2"]]
    assert clean(merge)


def test_a_copy_of_a_file_is_a_duplicate_whatever_it_is_merged_with(merge: Shop) -> None:
    merge.drop("a.csv", order(1))
    merge.drop("b.csv", order(2))
    merge.drop("a copy.csv", order(1))
    first = merge.type("run", "--json")
    merge.drop("c.csv", order(3))
    merge.drop("b copy.csv", order(2))
    second = merge.type("run", "--json")

    assert [(row["file"], row["state"]) for row in first.rows] == [
        ("a.csv", "done"),
        ("b.csv", "done"),
        ("a copy.csv", "duplicate"),
    ]
    assert [(row["file"], row["state"]) for row in second.rows] == [("b copy.csv", "duplicate"), ("c.csv", "done")]
    assert (first.exit, second.exit, erp(merge), clean(merge)) == (0, 0, [["1", "2"], ["3"]], True)


def test_files_that_tell_of_the_same_order_go_one_after_the_other(merge: Shop) -> None:
    """The lines of two exports are never added up, and an order of which two tell goes out once."""
    merge.drop("a.csv", [order(1), order(2, status="pending")])
    merge.drop("b.csv", order(3))
    merge.drop("c.csv", [order(1), order(2), order(4)])

    ran = merge.type("run", "--json")

    assert (ran.exit, erp(merge)) == (0, [["1", "3"], ["2", "4"]])
    assert {row["Quantity"] for row in merge.erp() if row["OrderNumber"] == "1"} == {"2"}
    assert "c.csv: not merged with the files before it: order 2 is in one of them too" in ran.err


def test_sets_are_as_large_as_they_may_be(shop: Shop) -> None:
    merging(shop, "{files: 2, bytes: 10kB}")
    for number in range(1, 6):
        shop.drop(f"{number}.csv", order(number))
    assert shop.type("run").exit == 0
    assert erp(shop) == [["1", "2"], ["3", "4"], ["5"]]

    shop.edit(FLOW, "bytes: 10kB", "bytes: 1000")
    for number in range(6, 8):
        assert shop.drop(f"{number}.csv", order(number)).stat().st_size > 500
    assert shop.type("run").exit == 0
    assert erp(shop)[-2:] == [["6"], ["7"]]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("maybe", "'merge' cannot be 'maybe'; expected true or false"),
        ("{files: 0}", "'files' is 0; write 1 or more"),
        ("{fles: 5}", "unknown key 'fles'; did you mean 'files'?"),
        ("{bytes: much}", "'bytes' cannot be 'much'; expected a size such as 500MB or 10GB"),
    ],
)
def test_a_mistake_in_it_is_told_where_it_stands(shop: Shop, written: str, said: str) -> None:
    checked = merging(shop, written).type("check")
    assert (checked.exit, said in checked.out) == (5, True), checked.out


def test_files_out_of_archives_are_merged_with_the_others(merge: Shop) -> None:
    merge.drop("a.csv", order(1))
    merge.drop("week.zip", zipped(monday__csv=export(order(2)), tuesday__csv=export(order(3))))

    ran = merge.type("run", "--json")

    assert (ran.exit, erp(merge), clean(merge)) == (0, [["1", "2", "3"]], True)
    assert [row["file"] for row in ran.rows] == ["week.zip", "a.csv", "week.zip/monday.csv", "week.zip/tuesday.csv"]


def test_done_files_and_what_becomes_of_a_source_are_as_ever(shop: Shop) -> None:
    shop.edit(FLOW, "settle: 10s", "done_file: '{name}.ok', merge: true")
    shop.edit(FLOW, "then: archive", "then: move, move_to: done")
    for number in (1, 2, 3):
        shop.drop(f"{number}.csv", order(number))
    for number, rows in ((1, "1"), (2, "rows=9")):
        shop.drop(f"{number}.csv.ok", rows, day=5)

    ran = shop.type("run", "--json")

    assert (ran.exit, erp(shop)) == (0, [["1"]])
    assert "2.csv is left where it is: is not complete: it has 1 record, 2.csv.ok says 9" in ran.err
    assert {path.name for path in shop.files(INBOX)} == {"2.csv", "2.csv.ok", "3.csv"}
    assert {path.name for path in shop.files("data/inbox/shopify/done")} == {"1.csv", "1.csv.ok"}


def test_a_file_that_a_person_names_goes_by_itself(merge: Shop) -> None:
    path = merge.drop("a.csv", order(1))
    merge.drop("b.csv", order(2))
    assert merge.type("run", "orders", "--file", str(path)).exit == 0
    assert erp(merge) == [["1"]]


def test_a_dry_run_shows_it_and_changes_nothing(merge: Shop) -> None:
    merge.drop("before.csv", order(9))
    merge.type("run")
    merge.drop("a.csv", order(1))
    merge.drop("b.csv", order(2))
    before = merge.content()

    ran = merge.type("run", "--dry-run", "--json")

    assert (ran.exit, told(ran)) == (0, [("a.csv", "dry run", 1, 2), ("b.csv", "dry run", 1, 0)])
    assert [output["records"] for output in ran.rows[0]["outputs"]] == [2, 2]
    assert merge.content() == before


def test_a_baseline_of_merged_files_sends_nothing(merge: Shop) -> None:
    merge.drop("a.csv", order(1))
    merge.drop("b.csv", order(2))
    assert merge.type("run", "--baseline").exit == 0
    assert merge.files("data/outbox") == []
    assert merge.take("c.csv", [order(1), order(2), order(3)]).documents["out"] == 1


# --- what comes back ----------------------------------------------------------------------------------------------
def test_rejects_of_each_file_are_fixed_and_dropped_back(merge: Shop) -> None:
    merge.drop("a.csv", [order(1), order(2, UNKNOWN)])
    merge.drop("b.csv", [order(3), order(4, UNKNOWN), order(5, UNKNOWN)])
    merge.type("run")
    assert {
        (row["document"], Path(row["file"]).name.partition(".")[0], row["file_line"]) for row in merge.open_rejects()
    } == {
        ("order/shopify/2", "a", 3),
        ("order/shopify/4", "b", 3),
        ("order/shopify/5", "b", 4),
    }
    for path in [path for path in merge.files("data/rejects") if path.suffix == ".csv"]:
        merge.drop(path.name, path.read_text().replace("NOPE", "TEA-MINT"))

    ran = merge.type("run", "--json")

    assert (ran.exit, merge.open_rejects(), erp(merge)) == (0, [], [["1", "3"], ["2"], ["4", "5"]])


def test_held_orders_are_released_and_files_replayed_one_by_one(merge: Shop) -> None:
    merge.drop("a.csv", [order(1), order(2, status="pending")])
    merge.drop("b.csv", [order(3), order(4, status="pending")])
    one, other = merge.type("run", "--json").rows

    assert merge.type("release", "order", "4", "--reason", "they called").exit == 0
    assert merge.sent()[1] == {"1", "3", "4"}
    replayed = merge.type("replay", other["claim"], "--reason", "lost", "--json")
    assert (replayed.exit, replayed.row["file"], replayed.documents["out"]) == (0, "b.csv", 1)
    path = merge.root / one["outputs"][1]["path"]
    sent = path.read_bytes()
    path.unlink()
    assert merge.type("resend", f"{one['claim']}.2", "--reason", "lost").exit == 0
    assert path.read_bytes() == sent
    refused = merge.type("resend", f"{other['claim']}.1", "--reason", "lost")
    assert f"it went out in the files of claim {one['claim']}" in refused.err


def test_a_target_that_waits_keeps_the_files_of_all(merge: Shop) -> None:
    merge.type("pause", "wms")
    merge.drop("a.csv", order(1))
    merge.drop("b.csv", order(2))
    ran = merge.type("run", "--json")
    assert [row["state"] for row in ran.rows] == ["sealed", "done"]
    assert merge.files(INBOX) == []
    refused = merge.type("replay", ran.rows[1]["claim"], "--reason", "why not")
    assert "which are not delivered whole yet: `exchange run orders` delivers what waits" in refused.err
    merge.type("resume", "wms")

    assert merge.type("run").exit == 0
    assert merge.sent() == ({"1", "2"}, {"1", "2"})


def test_a_guard_holds_the_file_it_is_tripped_by(merge: Shop) -> None:
    merge.edit(FLOW, "max_reject_rate: {share: 95%, at_least: 20}", "max_reject_rate: 20%")
    merge.drop("a.csv", order(1))
    merge.drop("b.csv", [order(2, UNKNOWN), order(3)])
    merge.drop("c.csv", order(4))

    ran = merge.type("run", "--json")

    assert (ran.exit, {row["file"]: row["state"] for row in ran.rows}) == (
        4,
        {"a.csv": "done", "b.csv": "held", "c.csv": "done"},
    )
    assert erp(merge) == [["1", "4"]]
    merge.edit(FLOW, "max_reject_rate: 20%", "max_reject_rate: 60%")
    assert merge.type("run").exit == 3
    assert erp(merge) == [["1", "4"], ["3"]]
