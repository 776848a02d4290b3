"""The life of a claim, race and crash included."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from exchange.kernel.claim_rows import Delivery, KnownClaim
from exchange.kernel.document_rows import DocumentBlock
from exchange.kernel.errors import Stop
from exchange.kernel.ledger import AlreadyClaimed
from exchange.kernel.model import ArtifactState, ClaimState, Counts, Receipt
from exchange.state.ledger import SqlLedger, open_ledger
from tests.state.book import NOW, URL, artifact, at, claim, document, sealed, sealing, taken


def test_taken_claim_comes_back_as_it_was(ledger: SqlLedger) -> None:
    odd = "t\udce4glich \\udc80 \\\udc80.csv"
    new = claim("a", name=odd)
    new = replace(new, parent="0123456789ab", then="keep", as_of=at(-7), source=replace(new.source, path=f"in/{odd}"))

    ledger.claims.take(new, ledger.runs.start("run", NOW))

    assert ledger.claims.open("orders") == [KnownClaim(new, ClaimState.CLAIMED, 1)]
    assert ledger.claims.latest("orders", new.sha256) == KnownClaim(new, ClaimState.CLAIMED, 1)
    assert ledger.claims.latest("stock", new.sha256) is None


def test_same_attempt_cannot_be_taken_twice(ledger: SqlLedger) -> None:
    first = taken(ledger, "a")

    with pytest.raises(AlreadyClaimed, match=r"day.csv was claimed for flow orders by another run"):
        ledger.claims.take(replace(first, id="ffffffffffff"), 1)

    assert ledger.claims.open("orders") == [KnownClaim(first, ClaimState.CLAIMED, 1)]


def test_latest_is_the_last_attempt(ledger: SqlLedger) -> None:
    first = sealed(ledger, "a", [])
    second = replace(first, id="ffffffffffff", attempt=2)
    ledger.claims.take(second, 1)

    assert ledger.claims.latest("orders", first.sha256) == KnownClaim(second, ClaimState.CLAIMED, 1)
    assert [entry.claim for entry in ledger.claims.open("orders")] == [second]


def test_open_claims_are_those_of_the_flow_that_are_not_over_oldest_first(ledger: SqlLedger) -> None:
    taken(ledger, "stock", flow="stock")
    sealed(ledger, "done", [])
    one, two, three = (taken(ledger, content) for content in ("1", "2", "3"))
    ledger.claims.seal(sealing(two, ledger.documents.version()))
    ledger.claims.hold(three.id, NOW, ("too many rejects",))

    assert [(entry.claim.id, entry.state) for entry in ledger.claims.open("orders")] == [
        (one.id, ClaimState.CLAIMED),
        (two.id, ClaimState.SEALED),
        (three.id, ClaimState.HELD),
    ]


def test_restart_forgets_documents_and_lets_go_of_a_hold(ledger: SqlLedger) -> None:
    owner = taken(ledger, "a")
    ledger.documents.add(owner.id, "order", "shopify", DocumentBlock.of([document("1001")]))
    ledger.claims.hold(owner.id, NOW, ("too many rejects",))

    ledger.claims.restart(owner.id)

    assert ledger.claims.open("orders") == [KnownClaim(owner, ClaimState.CLAIMED, 1)]
    ledger.documents.add(owner.id, "order", "shopify", DocumentBlock.of([document("1002")]))
    ledger.claims.seal(sealing(owner, 0))
    assert set(ledger.documents.known("order", "shopify", ["1001", "1002"])) == {"1002"}


def test_tries_are_counted_and_excused(ledger: SqlLedger) -> None:
    owner = taken(ledger, "a")
    assert ledger.claims.open("orders")[0].tries == 1, "to take it is to try it"
    ledger.claims.excuse(owner.id)
    ledger.claims.excuse(owner.id)
    ledger.claims.excuse("ffffffffffff")

    assert ledger.claims.restart(owner.id) == 0
    assert [ledger.claims.restart(owner.id, counted=True) for _ in range(2)] == [1, 2]
    ledger.claims.excuse(owner.id)
    assert ledger.claims.restart(owner.id, counted=True) == 2
    assert ledger.claims.open("orders")[0].tries == 2


def test_claims_are_found_by_id_and_by_its_beginning(ledger: SqlLedger) -> None:
    one, two = taken(ledger, "a"), taken(ledger, "b")
    ledger.claims.seal(sealing(one, 0))

    assert ledger.claims.get(one.id) == KnownClaim(one, ClaimState.SEALED, 1)
    assert ledger.claims.get(one.id[:6]) is ledger.claims.get("ffffffffffff") is None
    assert [known.claim for known in ledger.claims.like(two.id)] == [two]
    assert [known.claim for known in ledger.claims.like(two.id[:8])] == [two]
    assert [known.claim.id for known in ledger.claims.like("")] == [one.id, two.id]
    assert ledger.claims.like("zz") == []


def test_bytes_of_a_name_that_is_no_text_are_kept(ledger: SqlLedger) -> None:
    new = claim("a")
    new = replace(new, source=replace(new.source, name="t?.csv", raw=b"t\xe4.csv"))

    ledger.claims.take(new, ledger.runs.start("run", NOW))

    assert ledger.claims.open("orders")[0].claim.source.raw == b"t\xe4.csv"


def test_what_is_sealed_cannot_be_restarted_added_to_held_or_sealed_again(ledger: SqlLedger) -> None:
    owner = taken(ledger, "a")
    ledger.claims.seal(sealing(owner, 0))

    attempts: list[Callable[[], object]] = [
        lambda: ledger.claims.restart(owner.id),
        lambda: ledger.claims.hold(owner.id, NOW, ()),
        lambda: ledger.claims.seal(sealing(owner, 1)),
        lambda: ledger.documents.add(owner.id, "order", "shopify", DocumentBlock.of([document("1001")])),
    ]
    for attempt in attempts:
        with pytest.raises(Stop, match=f"claim {owner.id} is sealed"):
            attempt()
    assert ledger.documents.version() == 1


def test_what_is_not_sealed_cannot_be_published(ledger: SqlLedger) -> None:
    owner = taken(ledger, "a")

    with pytest.raises(Stop, match="is claimed, but was to be published"):
        ledger.claims.staged(owner.id, [1], NOW)
    with pytest.raises(Stop, match="is claimed, but was to be published"):
        ledger.claims.finish(owner.id, ClaimState.DONE, {}, NOW)
    with pytest.raises(Stop, match="not in the ledger"):
        ledger.claims.sealed("ffffffffffff")


def test_publishing_is_recorded_step_by_step(ledger: SqlLedger) -> None:
    owner = taken(ledger, "a")
    one, two, three = artifact(owner, 1), artifact(owner, 2), artifact(owner, 3, "reject")
    ledger.claims.seal(replace(sealing(owner, 0), artifacts=(one, two, three), notes=("3 columns ignored",)))
    assert ledger.claims.sealed(owner.id).deliveries == (Delivery(one), Delivery(two), Delivery(three))

    ledger.claims.staged(owner.id, [1, 2, 3], at(2))
    ledger.claims.finish(owner.id, ClaimState.SEALED, {1: Receipt("data/outbox/wms/1.xml", 101)}, at(3), ("wms away",))

    halfway = ledger.claims.sealed(owner.id)
    assert (halfway.state, halfway.closed_at, halfway.notes) == (
        ClaimState.SEALED,
        None,
        ("3 columns ignored", "wms away"),
    )
    assert [(entry.artifact.state, entry.path, entry.staged_at) for entry in halfway.deliveries] == [
        (ArtifactState.DELIVERED, "data/outbox/wms/1.xml", at(2)),
        (ArtifactState.STAGED, "", at(2)),
        (ArtifactState.STAGED, "", at(2)),
    ]

    receipts = {2: Receipt("data/outbox/wms/2.xml", 102, presumed=True), 3: Receipt("data/rejects/3.csv", 103)}
    ledger.claims.finish(owner.id, ClaimState.DONE, receipts, at(4))

    over = ledger.claims.sealed(owner.id)
    assert (over.claim, over.state, over.sealed_at, over.closed_at) == (owner, ClaimState.DONE, at(1), at(4))
    assert [(entry.artifact.state, entry.artifact.delivered_at) for entry in over.deliveries] == [
        (ArtifactState.DELIVERED, at(3)),
        (ArtifactState.PRESUMED, at(4)),
        (ArtifactState.DELIVERED, at(4)),
    ]
    assert ledger.claims.open("orders") == []


def test_counts_are_kept(ledger: SqlLedger) -> None:
    owner = taken(ledger, "a")
    ledger.claims.seal(replace(sealing(owner, 0), problem_counts={"NOT_A_DATE": 3, "LOOKUP_MISS": 2}))

    found = ledger.claims.sealed(owner.id)

    assert (found.records, found.documents) == (Counts(6, 3, 1, 1, 1), Counts(2, 1, 1))
    assert found.problem_counts == {"LOOKUP_MISS": 2, "NOT_A_DATE": 3}


@pytest.mark.parametrize("number", [2, 9])
def test_artifact_that_is_not_there_or_delivered_cannot_be_staged(ledger: SqlLedger, number: int) -> None:
    owner = taken(ledger, "a")
    ledger.claims.seal(sealing(owner, 0, artifacts=[artifact(owner, 1), artifact(owner, 2)]))
    ledger.claims.finish(owner.id, ClaimState.SEALED, {2: Receipt("x", 102)}, at(2))

    with pytest.raises(Stop, match="not in the ledger as sealed"):
        ledger.claims.staged(owner.id, [1, number], at(3))

    assert ledger.claims.sealed(owner.id).deliveries[0].artifact.state is ArtifactState.SEALED


_RACE = """
import sys
from pathlib import Path
from exchange.kernel.ledger import AlreadyClaimed
from exchange.state.ledger import open_ledger
from tests.state.book import NOW, URL, claim
ledger = open_ledger(URL, Path(sys.argv[1]))
run, won = ledger.runs.start("run", NOW), 0
sys.stdin.readline()
for number in range(250):
    try:
        ledger.claims.take(claim(str(number)), run)
        won += 1
    except AlreadyClaimed:
        pass
print(won)
"""


@pytest.mark.slow
def test_fault_13_of_several_processes_one_wins_each_claim(ledger: SqlLedger, tmp_path: Path) -> None:
    """Fault 13: several hosts on one inbox, as far as one machine can show it: the unique row decides."""
    processes = [_child(_RACE, tmp_path) for _ in range(4)]
    won = [int(process.communicate("go\n", timeout=120)[0]) for process in processes]

    assert sum(won) == 250
    assert len(ledger.claims.open("orders")) == 250


_WORK = """
import sys
from pathlib import Path
from exchange.kernel.document_rows import DocumentBlock
from exchange.kernel.model import ClaimState
from exchange.state.ledger import open_ledger
from tests.state.book import NOW, URL, document, sealing, taken
ledger = open_ledger(URL, Path(sys.argv[1]))
for number in range(10_000):
    owner = taken(ledger, f"{sys.argv[2]}/{number}")
    rows = [document(f"{owner.id}-{n}") for n in range(50)]
    ledger.documents.add(owner.id, "order", "shopify", DocumentBlock.of(rows))
    ledger.claims.seal(sealing(owner, ledger.documents.version()))
    print(owner.id, flush=True)
"""


@pytest.mark.slow
def test_killed_at_any_moment_every_acknowledged_seal_is_there_and_whole(tmp_path: Path) -> None:
    open_ledger(URL, tmp_path).close()
    acknowledged: list[str] = []
    for round_number in range(4):
        process = _child(_WORK, tmp_path, str(round_number))
        if process.stdout is None:
            raise RuntimeError
        acknowledged += [process.stdout.readline().strip() for _ in range(3 + round_number)]
        os.kill(process.pid, signal.SIGKILL)
        rest, _ = process.communicate()
        acknowledged += rest.split("\n")[:-1]

    ledger = open_ledger(URL, tmp_path)
    with ledger.runs._database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    for claim_id in acknowledged:
        assert ledger.claims.sealed(claim_id).state is ClaimState.SEALED
        assert len(ledger.documents.known("order", "shopify", [f"{claim_id}-{n}" for n in range(50)])) == 50
    for entry in ledger.claims.open("orders"):
        if entry.state is ClaimState.CLAIMED:
            ledger.claims.restart(entry.claim.id)
            assert ledger.documents.trace("order", f"{entry.claim.id}-0") == []
    ledger.close()


def _child(code: str, *arguments: object) -> subprocess.Popen[str]:
    root = Path(__file__).parents[2]
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
