"""What an idle run finds out without a ledger."""

from __future__ import annotations

import os
from pathlib import Path

from exchange.assemble.house import ledger_of
from exchange.assemble.idle import nothing_to_do
from exchange.config.models import Flow
from exchange.config.workspace import Setup, load_flows
from exchange.engine.discover import Settling
from exchange.engine.events import PassedOver
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

    [settling] = nothing_to_do(setup, [flow]) or []

    assert isinstance(settling, Settling)
    assert settling.source.name == "day.csv"


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


def test_an_unpacked_file_that_waits_needs_a_real_run(root: Path, setup: Setup, flow: Flow) -> None:
    with ledger_of(setup):
        pass
    path = root / "data/state/unpacked/orders/0123456789ab.0001.a.csv"
    path.parent.mkdir(parents=True)
    path.write_text("Name\n", encoding="utf-8")

    assert nothing_to_do(setup, [flow]) is None


def test_names_that_are_never_taken_are_said(root: Path, setup: Setup, flow: Flow) -> None:
    with ledger_of(setup):
        pass
    inbox = root / "data/inbox/shopify/orders"
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / "link.csv").symlink_to("/etc/hostname")

    [passed] = nothing_to_do(setup, [flow]) or []

    assert isinstance(passed, PassedOver)
    assert passed.shown == "link.csv"


def test_what_has_an_exit_code_of_its_own_needs_a_real_run(root: Path) -> None:
    """A file that is too large, a share that is not mounted: the run is recorded with how it ended."""
    setup = load_flows(root)
    with ledger_of(setup):
        pass
    drop(root, 60)
    edit(root, "mappings/flows/orders.yaml", "settle: 10s", "settle: 10s, max_size: 2B")
    assert nothing_to_do(load_flows(root), list(load_flows(root).flows.values())) is None

    edit(root, "mappings/exchange.yaml", "path: data/inbox/shopify", "path: data/inbox/shopify, mount_marker: .mounted")
    (root / "data/inbox/shopify/orders/day.csv").unlink()
    assert nothing_to_do(load_flows(root), list(load_flows(root).flows.values())) is None
