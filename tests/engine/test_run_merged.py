"""Files that go out together: one set of outputs, one seal, and each file's own report."""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

import pytest

from exchange.config.guards import Guards
from exchange.engine import run
from exchange.engine import run_merged as stages
from exchange.engine.claim import take
from exchange.engine.clash import Clash, Clashed
from exchange.engine.house import House
from exchange.engine.run import ATTEMPTS
from exchange.engine.run_merged import run_merged
from exchange.kernel.ledger import FactsChanged, Sealing
from exchange.kernel.model import Claim, ClaimState
from tests.engine.desk import Desk, Line, Order, order

BAD = Line("NOT-SOLD")


def taken(desk: Desk, **files: tuple[Order, ...]) -> list[Claim]:
    """Claim files by the names that are given, without `.csv`."""
    made = [take(desk.house, desk.drop(f"{name}.csv", *orders)) for name, orders in files.items()]
    claims = [claim for claim in made if isinstance(claim, Claim)]
    assert len(claims) == len(files)
    return claims


def test_outputs_are_the_oldest_ones_and_what_is_set_aside_is_each_ones_own(desk: Desk) -> None:
    claims = taken(desk, a=(order(1), order(2, BAD)), b=(order(3), order(4, status="pending")))

    reports = list(run_merged(desk.house, claims))

    assert [(report.claim, report.state, report.documents.as_json()) for report in reports] == [
        (claims[0].id, "done", {"in": 2, "out": 1, "rejected": 1, "filtered": 0, "held": 0}),
        (claims[1].id, "done", {"in": 2, "out": 1, "rejected": 0, "filtered": 0, "held": 1}),
    ]
    assert [len(report.outputs) for report in reports] == [2, 0]
    sealed = [desk.house.ledger.claims.sealed(claim.id) for claim in claims]
    assert [[each.artifact.kind for each in claim.deliveries] for claim in sealed] == [
        ["output", "output", "reject", "reject", "reject"],
        ["held"],
    ]
    assert [claim.outputs_of for claim in sealed] == [None, claims[0].id]
    assert desk.tree("data/state/work") == desk.tree("data/inbox/shopify") == {}


def test_where_nothing_goes_out_no_file_refers_to_another(desk: Desk) -> None:
    claims = taken(desk, a=(order(1, status="pending"),), b=(order(2, BAD),))

    reports = list(run_merged(desk.house, claims))

    assert [report.notes for report in reports] == [(), ()]
    assert [desk.house.ledger.claims.sealed(claim.id).outputs_of for claim in claims] == [None, None]


def test_a_file_that_repeats_a_document_begins_another_set(desk: Desk) -> None:
    claims = taken(
        desk, a=(order(1),), b=(order(2),), c=(order(2), order(3)), d=(order(1), order(4)), e=(order(3), order(5))
    )

    reports = list(run_merged(desk.house, claims))

    assert [bool(report.outputs) for report in reports] == [True, False, True, False, True]
    owners = [desk.house.ledger.claims.sealed(claim.id).outputs_of for claim in claims]
    assert owners == [None, claims[0].id, None, claims[2].id, None]
    assert [report.documents.filtered for report in reports] == [0, 0, 1, 1, 1]


def test_a_guard_holds_its_file_and_the_others_go_without_it(desk: Desk) -> None:
    claims = taken(desk, a=(order(1, BAD),), b=(order(2),), c=(order(3),))
    guarded = desk.house.flow.model_copy(update={"guards": Guards.model_validate({"max_reject_rate": "20%"})})

    reports = list(run_merged(replace(desk.house, flow=guarded), claims))

    assert [(report.file, report.state) for report in reports] == [
        ("a.csv", "held"),
        ("b.csv", "done"),
        ("c.csv", "done"),
    ]
    assert [known.state for known in desk.house.ledger.claims.open("orders")] == [ClaimState.HELD]
    assert len(desk.tree("data/outbox/erp")) == 1


def test_what_changed_meanwhile_is_decided_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    fails = iter([True, True, False, *[True] * ATTEMPTS])

    def commit(house: House, record: Sealing, *more: Sealing) -> None:
        if next(fails):
            raise FactsChanged(record.claim, ("1",))
        run.commit(house, record, *more)

    monkeypatch.setattr(stages, "commit", commit)

    assert [report.documents.out for report in run_merged(desk.house, taken(desk, a=(order(1),), b=(order(2),)))] == [
        1,
        1,
    ]
    with pytest.raises(FactsChanged):
        list(run_merged(desk.house, taken(desk, c=(order(3),), d=(order(4),))))


def test_what_cannot_stand_in_one_file_goes_in_two(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def clash(*_: object) -> NoReturn:
        raise Clashed((Clash("wms", "the key is there twice", ((0, 0),)),))

    monkeypatch.setattr(stages, "_make", clash)

    reports = list(run_merged(desk.house, taken(desk, a=(order(1),), b=(order(2),))))

    assert [(report.state, len(report.outputs)) for report in reports] == [("done", 2), ("done", 2)]
