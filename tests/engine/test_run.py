"""The way of one file, stage after stage."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from exchange.config.guards import Guards
from exchange.engine import run as stages
from exchange.engine.claim import take
from exchange.engine.decide import decide
from exchange.engine.run import ATTEMPTS, deliver, run_claim
from exchange.kernel.errors import Interrupted, Stop
from exchange.kernel.ledger import FactsChanged
from exchange.kernel.model import ArtifactState, Claim, ClaimState
from tests.engine.desk import Desk, Line, export, order

BAD = Line("NOT-SOLD")


def taken(desk: Desk, name: str = "day.csv", text: str = "") -> Claim:
    """Claim a file of one good, one held and one bad order."""
    orders = (order(1001), order(1002, status="pending"), order(1003, BAD))
    claim = take(desk.house, desk.drop(name, text=text or export(*orders)))
    assert isinstance(claim, Claim)
    return claim


def test_a_file_is_carried_to_its_end(desk: Desk) -> None:
    claim = taken(desk)

    report = run_claim(desk.house, claim)

    assert (report.state, report.documents.as_json()) == (
        "done",
        {"in": 3, "out": 1, "rejected": 1, "filtered": 0, "held": 1},
    )
    assert report.problems == {"LOOKUP_MISS": 1}
    assert [output["path"] for output in report.outputs] == [
        f"data/outbox/wms/orders/ORD_{claim.id}_001.xml",
        f"data/outbox/erp/orders/SO_{claim.id}.csv",
    ]
    assert list(desk.tree("data/inbox/shopify")) == []
    assert [name.partition("/")[2].partition("/")[2] for name in desk.tree("data/archive")] == [
        f"{claim.id}.day.csv",
        f"{claim.id}.sent/001.ORD_{claim.id}_001.xml",
        f"{claim.id}.sent/002.SO_{claim.id}.csv",
        f"{claim.id}.sent/003.day.csv.{claim.id}.rejects.csv",
    ]
    assert list(desk.tree("data/state/work")) == []
    sealed = desk.house.ledger.claims.sealed(claim.id)
    assert sealed.state is ClaimState.DONE
    assert {delivery.artifact.state for delivery in sealed.deliveries} == {ArtifactState.DELIVERED}


def test_a_file_that_cannot_be_read_is_rejected_whole(desk: Desk) -> None:
    report = run_claim(desk.house, taken(desk, text="Name,Email\n#1,a@example.com\n"))

    assert report.state == "rejected"
    assert set(report.problems) == {"MISSING_COLUMN"}
    assert (report.records.total, report.records.rejected, report.documents.total) == (1, 1, 0)
    assert [path.rpartition(".")[2] for path in report.rejects] == ["jsonl"]
    assert report.outputs == ()


def test_a_guard_holds_the_file_before_anything_is_sealed(desk: Desk) -> None:
    claim = taken(desk)
    flow = desk.house.flow.model_copy(update={"guards": Guards.model_validate({"max_reject_rate": "20%"})})

    report = run_claim(replace(desk.house, flow=flow), claim)

    assert report.state == "held"
    assert report.notes[0] == "max_reject_rate: 1 of 3 documents is rejected (33%), the limit is 20%"
    assert [path.name for path in (desk.house.root / "data/state/held").iterdir()] == [f"{claim.id}.md"]
    assert [known.state for known in desk.house.ledger.claims.open("orders")] == [ClaimState.HELD]
    assert desk.tree("data/outbox") == desk.tree("data/rejects") == {}
    assert desk.house.ledger.documents.known("order", "shopify", ["1001"]) == {}


def test_a_dry_run_says_what_would_be_and_leaves_nothing(desk: Desk) -> None:
    house = replace(desk.house, dry=True)
    ready = desk.drop("day.csv", order(1001))
    claim = take(house, ready)
    assert isinstance(claim, Claim)

    report = run_claim(house, claim)

    assert (report.state, report.documents.out) == ("dry run", 1)
    assert [output["records"] for output in report.outputs] == [1, 1]
    assert desk.tree("data/outbox") == {}
    assert desk.house.ledger.documents.version() == 0


def test_decides_again_when_another_flow_changed_a_document(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    claim, decided = taken(desk), []
    seal = desk.house.ledger.claims.seal

    def deciding(*arguments: Any) -> object:
        decided.append(1)
        return decide(*arguments)

    def sealing(record: Any) -> None:
        if len(decided) < 3:
            raise FactsChanged(claim.id, ("1001",))
        seal(record)

    monkeypatch.setattr(stages, "decide", deciding)
    monkeypatch.setattr(type(desk.house.ledger.claims), "seal", lambda _, record: sealing(record))

    assert run_claim(desk.house, claim).state == "done"
    assert len(decided) == 3
    assert len(desk.house.ledger.documents.trace("order", "1001")) == 1


def test_gives_up_when_the_facts_never_rest(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    claim, tries = taken(desk), []

    def sealing(*_: object) -> None:
        tries.append(1)
        raise FactsChanged(claim.id, ("1001",))

    monkeypatch.setattr(type(desk.house.ledger.claims), "seal", sealing)

    with pytest.raises(FactsChanged):
        run_claim(desk.house, claim)
    assert len(tries) == ATTEMPTS
    assert desk.tree("data/outbox") == {}


def test_what_does_not_balance_delivers_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object) -> None:
        raise Stop("does not balance")

    monkeypatch.setattr(stages, "balance", lost)

    with pytest.raises(Stop):
        run_claim(desk.house, taken(desk))
    assert desk.tree("data/outbox") == desk.tree("data/rejects") == {}


def test_a_signal_stops_before_the_seal_and_the_next_run_carries_on(desk: Desk) -> None:
    claim = taken(desk)

    def signal() -> None:
        raise Interrupted(15)

    with pytest.raises(Interrupted):
        run_claim(replace(desk.house, safe_point=signal), claim)

    assert desk.tree("data/outbox") == {}
    desk.house.ledger.claims.restart(claim.id)
    assert run_claim(desk.house, claim).state == "done"


def test_delivering_twice_changes_nothing(desk: Desk) -> None:
    claim = taken(desk)
    first = run_claim(desk.house, claim)
    before = desk.tree("data")

    again = deliver(desk.house, claim, 0.0)

    assert {name: data for name, data in desk.tree("data").items() if "ledger" not in name} == {
        name: data for name, data in before.items() if "ledger" not in name
    }
    assert (again.outputs, again.rejects) == (first.outputs, first.rejects)
