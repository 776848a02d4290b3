"""Stage, note, reveal, note; each target on its own, in order, and after a crash nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest

from exchange.engine.reach import Limit
from exchange.kernel.errors import Stop
from exchange.kernel.exits import Exit
from exchange.kernel.ledger import Brake
from exchange.kernel.model import ArtifactState, Claim, ClaimState
from exchange.kernel.naming import temporary_name
from exchange.transports.memory import MemoryEndpoint
from tests.engine.hall import NOW, Hall


@contextmanager
def watched(hall: Hall) -> Iterator[list[str]]:
    """Write down what happens at the targets and in the ledger, in order."""
    happened: list[str] = []
    ledger = hall.house.ledger.claims

    def spy(name: str, told: Any, original: Any) -> Any:
        def called(*arguments: Any, **named: Any) -> Any:
            answer = original(*arguments, **named)
            happened.append(f"{name} {told(arguments)}")
            return answer

        return called

    def by_name(arguments: Any) -> str:
        """Return the artifact's name from the arguments of `stage` and `reveal`."""
        return str(arguments[1].name)

    with (
        patch.object(MemoryEndpoint, "stage", spy("stage", by_name, MemoryEndpoint.stage)),
        patch.object(MemoryEndpoint, "reveal", spy("reveal", by_name, MemoryEndpoint.reveal)),
        patch.object(ledger, "staged", spy("noted", lambda arguments: arguments[1], ledger.staged)),
        patch.object(ledger, "finish", spy("received", lambda arguments: sorted(arguments[2]), ledger.finish)),
    ):
        yield happened


def test_all_of_a_target_is_staged_and_noted_before_any_is_revealed(hall: Hall) -> None:
    claim = hall.sealed("a", (("erp", "1"), ("erp", "2")))

    with watched(hall) as happened:
        made = hall.publish(claim)

    assert happened == ["stage 1", "stage 2", "noted [1, 2]", "reveal 1", "reveal 2"]
    assert sorted(made.receipts) == [1, 2]
    assert made.waiting == []


def test_targets_here_go_first_and_each_remote_one_by_itself(hall: Hall) -> None:
    hall.places["crm"] = MemoryEndpoint("crm", remote=True)
    claim = hall.sealed("a", (("wms", "1"), ("erp", "2"), ("crm", "3"), ("wms", "4")))

    with watched(hall) as happened:
        made = hall.publish(claim)

    assert happened == [
        *("stage 2", "noted [2]", "reveal 2", "received [2]"),
        *("stage 1", "stage 4", "noted [1, 4]", "reveal 1", "reveal 4", "received [1, 4]"),
        *("stage 3", "noted [3]", "reveal 3"),
    ]
    assert sorted(made.receipts) == [3], "the others are in the ledger already"
    assert hall.states(claim)[1] is ArtifactState.DELIVERED


def test_a_dead_target_does_not_keep_anything_from_the_others(hall: Hall) -> None:
    hall.places["wms"].away = "no route to host"
    claim = hall.sealed("a")

    made = hall.publish(claim)

    assert hall.lies("erp") == ["SO_1.csv"]
    assert [artifact.name for artifact in made.waiting] == ["ORD_1.xml"]
    [waits] = hall.house.reach.said()
    assert (waits.endpoint, waits.files, waits.fault.exit) == ("wms", 1, Exit.UNAVAILABLE)
    assert "no route to host" in str(waits)
    assert str(waits).endswith("; 1 file for wms in data/outbox/.pending/wms, whole and in order")


def test_a_target_that_was_found_away_is_not_asked_again_in_the_run(hall: Hall) -> None:
    hall.places["wms"].away = "no route to host"
    hall.publish(hall.sealed("a"))
    hall.places["wms"].away = ""

    made = hall.publish(hall.sealed("b", (("wms", "ORD_2.xml"), ("erp", "SO_2.csv"))))

    assert [artifact.name for artifact in made.waiting] == ["ORD_2.xml"]
    assert (hall.lies("wms"), hall.lies("erp")) == ([], ["SO_1.csv", "SO_2.csv"])
    assert hall.house.reach.said()[0].files == 2


def test_a_later_claim_never_overtakes_an_earlier_one(hall: Hall) -> None:
    hall.places["wms"].away = "no route to host"
    first = hall.sealed("a", (("wms", "first"),))
    hall.publish(first)
    second = hall.sealed("b", (("wms", "second"), ("erp", "second")))
    hall.places["wms"].away = ""
    hall.next_run()

    made = hall.publish(second)

    assert [artifact.endpoint for artifact in made.waiting] == ["wms"]
    assert hall.lies("wms") == []
    assert f"earlier files (claim {first.id}) wait for wms: `exchange run orders`" in str(hall.house.reach.said()[0])
    hall.next_run()
    assert hall.publish(first, recovering=True).waiting == hall.publish(second, recovering=True).waiting == []
    assert hall.lies("wms") == ["first", "second"]


def test_what_follows_a_failure_waits_with_it_in_order(hall: Hall) -> None:
    hall.places["erp"].put("in", "2", b"somebody else's")
    claim = hall.sealed("a", (("erp", "1"), ("erp", "2"), ("erp", "3")))

    made = hall.publish(claim)

    assert sorted(made.receipts) == [1]
    assert [artifact.name for artifact in made.waiting] == ["2", "3"]
    assert hall.states(claim)[1:] == [ArtifactState.STAGED] * 2


def test_fault_23_a_taken_name_is_never_overwritten_silently(hall: Hall) -> None:
    """Fault 23, the engine's half: the delivery waits, exit 6; once the name is free it goes out."""
    hall.places["erp"].put("in", "1", b"somebody else's")
    claim = hall.sealed("a", (("erp", "1"),))

    hall.publish(claim)

    assert hall.places["erp"].files["in", "1"].data == b"somebody else's"
    assert hall.house.reach.said()[0].fault.exit is Exit.UNAVAILABLE
    del hall.places["erp"].files["in", "1"]
    hall.next_run()
    assert hall.publish(claim, recovering=True).waiting == []
    assert hall.places["erp"].files["in", "1"].data == b"a: 1"


def test_fault_23_our_own_file_of_that_name_is_done(hall: Hall) -> None:
    """Fault 23: the same content under the final name is our own delivery."""
    hall.places["erp"].put("in", "1", b"a: 1")

    made = hall.publish(hall.sealed("a", (("erp", "1"),)))

    assert not made.receipts[1].presumed
    assert made.waiting == []


def test_a_paused_target_waits_and_that_is_no_fault(hall: Hall) -> None:
    hall.house.ledger.brakes.pause(Brake("endpoint", "wms", "mara", "stocktaking", NOW))
    hall.next_run()

    made = hall.publish(hall.sealed("a"))

    assert [artifact.endpoint for artifact in made.waiting] == ["wms"]
    [waits] = hall.house.reach.said()
    assert waits.fault.exit is Exit.FINE
    assert "endpoint wms is paused by mara since 2026-03-04 00:00 UTC (stocktaking)" in str(waits)


def test_a_target_that_is_gone_from_the_configuration_is_a_thing_to_edit(hall: Hall) -> None:
    del hall.places["wms"]

    made = hall.publish(hall.sealed("a"))

    assert hall.lies("erp") == ["SO_1.csv"]
    assert [artifact.endpoint for artifact in made.waiting] == ["wms"]
    assert hall.house.reach.said()[0].fault.exit is Exit.CONFIGURATION


def test_a_staged_artifact_is_revealed_and_one_gone_presumed_delivered(hall: Hall) -> None:
    claim = hall.sealed("a", (("erp", "1"), ("erp", "2")))
    hall.house.ledger.claims.staged(claim.id, [1, 2], NOW)
    hall.places["erp"].put("in", temporary_name("1", claim.id), b"a: 1")

    with watched(hall) as happened:
        made = hall.publish(claim, recovering=True)

    assert happened == ["reveal 1", "reveal 2"]
    assert [made.receipts[number].presumed for number in (1, 2)] == [False, True]


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_fault_43_after_a_crash_the_bytes_are_compared_with_the_seal(hall: Hall, damage: str) -> None:
    """Fault 43: bit rot in what waits is found before anything of the claim is sent; later claims go on."""
    claim = hall.sealed("a")
    path = hall.house.work.folder(claim.id) / "2.artifact"
    path.write_bytes(b"a: SO_1.csV") if damage == "changed" else path.unlink()
    later = hall.sealed("b")
    hall.next_run()

    with pytest.raises(Stop, match=r"SO_1.csv for erp \(claim .* is not delivered"):
        hall.publish(claim, recovering=True)

    assert hall.lies("wms") == hall.lies("erp") == []
    assert hall.publish(later).waiting == []


def test_bytes_that_are_gone_before_they_are_staged_are_not_noted_as_staged(hall: Hall) -> None:
    claim = hall.sealed("a")
    later = hall.sealed("b")
    (hall.house.work.folder(claim.id) / "2.artifact").unlink()

    with pytest.raises(Stop, match=r"2.artifact is gone: SO_1.csv for erp"):
        hall.publish(claim)

    assert hall.states(claim) == [ArtifactState.SEALED] * 2
    assert hall.lies("wms") == hall.lies("erp") == []
    assert hall.publish(later).waiting == [], "later claims go on"


LIMIT = {"wms": Limit(2, ("in",))}


class TestLimit:
    """`max_in_flight`: delivered files that the partner has neither taken nor acknowledged."""

    def sent(self, hall: Hall, claim: Claim) -> list[str]:
        """Publish, take the receipts in, and return what waits."""
        made = hall.publish(claim)
        state = ClaimState.SEALED if made.waiting else ClaimState.DONE
        hall.house.ledger.claims.finish(claim.id, state, made.receipts, NOW)
        return [artifact.name for artifact in made.waiting]

    def test_the_rest_waits_until_some_are_taken(self, hall: Hall) -> None:
        hall.next_run(LIMIT)
        claim = hall.sealed("a", (("wms", "1"), ("wms", "2"), ("wms", "3"), ("erp", "4")))

        assert self.sent(hall, claim) == ["3"]
        assert hall.house.reach.said()[0].fault.exit is Exit.FINE
        hall.next_run(LIMIT)
        assert self.sent(hall, claim) == ["3"]
        del hall.places["wms"].files["in", "1"]
        hall.next_run(LIMIT)
        assert self.sent(hall, claim) == []
        assert hall.lies("wms") == ["2", "3"]

    def test_what_is_acknowledged_may_go_on_lying_there(self, hall: Hall) -> None:
        hall.next_run(LIMIT)
        claim = hall.sealed("a", (("wms", "1"), ("wms", "2")))
        self.sent(hall, claim)
        hall.house.ledger.deliveries.acknowledge(claim.id, 2, NOW)
        hall.next_run(LIMIT)

        assert self.sent(hall, hall.sealed("b", (("wms", "3"), ("wms", "4")))) == ["4"]

    def test_files_of_others_do_not_count(self, hall: Hall) -> None:
        for name in ("x", "y", "z"):
            hall.places["wms"].put("in", name, b"")
        hall.next_run(LIMIT)

        assert self.sent(hall, hall.sealed("a", (("wms", "1"), ("wms", "2")))) == []

    def test_a_set_with_done_files_goes_whole_or_not_at_all(self, hall: Hall) -> None:
        hall.next_run(LIMIT)
        files = (("wms", "1"), ("wms", "2"), ("wms", "3"), ("wms", "1.done"), ("wms", "2.done"), ("wms", "3.done"))
        kinds = {f"{number}.done": "done" for number in (1, 2, 3)}

        assert self.sent(hall, hall.sealed("a", files, kinds)) == [], "nobody would ever take half of it"
        hall.next_run(LIMIT)
        second = (("wms", "4"), ("wms", "4.done"))
        assert self.sent(hall, hall.sealed("b", second, {"4.done": "done"})) == ["4", "4.done"]
