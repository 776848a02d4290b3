"""Who acts and why is taken from the command line, and a run of its own is recorded."""

from __future__ import annotations

import getpass

from exchange.assemble.house import ledger_of
from exchange.config.workspace import load_flows
from tests.flows.shop import Shop


def test_the_user_of_this_machine_acts_unless_another_name_is_given(busy: Shop) -> None:
    claim = busy.trace(1001)[0]["claim"]
    busy.type("resend", f"{claim}.1")
    busy.type("resend", f"{claim}.1", "--as", "anna", "--reason", "lost")

    assert [(action.who, action.reason) for action in busy.ledger_actions()] == [
        (getpass.getuser(), ""),
        ("anna", "lost"),
    ]


def test_what_a_person_does_is_a_run_with_its_exit_code(busy: Shop) -> None:
    claim = busy.trace(1001)[0]["claim"]
    busy.type("replay", claim)

    with ledger_of(load_flows(busy.root)) as ledger:
        run = ledger.summary().last_run

    assert run is not None
    assert (run.command, run.exit) == (f"replay {claim}", 3)


def test_a_flow_that_is_gone_is_refused(busy: Shop) -> None:
    claim = busy.trace(1001)[0]["claim"]
    flow = busy.root / "mappings/flows/orders.yaml"
    flow.rename(flow.with_name("sales.yaml"))
    busy.edit("mappings/flows/sales.yaml", "flow: orders", "flow: sales")

    ran = busy.type("resend", f"{claim}.1")

    assert (ran.exit, "flow orders that took it is not in this workspace any more" in ran.err) == (2, True)


def test_what_waits_afterwards_is_said_and_counts(busy: Shop) -> None:
    busy.type("pause", "wms")
    claim = busy.trace(1001)[0]["claim"]

    ran = busy.type("resend", f"{claim}.1", "--json")

    assert (ran.exit, ran.row["state"], ran.row["path"]) == (0, "sealed", "")
    assert "1 file for wms in data/outbox/.pending/wms" in ran.err
