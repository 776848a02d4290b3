"""What was told of orders that were sent before is found again in the ledger."""

from __future__ import annotations

from pathlib import Path

from exchange.assemble.explain_moves import told_by
from exchange.assemble.house import ledger_of
from exchange.config.workspace import load_flows
from exchange.engine.moves import ACTIONS
from tests.flows.shop import Line, Shop, order


def test_each_document_has_its_action(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "ws")
    first = shop.take("a.csv", [order(1001), order(1002)]).row["claim"]
    second = shop.take("b.csv", [order(1001, Line("TEA-ASSAM", "5")), order(1003)]).row["claim"]

    with ledger_of(load_flows(shop.root)) as ledger:
        rows = ledger.documents.written(second)
        told = told_by(ledger, "order", ledger.claims.sealed(second).claim, rows)
        before = told_by(ledger, "order", ledger.claims.sealed(first).claim, ledger.documents.written(first))

    assert {number: ACTIONS[action] for number, action in told.actions.items()} == {"1001": "change", "1003": "new"}
    assert told.earlier == {"1001": first}
    assert (dict(before.earlier), set(before.actions)) == ({}, {"1001", "1002"})
