"""Reports say what the ledger knows, in the shape of `run --json`."""

from __future__ import annotations

from dataclasses import replace

from exchange.engine import report
from exchange.engine.claim import Duplicate
from exchange.kernel.claim_rows import KnownClaim
from exchange.kernel.ledger import Sealing
from exchange.kernel.model import ClaimState, Counts, Kept, Preview, Sample
from tests.engine.desk import AS_OF, Desk, Line, claim_of, order
from tests.state.book import artifact

CLAIM = claim_of("day.csv")
KEYS = ["flow", "claim", "file", "sha256", "state", "counts", "outputs", "rejects", "problems", "seconds"]


def test_finished_says_where_everything_lies(desk: Desk) -> None:
    made = desk.run("day.csv", order(1001), order(1002, Line("NOT-SOLD")))

    told = report.finished(desk.house, desk.house.ledger.claims.sealed(made.claim).claim, 1.23456).as_json()

    assert list(told) == KEYS
    assert told["seconds"] == 1.235
    assert told["problems"] == {"LOOKUP_MISS": 1}
    keys = ("endpoint", "path", "records", "sha256")
    assert told["outputs"] == [{key: output[key] for key in keys} for output in made.outputs]
    for path in made.rejects:
        assert (desk.house.root / path).is_file()


def test_dry_says_that_nothing_happened() -> None:
    artifacts = (
        artifact(CLAIM, 1),
        replace(artifact(CLAIM, 2), kind="reject"),
        replace(artifact(CLAIM, 3), kind="held"),
    )
    sealing = Sealing(CLAIM.id, 0, AS_OF, Counts(2, 2), Counts(1, 1), artifacts, notes=("one",))

    made = report.dry(CLAIM, sealing, "dry run", 0.0)

    assert [output["path"] for output in made.outputs] == [artifacts[0].name]
    assert made.rejects == (artifacts[1].name,)
    assert made.notes == ("one", "dry run: nothing was delivered, recorded or moved")


def test_duplicate_names_the_first() -> None:
    again = replace(CLAIM.source, name="again.csv")

    made = report.duplicate(Duplicate(again, CLAIM.sha256, KnownClaim(CLAIM, ClaimState.DONE)), "orders")

    assert (made.file, made.state, made.claim, made.records) == ("again.csv", "duplicate", CLAIM.id, Counts())
    assert made.notes[0].startswith("the same content was taken as day.csv on 2026-03-04 05:06 UTC")


def test_held_says_why_and_counts_nothing() -> None:
    made = report.held(CLAIM, ("file 5 is missing",), 0.0)

    assert (made.state, made.records, made.documents) == ("held", Counts(), Counts())
    assert (made.problems, made.notes, made.outputs) == ({}, ("file 5 is missing",), ())


def test_a_dry_run_adds_what_it_shows_and_nothing_else() -> None:
    sealing = Sealing(CLAIM.id, 0, AS_OF, Counts(2, 2), Counts(1, 1))
    preview = Preview((Sample("wms", "a.xml", "<a/>"),), held=(Kept("unpaid", 1, ("1001",)),))

    made = report.dry(CLAIM, sealing, "dry run", 0.0, preview).as_json()

    assert list(made) == [*KEYS, "dry_run"]
    assert made["dry_run"] == {
        "samples": ({"endpoint": "wms", "path": "a.xml", "text": "<a/>"},),
        "rejected": (),
        "held": ({"reason": "unpaid", "documents": 1, "examples": ("1001",)},),
        "filtered": (),
    }
