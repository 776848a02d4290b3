"""The end of a source: archived byte for byte, removed only if it is still the same file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exchange.config.models import PickUp
from exchange.engine.claim import Duplicate, take
from exchange.engine.house import House
from exchange.engine.retire import archive_path, retire, set_duplicate_aside
from exchange.kernel.claim_rows import KnownClaim
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.model import BY_HAND, UNPACKED, Claim, ClaimState, Origin, SourceFile
from exchange.transports.local import LocalEndpoint
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


# --- moved, and with a done file ------------------------------------------------------------------------------------
def changed(desk: Desk, **pick_up: str) -> House:
    """Return the house with another pick-up."""
    flow = desk.house.flow
    made = PickUp.model_validate({**flow.pick_up[0].model_dump(by_alias=True), **pick_up})
    return replace(desk.house, flow=flow.model_copy(update={"pick_up": (made,)}))


def left(desk: Desk) -> list[str]:
    """Return what lies in the inbox, with its folder."""
    return list(desk.tree("data/inbox/shopify"))


def test_moved_at_the_source_and_archived_here(desk: Desk, claim: Claim) -> None:
    house, moved = changed(desk, then="move", move_to="done"), replace(claim, then="move")

    assert retire(house, moved) == ()
    assert left(desk) == ["done/day.csv"]
    assert archive_path(house, moved).exists()
    assert retire(house, moved) == (), "harmless the second time"
    assert left(desk) == ["done/day.csv"]


def test_a_place_to_move_to_that_was_taken_back(desk: Desk, claim: Claim) -> None:
    with pytest.raises(ConfigurationError, match="bring it back until the claim is done"):
        retire(desk.house, replace(claim, then="move"))
    assert left(desk) == ["orders/day.csv"]


@pytest.mark.parametrize(("then", "there"), [("archive", []), ("move", ["done/day.csv", "done/day.csv.done"])])
def test_a_done_file_goes_with_its_file(desk: Desk, claim: Claim, then: str, there: list[str]) -> None:
    """Also by a run that did not see it before: the one that saw it was ended."""
    desk.drop("day.csv.done", text="1")
    desk.drop("other.csv.done", text="1")
    more = {"move_to": "done"} if then == "move" else {}

    retire(changed(desk, done_file="{name}.done", then=then, **more), replace(claim, then=then))

    assert left(desk) == [*there, "orders/other.csv.done"]


def test_a_done_file_stays_with_a_file_that_stays(desk: Desk, claim: Claim) -> None:
    desk.drop("day.csv", order(1001), order(1002))
    desk.drop("day.csv.done", text="2")
    house = changed(desk, done_file="{name}.done")

    assert retire(house, claim) != ()
    assert left(desk) == ["orders/day.csv", "orders/day.csv.done"]
    retire(changed(desk, done_file="{name}.done", then="keep"), replace(claim, then="keep"))
    assert left(desk) == ["orders/day.csv", "orders/day.csv.done"]


def test_a_new_pair_that_came_meanwhile_is_let_be(desk: Desk, claim: Claim) -> None:
    """Our file is gone, a run was ended, and the partner has sent the next one under the same name."""
    house = changed(desk, done_file="{name}.done")
    desk.drop("day.csv.done", text="1")
    remove = type(desk.house.endpoints["shopify"]).remove
    path = desk.house.root / claim.source.path
    path.unlink()

    def removed_and_replaced(endpoint: LocalEndpoint, source: SourceFile) -> bool:
        gone = remove(endpoint, source)
        path.write_text("the next file", encoding="utf-8")
        return gone

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LocalEndpoint, "remove", removed_and_replaced)
        retire(house, claim)

    assert left(desk) == ["orders/day.csv", "orders/day.csv.done"]


def test_without_its_pick_up_a_source_is_still_let_go(desk: Desk, claim: Claim) -> None:
    house = changed(desk, mapping="another/mapping", done_file="{name}.done")

    assert retire(house, claim) == ()
    assert left(desk) == []


def test_a_file_out_of_an_archive_is_kept_under_its_shown_name(desk: Desk, claim: Claim) -> None:
    source = replace(claim.source, endpoint=UNPACKED, path="week.zip/day.csv")

    assert archive_path(desk.house, replace(claim, source=source)).name == f"{claim.id}.week.zip_day.csv"
