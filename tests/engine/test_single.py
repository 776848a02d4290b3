"""The work on one file: tried again after a crash, refused at the end, never at the cost of another file."""

from __future__ import annotations

import pytest

from exchange.engine import single
from exchange.engine.claim import take
from exchange.engine.events import Failed
from exchange.engine.single import attempt, claimed, guarded, recovered, restarted, run_file
from exchange.kernel.claim_rows import KnownClaim
from exchange.kernel.errors import TryLater
from exchange.kernel.exits import Exit
from exchange.kernel.load import load
from exchange.kernel.model import Claim, FileReport, Origin
from tests.engine.desk import Desk, order


def taken(desk: Desk, name: str = "a.csv") -> Claim:
    """Claim a file."""
    made = take(desk.house, desk.drop(name, order(1001)))
    assert isinstance(made, Claim)
    return made


def known(desk: Desk, claim: Claim) -> KnownClaim:
    """Return a claim as the ledger has it."""
    found = desk.house.ledger.claims.get(claim.id)
    assert found is not None
    return found


def test_each_start_after_a_crash_is_counted_and_the_last_is_refused(desk: Desk) -> None:
    claim = taken(desk)
    assert [restarted(desk.house, known(desk, claim)) for _ in range(2)] == [2, 3]
    assert desk.house.flow.pick_up[0].tries == 3

    report = recovered(desk.house, known(desk, claim))

    assert report is not None
    assert (report.state, report.problems) == ("rejected", {"POISON_FILE": 1})


def test_what_is_not_the_files_fault_is_not_counted(desk: Desk) -> None:
    claim = taken(desk)

    def away() -> FileReport:
        raise TryLater("the disk is full")

    with pytest.raises(TryLater):
        attempt(desk.house, claim, away)
    assert known(desk, claim).tries == 0


def test_a_fault_is_an_event(desk: Desk) -> None:
    def broken() -> FileReport:
        raise ZeroDivisionError("oh")

    [failed] = guarded(desk.house, "a.csv", broken)

    assert isinstance(failed, Failed)
    assert (failed.file, failed.exit, failed.message[-5:]) == ("a.csv", Exit.BUG, ": oh\n")


def test_a_duplicate_is_reported_where_a_claim_was_asked_for(desk: Desk) -> None:
    first = run_file(desk.house, desk.drop("a.csv", order(1001)))
    assert first is not None

    found = claimed(desk.house, desk.drop("b.csv", order(1001)), Origin.PICK_UP)

    assert isinstance(found, FileReport)
    assert (found.state, found.claim, found.file) == ("duplicate", first.claim, "b.csv")


def test_rows_are_what_is_loaded_late() -> None:
    assert all(callable(load(row)) for row in single.ROWS)
