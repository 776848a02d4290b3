"""Finding rejects."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from exchange.kernel.miss import Miss
from exchange.kernel.reject_rows import ProblemRow, RejectClosing
from exchange.state.glance import parked
from exchange.state.ledger import SqlLedger
from tests.state.book import URL, reject, sealing, taken


def test_rejects_are_found_by_flow_and_state(ledger: SqlLedger) -> None:
    orders, stock = taken(ledger, "a"), taken(ledger, "b", flow="stock")
    one, two, three = reject(orders, 1), reject(orders, 2, ""), reject(stock, 1)
    ledger.claims.seal(replace(sealing(orders, 0), rejects=(two, one)))
    ledger.claims.seal(replace(sealing(stock, 1), rejects=(three,), closes=(RejectClosing(one.reject_id),)))

    assert ledger.rejects.find() == [two, three]
    assert ledger.rejects.find("orders") == [two]
    assert [row.reject_id for row in ledger.rejects.find("orders", "closed")] == [one.reject_id]
    assert [row.reject_id for row in ledger.rejects.find(state=None)] == [one.reject_id, two.reject_id, three.reject_id]
    assert ledger.rejects.get("000000000000-0001") is None
    assert one.document == "order/shopify/1001"


def test_files_that_were_rejected_whole_are_found_while_their_reject_is_open(ledger: SqlLedger) -> None:
    orders, later = taken(ledger, "a"), taken(ledger, "b")
    whole = replace(reject(orders, 1, ""), file_line=0)
    ledger.claims.seal(replace(sealing(orders, 0), rejects=(whole, reject(orders, 2, ""), reject(orders, 3))))

    assert ledger.rejects.of_files("orders") == [whole]
    assert ledger.rejects.of_files("stock") == []
    closed = RejectClosing(whole.reject_id, "superseded")
    ledger.claims.seal(replace(sealing(later, 1), closes=(closed,)))
    assert ledger.rejects.of_files("orders") == []


def test_problems_come_in_the_order_they_were_given(ledger: SqlLedger) -> None:
    owner = taken(ledger, "a")
    row = reject(owner, 1)
    problems = tuple(
        ProblemRow(f"CODE_{n}", "error", "m", reject_id=row.reject_id if n % 2 else None) for n in range(45)
    )
    ledger.claims.seal(replace(sealing(owner, 0), rejects=(row,), problems=problems))

    assert ledger.rejects.problems(row.reject_id) == list(problems[1::2])


def test_what_waits_for_tables_alone_is_known_with_each_line_that_they_lack(ledger: SqlLedger, tmp_path: Path) -> None:
    owner = taken(ledger, "a")
    codes = (("LOOKUP_MISS", "UNIT_UNKNOWN"), ("UNIT_UNKNOWN",), ("UNIT_UNKNOWN", "TOO_LONG"), ("LOOKUP_MISS",))
    rows = [replace(reject(owner, at, f"100{at}"), codes=found) for at, found in enumerate(codes)]
    item = Miss("items", ("sku",), ("TEA",))
    pack = Miss("packs", ("item_number", "unit"), ("100", "CS"))
    told = [
        ProblemRow("LOOKUP_MISS", "error", "m", value="tea", reject_id=rows[0].reject_id, lacks=item),
        *(ProblemRow("UNIT_UNKNOWN", "error", "m", value="2", reject_id=row.reject_id, lacks=pack) for row in rows[:3]),
        ProblemRow("TOO_LONG", "error", "m", reject_id=rows[2].reject_id),
        ProblemRow("LOOKUP_MISS", "error", "from before tables were kept", reject_id=rows[3].reject_id),
    ]
    ledger.claims.seal(replace(sealing(owner, 0), rejects=tuple(rows), problems=tuple(told)))

    waiting = ledger.rejects.parked("orders")
    assert [(each.reject, each.misses) for each in waiting] == [(rows[0], (item, pack)), (rows[1], (pack,))]
    assert parked(URL, tmp_path, "orders") == [(each.reject.opened_at, frozenset(each.misses)) for each in waiting]
