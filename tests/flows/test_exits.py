"""Exit codes: what each says, and which wins; `exchange check` says the most at once."""

from __future__ import annotations

import fcntl
import re
from pathlib import Path

from tests.flows.shop import Line, Shop, export, order

FLOW = "mappings/flows/orders.yaml"


def test_exit_2_for_what_the_command_line_gets_wrong(shop: Shop, tmp_path: Path) -> None:
    assert shop.type("run", "ordres").exit == 2
    assert "orders" in shop.type("run", "ordres").err
    assert shop.type("run", "--nonsense").exit == 2
    assert shop.type("run", "--settle", "soon").exit == 2
    (tmp_path / "x.csv").write_text("")
    assert shop.type("run", "--file", str(tmp_path / "x.csv")).exit in {0, 3}, "one flow only: no need to name it"


def test_exit_5_for_a_workspace_that_is_none_or_wrong(shop: Shop, tmp_path: Path) -> None:
    nowhere = Shop(tmp_path / "nowhere", init=False)
    assert nowhere.type("run").exit == 5
    shop.edit(FLOW, "deliver:", "delivr:")
    ran = shop.type("run")
    assert ran.exit == 5
    assert f"{FLOW}:" in ran.err
    assert "deliver" in ran.err


def test_exit_5_where_a_mapping_is_wrong_and_the_file_waits(shop: Shop) -> None:
    shop.edit("mappings/shopify/orders.yaml", '{remove_prefix: "#"}', '{remove_prefx: "#"}')
    path = shop.drop("a.csv", order(1))
    ran = shop.type("run")
    assert ran.exit == 5
    assert "mappings/shopify/orders.yaml:" in ran.err
    assert "remove_prefix" in ran.err
    shop.edit("mappings/shopify/orders.yaml", "remove_prefx", "remove_prefix")
    assert shop.type("run", "--json").documents["out"] == 1
    assert not path.exists()


def test_exit_6_where_a_target_cannot_be_written_and_the_next_run_delivers(shop: Shop) -> None:
    in_the_way = shop.root / "data/outbox/erp"
    in_the_way.parent.mkdir(parents=True, exist_ok=True)
    in_the_way.write_text("not a folder")
    path = shop.drop("a.csv", order(1))
    ran = shop.type("run")
    assert ran.exit == 6
    assert "data/outbox/erp" in ran.err
    assert not path.exists()
    assert len(shop.wms()) == 1
    assert shop.type("status").exit == 0
    in_the_way.unlink()
    again = shop.type("run", "--json")
    assert again.exit == 0
    assert shop.sent() == ({"1"}, {"1"})
    assert all(not file.name.startswith(".") for file in shop.files("data/outbox"))


def test_exit_2_where_a_file_to_take_is_not_there(shop: Shop) -> None:
    ran = shop.type("run", "orders", "--file", "nowhere.csv")
    assert (ran.exit, "nowhere.csv" in ran.err) == (2, True)


def test_exit_7_while_another_run_holds_the_flow(shop: Shop) -> None:
    """Fault 11: two runs overlap."""
    path = shop.drop("a.csv", order(1))
    lock = shop.root / "data/state/locks/orders.lock"
    lock.parent.mkdir(parents=True)
    with lock.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        ran = shop.type("run")
        assert ran.exit == 7
        assert "orders" in ran.err
        assert path.exists()
        assert shop.type("status").exit == 0
    assert shop.type("run").exit == 0


def test_exit_4_where_a_guard_holds_and_the_next_run_goes_on_when_it_allows(shop: Shop) -> None:
    shop.edit(FLOW, "max_reject_rate: {share: 95%, at_least: 20}", "max_reject_rate: 20%")
    ran = shop.take("a.csv", [order(1), order(2), order(3), order(4, Line("NOPE"))])
    assert (ran.exit, ran.row["state"]) == (4, "held")
    assert shop.files("data/outbox") == shop.files("data/rejects") == []
    assert shop.type("status", "--check").exit == 4
    assert shop.type("run").exit == 4
    shop.drop("b.csv", order(5))
    other = shop.type("run", "--json")
    assert other.exit == 4
    assert [(row["file"], row["state"]) for row in other.rows] == [("a.csv", "held"), ("b.csv", "done")]
    shop.edit(FLOW, "20%", "25%")
    on = shop.type("run", "--json")
    assert (on.exit, on.row["state"], on.documents["out"]) == (3, "done", 3)
    assert shop.sent() == ({"1", "2", "3", "5"}, {"1", "2", "3", "5"})


def test_exit_8_for_a_ledger_that_is_damaged_and_nothing_is_touched(shop: Shop) -> None:
    """Fault 10: the ledger is corrupt."""
    shop.take("a.csv", order(1))
    ledger = shop.root / "data/state/ledger.db"
    ledger.write_bytes(b"this is no database" * 500)
    path = shop.drop("b.csv", order(2))
    ran = shop.type("run")
    assert ran.exit == 8
    assert "ledger.db" in ran.err
    assert ledger.read_bytes() == b"this is no database" * 500
    assert path.exists()
    assert shop.sent() == ({"1"}, {"1"})


def second_flow(shop: Shop) -> Path:
    """Add a flow of a second shop, first by name, and return its inbox."""
    shop.edit("mappings/exchange.yaml", "  wms:", "  annex: {type: local, path: data/inbox/annex}\n  wms:")
    text = (shop.root / FLOW).read_text().replace("flow: orders", "flow: annex").replace("from: shopify", "from: annex")
    (shop.root / "mappings/flows/annex.yaml").write_text(text)
    assert shop.type("check").exit == 0
    inbox = shop.root / "data/inbox/annex/orders"
    inbox.mkdir(parents=True, exist_ok=True)
    return inbox


def test_several_codes_apply_and_the_worst_wins(shop: Shop) -> None:
    inbox = second_flow(shop)
    (inbox / "x.csv").write_text(export(order(9)))
    shop.age(inbox / "x.csv", 1)
    lock = shop.root / "data/state/locks/annex.lock"
    lock.parent.mkdir(parents=True)
    with lock.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        assert shop.type("run").exit == 7, "nothing else to say than that one flow is held"
        assert shop.take("a.csv", order(1, Line("NOPE"))).exit == 3, "rejected before locked"
        shop.drop("b.csv", order(2))
        both = shop.type("run", "--json")
        assert (both.exit, [row["file"] for row in both.rows]) == (7, ["b.csv"])
        assert "annex" in both.err
    assert shop.type("run", "annex", "--json").row["flow"] == "annex"


def test_a_flow_with_a_wrong_mapping_costs_no_other_flow(shop: Shop) -> None:
    inbox = second_flow(shop)
    mapping = (shop.root / "mappings/shopify/orders.yaml").read_text()
    (shop.root / "mappings/annex").mkdir()
    (shop.root / "mappings/annex/orders.yaml").write_text(
        mapping.replace("key: sku, value: warehouse", "key: sku, value: depot")
    )
    shop.edit("mappings/flows/annex.yaml", "shopify/orders", "annex/orders")
    (inbox / "x.csv").write_text(export(order(9)))
    shop.age(inbox / "x.csv", 1)
    shop.drop("a.csv", [order(1), order(2, Line("NOPE"))])
    ran = shop.type("run", "--json")
    assert (ran.exit, [row["file"] for row in ran.rows]) == (5, ["a.csv"])
    assert "mappings/annex/orders.yaml:" in ran.err
    assert "depot" in ran.err
    assert (inbox / "x.csv").exists()


def test_check_reports_the_mistakes_of_all_files_at_once(shop: Shop) -> None:
    shop.edit(FLOW, "otherwise: hold", "otherwise: wait")
    shop.edit(
        "mappings/shopify/orders.yaml",
        "requested_service: {from: Shipping Method, steps: [strip",
        "x: {from: Nme, steps: [strup",
    )
    shop.edit("mappings/shopify/orders.yaml", "{table: sales_units,", "{table: sales_unit,")
    shop.edit("mappings/erp/orders.yaml", "{from: customer_email}", "{from: customer_mail}")
    shop.edit("mappings/exchange.yaml", "{type: local, path: data/outbox/erp}", "{type: local, path: 012345}")
    ran = shop.type("check")
    assert ran.exit == 5
    told = [line for line in ran.out.splitlines() if not re.match(r" +(\d+|\+)? \| ", line)]
    for line in told:
        assert re.match(r"[^:]+:\d+:\d+: .+; .+", line), line
    assert len(told) == 7, "nothing is told because of another mistake"
    assert ran.out.count("^ error ") == 7, "each is shown below"
    for file, *words in (
        (FLOW, "wait", "hold"),
        ("mappings/shopify/orders.yaml", "strup", "strip"),
        ("mappings/shopify/orders.yaml", "Nme", "Name"),
        ("mappings/shopify/orders.yaml", "sales_unit;", "sales_units"),
        ("mappings/erp/orders.yaml", "customer_mail", "customer_email"),
        ("mappings/exchange.yaml", "012345", '"012345"'),
    ):
        assert any(line.startswith(file) and all(word in line for word in words) for line in told), words
