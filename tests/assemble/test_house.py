"""What a command works with, opened and let go of."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.assemble.house import ENDPOINTS, Session, endpoints, house_of, ledger_of, recorded
from exchange.config.models import Flow
from exchange.config.workspace import Setup
from exchange.engine.house import BY_HAND, HELD, REJECTS
from exchange.kernel.errors import FlowLocked
from exchange.kernel.exits import Exit


def test_a_run_is_recorded_with_how_it_ended(setup: Setup) -> None:
    ended: list[Exit] = []
    with ledger_of(setup) as ledger:
        with recorded(ledger, "run", ended) as number:
            assert ledger.summary().last_run is not None
            ended += [Exit.FINE, Exit.REJECTED]
        last = ledger.summary().last_run

    assert last is not None
    assert (last.number, last.command, last.exit) == (number, "run", 3)


def test_a_run_that_breaks_has_no_end(setup: Setup) -> None:
    with ledger_of(setup) as ledger:
        with pytest.raises(ZeroDivisionError), recorded(ledger, "run", []):
            raise ZeroDivisionError
        last = ledger.summary().last_run

    assert last is not None
    assert (last.ended_at, last.exit) == (None, None)


def test_one_run_of_a_flow_at_a_time(root: Path, setup: Setup, flow: Flow) -> None:
    with ledger_of(setup) as ledger:
        session = Session(root, setup, ledger, 1)
        with house_of(session, flow) as house:
            assert house.plan(0) is house.plan(0)
            with pytest.raises(FlowLocked), house_of(session, flow):
                pass
        with house_of(session, flow):
            pass


def test_the_products_own_places_are_there_too(root: Path, setup: Setup) -> None:
    made = endpoints(setup)

    assert set(made) == {"shopify", "wms", "erp", REJECTS, HELD, BY_HAND}
    assert made["shopify"].list("orders", "*") == []
    assert (root / "data/inbox/shopify/orders").is_dir()


def test_every_endpoint_type_of_the_configuration_has_its_class() -> None:
    assert set(ENDPOINTS) == {"local"}
