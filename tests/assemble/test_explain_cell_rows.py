"""The row of a file belongs to one document, and to one of its lines."""

from __future__ import annotations

import pytest

from exchange.assemble.explain_cell import cell
from exchange.assemble.explain_works import Place
from exchange.assemble.house import ledger_of
from exchange.config.workspace import load_flows
from tests.flows.shop import Shop


@pytest.mark.parametrize(
    ("line", "document", "row", "source"), [(2, "1001", 1, 2), (3, "1001", 2, 3), (6, "1002", 3, 6)]
)
def test_a_row_is_a_line_of_a_document(delivered: Shop, line: int, document: str, row: int, source: int) -> None:
    [path] = delivered.files("data/outbox/erp/orders")

    with ledger_of(load_flows(delivered.root)) as ledger:
        own = cell(delivered.root, ledger, Place(path, line, "Sku"))
        shared = cell(delivered.root, ledger, Place(path, line, "OrderNumber"))

    assert (own.document, own.fields[0].row, own.fields[0].line) == (document, row, source)
    assert (shared.text, shared.fields[0].block) == (document, "fields")
