"""What waits for a table alone: a work list, and nothing but the missing line to write."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from exchange.assemble.idle import nothing_to_do
from exchange.assemble.quiet import MARK
from exchange.config.workspace import load_flows
from tests.flows.rejectbook import sheet, typed
from tests.flows.shop import Line, Shop, export, order, read_csv

ITEMS = "mappings/tables/items.csv"
SERVICES = "mappings/tables/services.csv"
NEW = "TEA-NEW,100099,2900001000994,New Tea,EA,100,HAM\n"
OTHER = "POT-NEW,200099,2900002000993,New Pot,EA,900,HAM\n"


def add(shop: Shop, line: str) -> None:
    """Add a line to the items."""
    with (shop.root / ITEMS).open("a", encoding="utf-8") as stream:
        stream.write(line)


@pytest.fixture
def parked(shop: Shop) -> Shop:
    """A shop with orders of items that are not in the table: three of tea, one of a pot, one of both, one unpaid."""
    tea, pot = Line("tea-new ", price="5.00", name="New Tea"), Line("POT-NEW", price="9.00", name="New Pot")
    orders = [order(1, tea), order(2, tea), order(3, pot), order(4, tea, pot), order(5)]
    ran = shop.take("a.csv", [*orders, order(6, replace(pot, quantity="two"))])
    assert ran.documents["rejected"] == 5
    return shop


def test_work_list_is_ranked_by_how_many_wait(parked: Shop) -> None:
    rows = parked.type("rejects", "missing", "--json").rows
    assert [(row["table"], row["column"], row["value"].strip(), row["documents"]) for row in rows] == [
        ("items", "sku", "tea-new", 3),
        ("items", "sku", "POT-NEW", 2),
    ]
    said = parked.type("rejects", "missing")
    assert "3  tea-new" in said.out
    assert "mappings/tables/items.csv" in said.out
    assert "exchange run orders" in said.err


def test_adding_the_line_releases_exactly_what_waited_for_it(parked: Shop) -> None:
    before = {row["document"].split("/")[-1] for row in parked.open_rejects()}
    assert before == {"1", "2", "3", "4", "6"}
    add(parked, NEW)
    ran = parked.type("run", "orders", "--json")
    assert ran.exit == 0
    assert parked.sent(ran) == ({"1", "2"}, {"1", "2"})
    assert {row["document"].split("/")[-1] for row in parked.open_rejects()} == {"3", "4", "6"}
    assert parked.trace(1)[-1]["disposition"] == "out"
    add(parked, OTHER)
    again = parked.type("run", "orders", "--json")
    assert parked.sent(again) == ({"3", "4"}, {"3", "4"})
    assert {row["document"].split("/")[-1] for row in parked.open_rejects()} == {"6"}, "it has another problem too"


def test_run_without_a_new_line_does_nothing(parked: Shop) -> None:
    def content() -> dict[str, bytes]:
        return {name: data for name, data in parked.content().items() if "ledger.db" not in name and name != MARK}

    before = content()
    for _ in range(2):  # by the configuration, then by a look at folders
        ran = parked.type("run", "orders")
        assert (ran.exit, "nothing to do" in ran.err + ran.out) == (0, True)
        assert content() == before


def test_idle_run_opens_the_ledger_only_where_an_edited_table_has_all_that_a_reject_lacks(parked: Shop) -> None:
    setup = load_flows(parked.root)

    def needs_a_run() -> bool:
        return nothing_to_do(setup, list(setup.flows.values())) is None

    items = parked.root / ITEMS
    before = items.read_bytes()
    assert not needs_a_run()
    add(parked, "CUP,300,2900003000992,Cup,EA,100,HAM\n")
    assert not needs_a_run(), "it was edited, and lacks the same as before"
    add(parked, NEW)
    assert needs_a_run()
    items.write_bytes(before + NEW.replace("TEA-NEW", "TEA-OLD").encode())
    assert not needs_a_run()


def test_a_table_that_is_moved_in_counts_from_then_on(parked: Shop) -> None:
    """`mv` and `cp -p` keep the time of the edit: it was made before the orders came, and nobody took them up."""
    items = parked.root / ITEMS
    prepared = items.with_name("items.new")
    prepared.write_text(items.read_text(encoding="utf-8") + NEW, encoding="utf-8")
    os.utime(prepared, (0, 0))
    prepared.replace(items)

    ran = parked.type("run", "orders", "--json")

    assert (ran.exit, parked.sent(ran)) == (0, ({"1", "2"}, {"1", "2"}))


def test_newer_export_goes_first_and_nothing_is_sent_twice(parked: Shop) -> None:
    add(parked, NEW)
    ran = parked.take("b.csv", [order(1, Line("TEA-ASSAM", "9")), order(7)])
    assert parked.sent(ran)[0] == {"1", "2", "7"}
    assert [(row["Action"], row["Sku"]) for row in parked.erp() if row["OrderNumber"] == "1"] == [("new", "TEA-ASSAM")]
    assert "1" not in {row["document"].split("/")[-1] for row in parked.open_rejects()}


def test_waive_needs_a_reason_and_is_recorded(parked: Shop) -> None:
    [first, *_] = parked.open_rejects()
    refused = parked.type("rejects", "waive", first["reject_id"])
    assert (refused.exit, "--reason" in refused.err) == (2, True)
    done = parked.type("rejects", "waive", first["reject_id"], "--reason", "customer gave up", "--as", "eva")
    assert done.exit == 0
    assert first["reject_id"] not in {row["reject_id"] for row in parked.open_rejects()}
    [action] = [each for each in parked.ledger_actions() if each.what == "waive"]
    assert (action.who, action.subject, action.reason) == ("eva", first["reject_id"], "customer gave up")
    add(parked, NEW)
    parked.type("run", "orders")
    assert first["document"].split("/")[-1] not in parked.sent()[0], "what was waived is not taken up again"


def test_waive_is_all_or_nothing_and_dry_run_changes_nothing(parked: Shop) -> None:
    [first, *_] = parked.open_rejects()
    refused = parked.type("rejects", "waive", first["reject_id"], "nope", "--reason", "x")
    assert (refused.exit, "reject nope is not known" in refused.err) == (2, True)
    assert parked.type("rejects", "waive", first["reject_id"], "--reason", "x", "--dry-run").exit == 0
    assert len(parked.open_rejects()) == 5


def test_assigned_rejects_are_found_by_name(parked: Shop) -> None:
    [first, *_] = parked.open_rejects()
    assert parked.type("rejects", "assign", first["reject_id"], "--to", "mara").exit == 0
    rows = parked.type("rejects", "list", "--assigned", "mara", "--json").rows
    assert [row["reject_id"] for row in rows] == [first["reject_id"]]
    assert parked.type("rejects", "show", first["reject_id"], "--json").row["assigned_to"] == "mara"


def test_a_correction_that_fails_stays_with_who_looks_after_it(shop: Shop) -> None:
    """The document is the same, though its reject has another id: an assignment is not lost without a word."""
    ran = shop.take("day.csv", [order(1, Line("NOPE")), order(2, Line("NOPE"))])
    first, second = shop.open_rejects()
    assert shop.type("rejects", "assign", first["reject_id"], "--to", "mara").exit == 0
    again = shop.take("fixed.csv", shop.reject_file(ran).read_text(encoding="utf-8").replace(",NOPE,", ",NEVER,"))
    assert again.exit == 3
    assert not {first["reject_id"], second["reject_id"]} & {row["reject_id"] for row in shop.open_rejects()}
    assigned = shop.type("rejects", "list", "--assigned", "mara", "--json").rows
    assert [row["document"] for row in assigned] == [first["document"]]
    shop.take("fixed2.csv", shop.reject_file(again).read_text(encoding="utf-8").replace(",NEVER,", ",TEA-MINT,"))
    assert shop.open_rejects() == []
    shop.take("new.csv", order(1, Line("NOPE"), cells={"Notes": "changed"}))
    assert shop.type("rejects", "list", "--assigned", "mara", "--json").rows == [], "that one was settled"


def test_a_file_that_is_rejected_whole_again_stays_with_who_looks_after_it(shop: Shop) -> None:
    shop.take("day.csv", b"nothing,here\n1,2\n")
    shop.type("rejects", "assign", shop.open_rejects()[0]["reject_id"], "--to", "mara")
    shop.take("day.csv", b"nothing,here\n1,3\n")
    [row] = shop.open_rejects()
    assert shop.type("rejects", "show", row["reject_id"], "--json").row["assigned_to"] == "mara"


@pytest.fixture
def by_two(shop: Shop) -> Shop:
    """A shop that looks services up by country and method, and does not know one pair of the two."""
    shop.edit(
        "mappings/shopify/orders.yaml",
        "{from: Shipping Method, steps: [strip]}",
        "{from: [Shipping Country, Shipping Method], "
        "steps: [strip, {lookup: {table: services, key: [country, method], value: service}}]}",
    )
    (shop.root / SERVICES).write_text("country,method,service\nDE,Standard,DHL\n", encoding="utf-8")
    ran = shop.take("a.csv", [order(1), *(order(n, cells={"Shipping Method": "Express"}) for n in (2, 3))])
    assert ran.documents["rejected"] == 2
    assert shop.problems(ran)[0]["message"].endswith(
        "'country DE, method Express' is not in the column 'country, method' of table services"
    )
    return shop


def test_what_two_columns_lack_is_listed_with_both(by_two: Shop) -> None:
    [row] = by_two.type("rejects", "missing", "--json").rows
    assert (row["value"], row["column"], row["documents"]) == ("DE", "country, where method is 'Express'", 2)
    assert (row["table"], row["key"]) == ("services", {"country": "DE", "method": "Express"})
    assert (
        "DE  is not in column country, where method is 'Express' of " + SERVICES
        in by_two.type("rejects", "missing").out
    )


def test_adding_the_line_releases_what_waited_for_two_columns(by_two: Shop) -> None:
    before = by_two.open_rejects()
    with (by_two.root / SERVICES).open("a", encoding="utf-8") as stream:
        stream.write("DE,Overnight,UPS\nFR,Express,UPS\n")
    assert "nothing to do" in by_two.type("run", "orders").err
    assert by_two.open_rejects() == before, "a line for the country alone helps none of them"
    with (by_two.root / SERVICES).open("a", encoding="utf-8") as stream:
        stream.write("DE,Express,UPS\n")
    ran = by_two.type("run", "orders", "--json")
    assert (ran.exit, by_two.sent(ran)[0]) == (0, {"2", "3"})
    assert by_two.open_rejects() == []


PACKS = "mappings/tables/packs.csv"


@pytest.fixture
def unpacked(shop: Shop) -> Shop:
    """A shop with three orders of pallets that no line of the packs tells the size of; one has another problem too."""
    shop.edit("mappings/tables/sales_units.csv", "SOAP-PALLET,PL", "SOAP-PALLET,PAL")
    pallet = Line("SOAP-PALLET", name="Soap")
    wrong = replace(pallet, quantity="two")
    ran = shop.take("a.csv", [order(1), order(2, pallet), order(3, pallet, pallet), order(4, pallet, wrong)])
    assert ran.documents["rejected"] == 3
    return shop


def test_pack_sizes_that_are_missing_are_listed_too(unpacked: Shop) -> None:
    [row] = unpacked.type("rejects", "missing", "--json").rows
    assert (row["table"], row["documents"]) == ("packs", 2)
    assert row["key"] == {"item_number": "300020", "unit": "PAL"}
    assert (
        f"2  300020  is not in column item_number, where unit is 'PAL' of {PACKS}"
        in unpacked.type("rejects", "missing").out
    )


def test_adding_a_pack_size_releases_what_waited_for_it_however_its_unit_is_written(unpacked: Shop) -> None:
    with (unpacked.root / PACKS).open("a", encoding="utf-8") as stream:
        stream.write("300020,CS,12\n100010,PAL,480\n")
    assert "nothing to do" in unpacked.type("run", "orders").err, "another unit of it, and another item in that unit"
    with (unpacked.root / PACKS).open("a", encoding="utf-8") as stream:
        stream.write("300020,pallet,600\n")
    ran = unpacked.type("run", "orders", "--json")
    assert (ran.exit, unpacked.sent(ran)[0]) == (0, {"2", "3"})
    assert [row["document"].split("/")[-1] for row in unpacked.open_rejects()] == ["4"]
    assert unpacked.type("rejects", "missing", "--json").rows == []


def test_list_counts_by_code_flow_and_age(parked: Shop) -> None:
    said = parked.type("rejects", "list", "--code", "LOOKUP_MISS").err
    assert "5 x LOOKUP_MISS: Not found in a table" in said
    assert "5 in orders: 5 today" in said


def test_export_brings_rejects_of_several_files_together_to_be_corrected(parked: Shop) -> None:
    parked.take("b.csv", order(8, Line("nope")))
    target = parked.root / "todo.csv"
    assert parked.type("rejects", "export", str(target)).exit == 0
    rows = read_csv(target.read_text(encoding="utf-8"))
    assert {row["Name"] for row in rows} == {"#1", "#2", "#3", "#4", "#6", "#8"}
    fixed = (
        target.read_text().replace("tea-new ", "TEA-ASSAM").replace("POT-NEW", "TEA-MINT").replace("nope", "TEA-MINT")
    )
    ran = parked.take("todo.csv", fixed.replace("nope", "TEA-MINT"))
    assert parked.sent(ran)[0] >= {"1", "2", "3", "4", "8"}
    assert {row["document"].split("/")[-1] for row in parked.open_rejects()} <= {"6"}
    assert parked.type("rejects", "export", str(target)).exit == 2, "a file is never overwritten"

    parked.take("c.csv", [order(9, Line("nope")), order(10, Line("TEA-MINT"), Line("never"))])
    book = parked.root / "todo.xlsx"
    assert f"exchange rejects import {book}" in parked.type("rejects", "export", str(book)).out
    names, *rest = sheet(book)
    told = {row[names.index("Name")]: row[names.index("_problems")] for row in rest if row[names.index("_problems")]}
    assert set(told) == {"#6", "#9", "#10"}
    assert "'never' is not in the column 'sku' of table items -> add a line" in told["#10"]
    assert [row[names.index("_action")] for row in rest if row[names.index("Name")] == "#10"] == ["fix", ""]
    assert sheet(book, "Summary")[1][0] == "LOOKUP_MISS"
    column = names.index("Lineitem sku")
    cells = {(n, "Lineitem sku"): "TEA-MINT" for n, row in enumerate(rest, 2) if row[column] in {"nope", "never"}}
    ran = parked.type("rejects", "import", str(typed(book, parked.root / "typed.xlsx", cells)), "--json")
    assert (ran.exit, parked.sent(ran)[0]) == (0, {"9", "10"})


def test_rows_that_stand_apart_are_left_for_the_reject_file(shop: Shop) -> None:
    tea = Line("TEA-NEW", price="5.00", name="New Tea")
    header, first, second, other = export(order(1, tea, tea), order(2)).splitlines(keepends=True)
    shop.take("a.csv", header + first + other + second)
    add(shop, NEW)
    ran = shop.type("run", "orders")
    assert ran.exit == 0
    assert "drop its reject file back" in ran.err
    assert shop.sent()[0] == {"2"}
