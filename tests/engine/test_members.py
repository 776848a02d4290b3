"""What came out of archives and waits."""

from __future__ import annotations

from dataclasses import replace

from exchange.engine.claim import take
from exchange.engine.members import member_file, members
from exchange.kernel.model import UNPACKED, Claim
from tests.engine.desk import AS_OF, Desk, order


def test_names_keep_the_claim_the_order_and_what_a_person_recognises() -> None:
    assert member_file("0123456789ab", 7, "mon/day .csv") == "0123456789ab.0007.mon_day .csv"


def test_members_are_ready_at_once_and_know_their_archive(desk: Desk) -> None:
    archive = take(desk.house, desk.drop("week.zip", text="no archive, but claimed as one"))
    assert isinstance(archive, Claim)
    folder = desk.house.root / "data/state/unpacked/orders"
    folder.mkdir(parents=True, exist_ok=True)
    for name in (member_file(archive.id, 2, "b.csv"), member_file(archive.id, 1, "a.csv"), "ffffffffffff.0001.x.csv"):
        (folder / name).write_text("Name\n")

    first, second = members(desk.house)

    assert [first.source.shown, second.source.shown] == ["week.zip/a.csv", "week.zip/b.csv"]
    assert (first.source.endpoint, first.source.folder, first.pick_up) == (UNPACKED, "orders", 0)
    assert first.archive is not None
    assert (first.archive.id, first.archive.source.name) == (archive.id, "week.zip")


def test_a_member_is_as_old_as_its_archive_and_exists_for_the_same_reason(desk: Desk) -> None:
    archive = take(desk.house, desk.drop("week.zip", text="claimed"))
    assert isinstance(archive, Claim)
    folder = desk.house.root / "data/state/unpacked/orders"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / member_file(archive.id, 1, "a.csv")).write_text("Name\n")
    [ready] = members(desk.house)

    claim = take(desk.house, ready, archive.origin)

    assert isinstance(claim, Claim)
    assert (claim.as_of, claim.parent, claim.channel, claim.then) == (AS_OF, archive.id, "shopify", "archive")
    assert claim.source.shown == "week.zip/a.csv"
    stored = desk.house.ledger.claims.get(claim.id)
    assert stored is not None
    assert (stored.claim.source.shown, stored.claim.parent) == (claim.source.shown, claim.parent)


def test_a_house_without_such_a_place_has_none(desk: Desk) -> None:
    assert members(replace(desk.house, endpoints={})) == []
    assert [ready.source.name for ready in [desk.drop("a.csv", order(1))]] == ["a.csv"]
    assert members(desk.house) == []
