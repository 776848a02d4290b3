"""The end of a source: archived byte for byte, removed only if it is still the same file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exchange.engine.claim import Duplicate, take
from exchange.engine.house import BY_HAND
from exchange.engine.retire import archive_path, retire, set_duplicate_aside
from exchange.kernel.ledger import KnownClaim
from exchange.kernel.model import Claim, ClaimState, Origin
from tests.engine.desk import Desk, export, order


@pytest.fixture
def claim(desk: Desk) -> Claim:
    """A claimed file."""
    made = take(desk.house, desk.drop("day.csv", order(1001)))
    assert isinstance(made, Claim)
    return made


def test_archived_and_removed(desk: Desk, claim: Claim) -> None:
    assert retire(desk.house, claim) == ()

    assert archive_path(desk.house, claim).read_text(encoding="utf-8") == export(order(1001))
    assert desk.tree("data/inbox/shopify") == {}
    assert retire(desk.house, claim) == (), "harmless the second time"


def test_a_source_that_was_replaced_stays(desk: Desk, claim: Claim) -> None:
    desk.drop("day.csv", order(1001), order(1002))

    assert retire(desk.house, claim) == ("day.csv was replaced meanwhile: the new file stays for the next run",)
    assert desk.tree("data/inbox/shopify") == {"orders/day.csv": export(order(1001), order(1002)).encode()}
    assert archive_path(desk.house, claim).read_text(encoding="utf-8") == export(order(1001))


def test_delete_archives_nothing_and_keep_removes_nothing(desk: Desk, claim: Claim) -> None:
    retire(desk.house, replace(claim, then="keep"))
    assert list(desk.tree("data/inbox/shopify")) == ["orders/day.csv"]
    assert desk.house.ledger.files.sighting(claim.source) == claim.sha256

    archive_path(desk.house, claim).unlink()
    retire(desk.house, replace(claim, then="delete"))
    assert desk.tree("data/inbox/shopify") == desk.tree("data/archive") == {}


def test_a_file_named_by_hand_stays_where_it_is(desk: Desk, claim: Claim) -> None:
    by_hand = replace(claim, source=replace(claim.source, endpoint=BY_HAND))

    assert retire(desk.house, by_hand) == ()
    assert list(desk.tree("data/inbox/shopify")) == ["orders/day.csv"]


def test_released_rows_have_no_source_to_retire(desk: Desk, claim: Claim) -> None:
    assert retire(desk.house, replace(claim, origin=Origin.RELEASE)) == ()
    assert desk.tree("data/archive") == {}


@pytest.mark.parametrize(("then", "left"), [("archive", 0), ("delete", 0), ("keep", 1)])
def test_a_duplicate_leaves_the_folder(desk: Desk, claim: Claim, then: str, left: int) -> None:
    found = Duplicate(claim.source, claim.sha256, KnownClaim(claim, ClaimState.DONE))

    set_duplicate_aside(desk.house, found, then)

    assert len(desk.tree("data/inbox/shopify")) == left
    assert desk.house.ledger.files.sighting(claim.source) == claim.sha256
