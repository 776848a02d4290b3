"""Files that go out together: what fails for what is in them is tried file by file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from exchange.engine import together
from exchange.engine.events import Failed
from exchange.engine.flow import run_flow
from exchange.engine.house import House
from exchange.kernel.errors import ConfigurationError, Interrupted, Stop, TryLater
from exchange.kernel.exits import Exit
from exchange.kernel.load import load
from exchange.kernel.model import FileReport
from tests.engine.desk import Desk, Line, order


@pytest.fixture
def merging(desk: Desk) -> Desk:
    """A desk whose flow merges, with two files to take."""
    flow = desk.house.flow
    pick_up = flow.pick_up[0].model_copy(update={"merge": True})
    desk.house = replace(desk.house, flow=flow.model_copy(update={"pick_up": (pick_up,)}))
    desk.drop("a.csv", order(1001))
    desk.drop("b.csv", order(1002), order(1003, Line("NOPE")))
    return desk


def ended(house: House) -> tuple[list[tuple[str, Exit]], list[tuple[str, str]]]:
    """Run the flow; return (file, exit) of what failed and (file, state) of the rest."""
    events = list(run_flow(house))
    failed = [(event.file, event.exit) for event in events if isinstance(event, Failed)]
    return failed, [(event.file, event.state) for event in events if isinstance(event, FileReport)]


def failing(monkeypatch: pytest.MonkeyPatch, fault: BaseException) -> None:
    """Let every set fail."""

    def carry(*_: object) -> Iterator[FileReport]:
        raise fault

    monkeypatch.setattr(together, "load", lambda _: carry)


@pytest.mark.parametrize("fault", [ZeroDivisionError("oh"), Stop("does not balance")])
def test_a_set_at_fault_is_said_and_its_files_go_one_by_one(
    merging: Desk, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    failing(monkeypatch, fault)
    code = Exit.INTEGRITY if isinstance(fault, Stop) else Exit.BUG

    assert ended(merging.house) == ([("a.csv, b.csv", code)], [("a.csv", "done"), ("b.csv", "done")])
    assert len(merging.tree("data/outbox/erp")) == 2


@pytest.mark.parametrize("fault", [TryLater("the disk is full"), ConfigurationError("mappings/x.yaml: no")])
def test_a_set_that_fails_for_something_outside_waits_and_that_counts_against_no_file(
    merging: Desk, monkeypatch: pytest.MonkeyPatch, fault: TryLater | ConfigurationError
) -> None:
    for _ in range(4):
        with monkeypatch.context() as patch:
            failing(patch, fault)
            assert ended(merging.house) == ([("a.csv, b.csv", fault.exit)], [])

    assert ended(merging.house) == ([], [("a.csv", "done"), ("b.csv", "done")])
    assert len(merging.tree("data/outbox/erp")) == 1


def test_a_signal_counts_against_no_file(merging: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, Interrupted(15))
    for _ in range(4):
        with pytest.raises(Interrupted):
            list(run_flow(merging.house))

    assert [known.tries for known in merging.house.ledger.claims.open("orders")] == [0, 0]


def test_what_was_sealed_before_the_fault_is_only_delivered(merging: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """No document goes out a second time."""
    carried = load("exchange.engine.run_merged:run_merged")

    def carry(house: House, claims: object) -> Iterator[FileReport]:
        yield from list(carried(house, claims))
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(together, "load", lambda _: carry)

    failed, done = ended(merging.house)

    assert (failed, len(merging.tree("data/outbox/erp"))) == ([("a.csv, b.csv", Exit.BUG)], 1)
    assert done == [("a.csv", "done"), ("b.csv", "done")]
    assert merging.tree("data/inbox/shopify") == {}


def test_rows_are_what_is_loaded_late() -> None:
    assert all(callable(load(row)) for row in together.ROWS)
