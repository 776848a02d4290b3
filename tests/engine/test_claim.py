"""Ownership: a synced copy, a durable row, and nothing the second time."""

from __future__ import annotations

from dataclasses import replace

from exchange.engine.claim import Duplicate, Incomplete, take
from exchange.engine.single import run_file
from exchange.kernel.model import Claim, ClaimState, Origin
from exchange.kernel.naming import claim_id
from tests.engine.desk import AS_OF, Desk, export, order


def test_a_file_becomes_ours_and_stays_where_it_is(desk: Desk) -> None:
    ready = desk.drop("day.csv", order(1001))

    claim = take(desk.house, ready)

    assert isinstance(claim, Claim)
    assert claim.id == claim_id("orders", claim.sha256, 1)
    assert (claim.channel, claim.mapping, claim.attempt, claim.as_of) == ("shopify", "shopify/orders", 1, AS_OF)
    assert (claim.origin, claim.then, claim.source) == (Origin.PICK_UP, "archive", ready.source)
    assert desk.house.work.source(claim.id).read_text(encoding="utf-8") == export(order(1001))
    assert list(desk.tree("data/inbox/shopify")) == ["orders/day.csv"]
    assert [known.state for known in desk.house.ledger.claims.open("orders")] == [ClaimState.CLAIMED]


def test_gone_or_changed_since_it_was_seen_is_left_for_the_next_run(desk: Desk) -> None:
    gone, changed = desk.drop("gone.csv", order(1001)), desk.drop("changed.csv", order(1002))
    (desk.house.root / gone.source.path).unlink()
    (desk.house.root / changed.source.path).write_text("more", encoding="utf-8")

    assert (take(desk.house, gone), take(desk.house, changed)) == (None, None)
    assert desk.house.ledger.claims.open("orders") == []


def test_content_that_is_done_is_a_duplicate_under_any_name(desk: Desk) -> None:
    report = desk.run("day.csv", order(1001))

    found = take(desk.house, desk.drop("again.csv", order(1001)))

    assert isinstance(found, Duplicate)
    assert (found.earlier.claim.id, found.earlier.state) == (report.claim, ClaimState.DONE)
    assert list(desk.tree("data/state/work")) == []


def test_content_that_another_claim_still_works_on_waits(desk: Desk) -> None:
    take(desk.house, desk.drop("day.csv", order(1001)))

    assert take(desk.house, desk.drop("again.csv", order(1001))) is None


def test_content_that_was_rejected_whole_may_be_tried_again(desk: Desk) -> None:
    text = export(order(1001), columns=("Name",))
    first = run_file(desk.house, desk.drop("day.csv", text=text))
    assert first is not None
    assert first.state == "rejected"

    again = take(desk.house, desk.drop("day.csv", text=text))

    assert isinstance(again, Claim)
    assert (again.attempt, again.id) == (2, claim_id("orders", first.sha256, 2))


def test_a_claim_counts_its_first_try(desk: Desk) -> None:
    claim = take(desk.house, desk.drop("day.csv", order(1001)))
    assert isinstance(claim, Claim)

    assert desk.house.ledger.claims.restart(claim.id, counted=True) == 2


def test_what_its_done_file_does_not_bear_out_is_left(desk: Desk) -> None:
    ready = desk.drop("day.csv", order(1001), order(1002))
    control = desk.drop("day.csv.done", text="3")

    found = take(desk.house, replace(ready, control=control.source))

    assert found == Incomplete(ready.source, "is not complete: it has 2 records, day.csv.done says 3")
    assert desk.house.ledger.claims.open("orders") == []
    assert desk.tree("data/state/work") == {}


def test_dry_run_records_nothing(desk: Desk) -> None:
    claim = take(replace(desk.house, dry=True), desk.drop("day.csv", order(1001)))

    assert isinstance(claim, Claim)
    assert desk.house.ledger.claims.open("orders") == []
