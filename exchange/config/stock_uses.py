"""Tells which flows work with the stock that a pick-up brings, apart from its own deliveries; light."""

from __future__ import annotations

from collections.abc import Iterator

from exchange.config.computed import Reconciliation
from exchange.config.models import PickUp
from exchange.config.workspace import Setup


def stock_uses(setup: Setup, flow: str, mapping: str) -> tuple[str, ...] | None:
    """Return what the figures that a flow reads by a mapping are used for, for example `availability (flow web)`.

    None where they are not kept: nothing but the flow's own deliveries works with them.
    """
    taken = setup.flows[flow].pick_up if flow in setup.flows else ()
    kept = [each for each in taken if each.mapping == mapping and each.stock is not None]
    return tuple(dict.fromkeys(use for each in kept for use in _uses(setup, each))) if kept else None


def _uses(setup: Setup, brought: PickUp) -> Iterator[str]:
    stock = brought.stock
    sold, told = stock is not None and stock.use == "sell", frozenset(stock.location if stock is not None else ())
    for name, flow in setup.flows.items():
        if sold and flow.rules.availability is not None:
            yield f"the orders of flow {name}"
        for computed in (each.computed for each in flow.pick_up if each.computed is not None):
            chosen = computed.chosen
            if isinstance(chosen, Reconciliation):
                works = (brought.channel or brought.from_) in {chosen.authority, *chosen.against}
            else:
                works = sold
            if works and not (told and chosen.locations and told.isdisjoint(chosen.locations)):
                yield f"{computed.name} (flow {name})"
