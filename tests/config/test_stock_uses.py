"""Which flows work with the stock that a pick-up brings."""

from __future__ import annotations

from pathlib import Path

from exchange.config.stock_uses import stock_uses
from exchange.config.workspace import load_flows
from tests.flows.yard import Yard

COMPUTED = """  - {{computed: {{{0}}}, channel: shop, mapping: yard/any}}
"""
FLOW = """
flow: {0}
pick_up:
{1}
deliver: [{{to: erp, folder: {0}, mapping: yard/out, name: "{0}_{{claim}}.csv"}}]
"""
SOURCE = "  - {from: yard, match: '*.csv', mapping: yard/stock, channel: wms, stock: {mode: snapshot}}\n"


def test_uses_are_told_by_what_is_computed_from_where(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "ws")
    differences = COMPUTED.format("reconciliation: {authority: wms, against: [erp]}")
    others = COMPUTED.format("reconciliation: {authority: erp, against: [amazon]}")
    web = COMPUTED.format("availability: {}") + COMPUTED.format("reorder: {}") + differences + others
    yard.write("mappings/flows/stock.yaml", FLOW.format("stock", SOURCE))
    yard.write("mappings/flows/web.yaml", FLOW.format("web", web))
    setup = load_flows(yard.root)

    assert stock_uses(setup, "stock", "yard/stock") == (
        "availability (flow web)",
        "reorder (flow web)",
        "reconciliation (flow web)",
    )
    assert stock_uses(setup, "stock", "yard/gone") is None
    assert stock_uses(setup, "gone", "yard/stock") is None
    yard.edit("mappings/flows/stock.yaml", "mode: snapshot", "mode: snapshot, use: compare")
    assert stock_uses(load_flows(yard.root), "stock", "yard/stock") == ("reconciliation (flow web)",)
