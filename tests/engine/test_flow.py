"""One run of one flow: recovery first, then file by file; one bad file costs no other."""

from __future__ import annotations

import pytest

from exchange.engine import single
from exchange.engine.claim import take
from exchange.engine.discover import Settling
from exchange.engine.events import Failed
from exchange.engine.flow import run_flow
from exchange.kernel.errors import Interrupted, TryLater
from exchange.kernel.exits import Exit
from exchange.kernel.load import load
from exchange.kernel.model import Claim, FileReport
from tests.engine.desk import Desk, order


def reports(desk: Desk) -> list[tuple[str, str]]:
    """Return (file, state) of a run."""
    return [(event.file, event.state) for event in run_flow(desk.house) if isinstance(event, FileReport)]


def test_files_are_taken_by_age_and_name(desk: Desk) -> None:
    for place, name in enumerate(["b.csv", "a.csv"]):
        desk.drop(name, order(1001 + place))

    assert reports(desk) == [("a.csv", "done"), ("b.csv", "done")]
    assert reports(desk) == []


def test_same_content_is_a_duplicate_and_taken_out_of_the_way(desk: Desk) -> None:
    desk.run("day.csv", order(1001))
    desk.drop("again.csv", order(1001))

    assert reports(desk) == [("again.csv", "duplicate")]
    assert desk.tree("data/inbox/shopify") == {}


def test_only_the_named_file_is_taken(desk: Desk) -> None:
    named = desk.drop("a.csv", order(1001))
    desk.drop("b.csv", order(1002))

    assert [event.file for event in run_flow(desk.house, only=named) if isinstance(event, FileReport)] == ["a.csv"]
    assert list(desk.tree("data/inbox/shopify")) == ["orders/b.csv"]


def test_what_still_settles_is_said(desk: Desk) -> None:
    ready = desk.drop("day.csv", order(1001))
    (desk.house.root / ready.source.path).touch()

    [event] = run_flow(desk.house)

    assert isinstance(event, Settling)
    assert event.source.name == "day.csv"


def test_what_was_left_open_is_carried_on_first(desk: Desk) -> None:
    claim = take(desk.house, desk.drop("b.csv", order(1001)))
    assert isinstance(claim, Claim)
    desk.house.work.incoming().write_bytes(b"a copy that nobody owns")
    desk.drop("a.csv", order(1002))

    assert reports(desk) == [("b.csv", "done"), ("a.csv", "done")]
    assert desk.tree("data/state/work") == {}


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        (TryLater("the disk is full"), Exit.UNAVAILABLE, "the disk is full"),
        (ZeroDivisionError("oh"), Exit.BUG, "this is a bug in exchange:\nTraceback"),
    ],
)
def test_a_fault_costs_its_own_file_only(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, fault: Exception, code: Exit, said: str
) -> None:
    desk.drop("a.csv", order(1001))
    desk.drop("b.csv", order(1002))
    carried = load("exchange.engine.run:run_claim")

    def carry(house: object, claim: Claim) -> object:
        if claim.source.name == "a.csv":
            raise fault
        return carried(house, claim)

    rows = {single._RUN_CLAIM: carry}
    monkeypatch.setattr(single, "load", lambda row: rows.get(row) or load(row))

    events = list(run_flow(desk.house))

    [failed, done] = events
    assert isinstance(failed, Failed)
    assert (failed.file, failed.exit) == ("a.csv", code)
    assert failed.message.startswith(said)
    assert isinstance(done, FileReport)
    assert (done.file, done.state) == ("b.csv", "done")


def test_a_signal_ends_the_run(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.drop("a.csv", order(1001))

    def carry(*_: object) -> object:
        raise Interrupted(15)

    monkeypatch.setattr(single, "load", lambda _: carry)

    with pytest.raises(Interrupted):
        list(run_flow(desk.house))
