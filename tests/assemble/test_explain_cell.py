"""A place of a delivered file, walked back; the flows of tests/flows/test_trace_cell.py go further."""

from __future__ import annotations

import pytest

from exchange.assemble.explain_cell import cell
from exchange.assemble.explain_choice import NotShown
from exchange.assemble.explain_works import Place
from exchange.assemble.house import ledger_of
from exchange.config.workspace import load_flows
from tests.flows.shop import Shop


def test_a_cell_knows_document_part_claim_and_source(delivered: Shop) -> None:
    [path] = delivered.files("data/outbox/wms/orders")
    lines = path.read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, start=1) if 'part="2"' in text)

    with ledger_of(load_flows(delivered.root)) as ledger:
        found = cell(delivered.root, ledger, Place(path, line + 4, "Warehouse"))

    assert (found.what, found.text, found.document, found.part) == ("/Order/Warehouse", "LYO", "1002", 2)
    assert [record.line for record in found.records] == [5]
    assert found.records[0].data.startswith(b"#1002,")
    assert found.claim.source.name == "01_clean_day.csv"
    assert (found.changed, found.notes) == ((), ())


def test_a_flow_that_is_gone_is_said(delivered: Shop) -> None:
    [path] = delivered.files("data/outbox/erp/orders")
    flow = delivered.root / "mappings/flows/orders.yaml"
    text = flow.read_text(encoding="utf-8")
    flow.rename(flow.with_suffix(".away"))
    try:
        with ledger_of(load_flows(delivered.root)) as ledger, pytest.raises(NotShown, match="flow orders, which made"):
            cell(delivered.root, ledger, Place(path, 2, "1"))
    finally:
        flow.with_suffix(".away").rename(flow)
    assert flow.read_text(encoding="utf-8") == text
