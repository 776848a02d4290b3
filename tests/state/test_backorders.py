"""What waits for stock, in the ledger."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from exchange.kernel.backorder_rows import Backorder, BackorderRecord, Want
from exchange.kernel.ledger import FactsChanged
from exchange.kernel.model import Claim
from exchange.kernel.stock_rows import StockMove, StockRecord
from exchange.state.glance import open_flows
from exchange.state.ledger import SqlLedger
from tests.state.book import URL, at, claim, sealing, taken


def waits(owner: Claim, number: str, *, since: int = 0, partly: bool = True) -> Backorder:
    wants = (Want("LYO", "600", "EA", 2, "KNIFE"), Want("HAM", "100", "CS", 1))
    return Backorder("orders", "order", "shopify", number, owner.id, 3, 2, at(-5), at(since), partly, wants)


def seal(ledger: SqlLedger, content: str, *waiting: tuple[str, int], over: tuple[str, ...] = ()) -> Claim:
    owner = taken(ledger, content)
    rows = tuple(waits(owner, number, since=since) for number, since in waiting)
    record = BackorderRecord("order", "shopify", rows, over)
    ledger.claims.seal(replace(sealing(owner, ledger.documents.version()), backorders=record))
    return owner


def test_what_waits_is_found_the_oldest_first_until_it_is_over(ledger: SqlLedger, tmp_path: Path) -> None:
    first = seal(ledger, "a", ("1", 5), ("2", 1))
    assert ledger.backorders.of_flow("orders") == [waits(first, "2", since=1), waits(first, "1", since=5)]
    assert [found.number for found in ledger.backorders.find("order", ["1", "9"], "shopify")] == ["1"]
    assert ledger.backorders.find("order", None, "other") == ledger.backorders.of_flow("stock") == []

    second = seal(ledger, "b", ("1", 5), over=("2", "7"))
    assert ledger.backorders.find("order") == [waits(second, "1", since=5)]
    assert open_flows(URL, tmp_path) == frozenset({"orders"})


def test_what_was_taken_of_the_same_stock_meanwhile_is_decided_again(ledger: SqlLedger) -> None:
    mine, other, third = (taken(ledger, content) for content in "abc")
    version = ledger.documents.version()
    record = BackorderRecord("order", "shopify")

    def take(owner: Claim, item: str, quantity: int, seen: int) -> None:
        moves = (StockMove("HAM", item, Decimal(quantity)),)
        made = replace(sealing(owner, seen), backorders=record, stock=StockRecord(moves=moves, endpoints=("wms",)))
        ledger.claims.seal(made)

    take(other, "tea", 1, version)
    take(third, "cup", 1, version)  # of something else
    with pytest.raises(FactsChanged, match="tea"):
        take(mine, "tea", 1, version)
    take(mine, "tea", 1, ledger.documents.version())


def test_wants_as_people_are_told() -> None:
    assert [want.shown for want in waits(claim("x"), "1").wants] == ["2 KNIFE at LYO", "1 CS of 100 at HAM"]
    assert Want("", "600", "EA", 2).shown == "2 600"
