"""Who can be delivered to: not the away, not the paused, and nobody before earlier claims."""

from __future__ import annotations

import pytest

from exchange.engine.reach import Limit, Reach, paused
from exchange.kernel.errors import Braked, TryLater
from exchange.kernel.exits import Exit
from exchange.kernel.ledger import Brake
from exchange.kernel.model import Artifact, Claim, ClaimState
from exchange.transports.memory import MemoryEndpoint
from tests.engine.desk import claim_of
from tests.engine.hall import NOW, Hall
from tests.state.book import artifact


@pytest.fixture
def reach(hall: Hall) -> Reach:
    """What a run knows at its start."""
    return hall.house.reach


def waiting(owner: Claim, *numbers: int) -> list[Artifact]:
    """Return artifacts for the WMS."""
    return [artifact(owner, number) for number in numbers]


def test_all_can_be_reached_until_somebody_finds_otherwise(reach: Reach) -> None:
    assert reach.why_not("a", "wms") is None
    reach.lost("wms", TryLater("no route"))
    reach.lost("wms", TryLater("another reason"))

    assert str(reach.why_not("a", "wms")) == "no route"
    assert reach.why_not("a", "erp") is None
    assert reach.said() == [], "nothing waits for it"


def test_who_waits_is_first_and_the_others_behind(hall: Hall) -> None:
    first, second = hall.sealed("a", (("wms", "1"),)), hall.sealed("b", (("wms", "2"), ("erp", "2")))
    hall.next_run()
    reach = hall.house.reach

    assert reach.why_not(first.id, "wms") is None
    assert f"earlier files (claim {first.id}) wait for wms" in str(reach.why_not(second.id, "wms"))
    assert reach.why_not(second.id, "erp") is None
    reach.forget(first.id, "erp")
    assert reach.why_not(second.id, "wms") is not None
    reach.forget(first.id)
    assert reach.why_not(second.id, "wms") is None


def test_who_waits_behind_files_that_wait_for_a_limit_is_told_of_the_limit(hall: Hall) -> None:
    lies, first, second = (hall.sealed(name, (("wms", name),)) for name in "abc")
    hall.house.ledger.claims.finish(lies.id, ClaimState.DONE, hall.publish(lies).receipts, NOW)
    reach = Reach(hall.house.ledger, "orders", {"wms": Limit(1, ("in",))})

    earlier = reach.unexplained(second.id, "wms")
    assert [(made.claim, made.endpoint) for made in earlier] == [(first.id, "wms")]
    assert reach.unexplained(first.id, "wms") == [], "nothing goes before it"
    assert reach.unexplained(second.id, "erp") == []
    reach.look(hall.places["wms"], "wms", earlier)
    reach.look(hall.places["wms"], "wms", earlier)

    fault = reach.why_not(second.id, "wms")
    assert isinstance(fault, Braked)
    assert f"earlier files (claim {first.id}) wait for wms and go first, and wms has as many" in str(fault)
    reach.waits(artifact(second, 1), TryLater("behind"))
    assert reach.unexplained(second.id, "wms") == [], "it is known by now"


def test_a_brake_is_no_fault_and_says_who(hall: Hall) -> None:
    brake = Brake("endpoint", "wms", "mara", "", NOW)
    hall.house.ledger.brakes.pause(brake)
    hall.house.ledger.brakes.pause(Brake("flow", "erp", "mara", "a flow of that name", NOW))
    hall.next_run()

    fault = hall.house.reach.braked("wms")

    assert isinstance(fault, Braked)
    assert fault.exit is Exit.FINE
    assert str(fault) == paused(brake)
    assert paused(brake).startswith("endpoint wms is paused by mara since 2026-03-04 00:00 UTC; `exchange resume wms`")
    assert hall.house.reach.braked("erp") is None


def test_what_waits_is_said_once_for_each_target(reach: Reach) -> None:
    one, two = claim_of("a"), claim_of("b")
    for made in (*waiting(one, 1, 2), *waiting(two, 1)):
        reach.waits(made, TryLater("no route"))
        reach.waits(made, TryLater("no route"))

    [said] = reach.said()

    assert str(said) == "no route; 3 files for wms in data/outbox/.pending/wms, whole and in order"


@pytest.mark.parametrize(
    ("lying", "most", "kinds", "through"),
    [
        (0, 2, "ooo", 2),
        (1, 2, "ooo", 1),
        (2, 2, "o", 0),
        (5, 2, "o", 0),
        (0, 2, "ooddo", 5),
        (1, 2, "oodd", 0),
        (1, 2, "od", 2),
        (0, 1, "oodd", 4),
    ],
)
def test_a_limit_lets_through_what_there_is_room_for(
    hall: Hall, lying: int, most: int, kinds: str, through: int
) -> None:
    """A set with done files (d) goes whole or not at all, unless nothing lies there: it would wait for ever."""
    before = hall.sealed("before", tuple(("erp", str(number)) for number in range(lying)))
    hall.publish(before)
    hall.house.ledger.claims.finish(before.id, hall.house.ledger.claims.sealed(before.id).state, {}, NOW)
    for number in range(lying):
        receipt = hall.places["erp"].reveal(hall.house.ledger.claims.sealed(before.id).deliveries[number].artifact)
        hall.house.ledger.claims.finish(
            before.id, hall.house.ledger.claims.sealed(before.id).state, {number + 1: receipt}, NOW
        )
    reach = Reach(hall.house.ledger, "orders", {"erp": Limit(most, ("in",))})
    words = {"o": "output", "d": "done"}
    made = [artifact(claim_of("x"), number, words[kind]) for number, kind in enumerate(kinds, 1)]

    let, why = reach.admitted(hall.places["erp"], "erp", made)

    assert let == made[:through]
    assert (why is None) == (through == len(made))
    assert reach.admitted(MemoryEndpoint("crm"), "crm", made) == (made, None), "no limit"
