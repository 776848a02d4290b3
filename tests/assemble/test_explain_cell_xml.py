"""The character of an XML file belongs to one record, and to one of its elements."""

from __future__ import annotations

import pytest

from exchange.assemble.explain_cell import cell
from exchange.assemble.explain_choice import NotShown
from exchange.assemble.explain_works import Place
from exchange.assemble.house import ledger_of
from exchange.config.workspace import load_flows
from tests.flows.shop import Shop


def test_columns_count_characters_not_bytes(delivered: Shop) -> None:
    [path] = delivered.files("data/outbox/wms/orders")
    lines = path.read_text(encoding="utf-8").splitlines()
    line, text = next((number, text) for number, text in enumerate(lines, 1) if "<Name>" in text and not text.isascii())
    last = len(text) - len("</Name>")

    with ledger_of(load_flows(delivered.root)) as ledger:
        found = cell(delivered.root, ledger, Place(path, line, str(last)))
        with pytest.raises(NotShown, match="so there is no column"):
            cell(delivered.root, ledger, Place(path, line, str(len(text) + 1)))

    assert found.what == "/Order/ShipTo/Name"
    assert found.text is not None
    assert found.text in text


def test_header_and_footer_are_no_records(delivered: Shop) -> None:
    [path] = delivered.files("data/outbox/wms/orders")
    last = len(path.read_text(encoding="utf-8").splitlines())

    with ledger_of(load_flows(delivered.root)) as ledger, pytest.raises(NotShown, match="stands around the records"):
        cell(delivered.root, ledger, Place(path, last, "1"))
