"""What an idle run finds out without a ledger."""

from __future__ import annotations

import os
from pathlib import Path

from exchange.assemble.house import ledger_of
from exchange.assemble.idle import nothing_to_do
from exchange.config.models import Flow
from exchange.config.workspace import Setup, load_flows
from tests.assemble.edits import edit


def drop(root: Path, age: float) -> None:
    """Put a file into the inbox that was changed so many seconds ago."""
    path = root / "data/inbox/shopify/orders/day.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("Name\n", encoding="utf-8")
    now = path.stat().st_mtime
    os.utime(path, (now - age,) * 2)


def test_nothing_there_is_nothing_to_do(setup: Setup, flow: Flow) -> None:
    with ledger_of(setup):
        pass

    assert nothing_to_do(setup, [flow]) == []


def test_a_file_that_still_settles_is_said(root: Path, setup: Setup, flow: Flow) -> None:
    with ledger_of(setup):
        pass
    drop(root, 2)

    found = nothing_to_do(setup, [flow])

    assert found is not None
    assert [settling.source.name for settling in found] == ["day.csv"]


def test_a_ready_file_needs_a_real_run(root: Path, setup: Setup, flow: Flow) -> None:
    with ledger_of(setup):
        pass
    drop(root, 60)

    assert nothing_to_do(setup, [flow]) is None


def test_kept_files_need_the_ledger(root: Path) -> None:
    edit(root, "mappings/flows/orders.yaml", "then: archive", "then: keep")
    setup = load_flows(root)
    with ledger_of(setup):
        pass

    assert nothing_to_do(setup, list(setup.flows.values())) is None


def test_what_a_killed_run_has_left_needs_a_real_run(root: Path, setup: Setup, flow: Flow) -> None:
    with ledger_of(setup):
        pass
    (root / "data/state/work/orders/0123456789ab").mkdir(parents=True)

    assert nothing_to_do(setup, [flow]) is None
