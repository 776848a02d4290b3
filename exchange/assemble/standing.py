"""Tells how the stock of an item came about: what was told, what was taken since, what each channel may sell of it."""

from __future__ import annotations

from exchange.assemble.clock import now
from exchange.assemble.plan import load_plan
from exchange.config.workspace import Setup
from exchange.engine.computed import standing
from exchange.kernel.ledger import Ledger
from exchange.kernel.pipeline import machine_of
from exchange.kernel.stock_rows import Available
from exchange.rules.figures import number


def stock_lines(setup: Setup, ledger: Ledger, name: str) -> list[str]:
    """Return a line for each location of an item, and for each sum that is told of it; none where nobody knows it."""
    from_now = standing(ledger, now())
    told: dict[str, None] = {}
    for flow in setup.flows.values():
        for index, pick_up in enumerate(flow.pick_up):
            if pick_up.computed is not None:
                computing = machine_of(load_plan(setup.root, flow, index)).computing
                told.update(dict.fromkeys(computing.explain(from_now, name) if computing is not None else ()))
    return list(told) or [_line(row) for row in from_now.available if row.item == name]


def _line(row: Available) -> str:
    elsewise = "".join(f" - {number(taken)} {unit} sent since" for unit, taken in row.elsewise.items())
    return (
        f"{row.item} at {row.location}: {number(row.on_hand)} on hand - {number(row.reserved)} reserved - "
        f"{number(row.committed)} sent since{elsewise} = {number(row.free)} {row.unit} "
        f"({row.source}, {row.as_of:%Y-%m-%d %H:%M} UTC, claim {row.claim})"
    )
