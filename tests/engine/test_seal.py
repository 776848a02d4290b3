"""What the seal records: counts, rejects, what they close, and the words of the problems."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from exchange.engine import seal
from exchange.engine.batch import Batch
from exchange.engine.facts import Facts
from exchange.engine.rejects import Rejected
from exchange.engine.seal import refusal, sealing
from exchange.kernel.document_rows import KnownDocument
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.layout import Survey
from exchange.kernel.model import Artifact, Counts
from exchange.kernel.problems import Problem
from exchange.kernel.reject_rows import RejectRow
from tests.engine.desk import AS_OF, Desk, claim_of, export, order

CLAIM = claim_of("day.csv")
OLD = AS_OF - timedelta(3)
MISS = Problem("LOOKUP_MISS", 3, 1, "Lineitem sku", "X", {"key": "sku", "table": "items"})
SETTLED = Problem("REJECT_NOT_OPEN", 3, 1, "_reject_id", "r-1", {"state": "closed"})
EXTRA = Problem("EXTRA_COLUMNS", 1, detail={"count": 1, "names": "Colour"})


def batch(*rejects: tuple[str, Problem]) -> Batch:
    """Return a batch of these rejects."""
    row = np.array([[1, 3, 10, 9]])
    made = [
        Rejected(number, place, 3, [problem], row, id=f"c-{place}") for place, (number, problem) in enumerate(rejects)
    ]
    ending = ("rejects.csv", "rejects.jsonl")
    artifacts = [
        Artifact(CLAIM.id, place, "reject", ".rejects", "orders", f"day.csv.{name}", "t", "w", 1, "ab", 1)
        for place, name in enumerate(ending, start=1)
    ]
    counts = Counter({"LOOKUP_MISS": len(made)})
    return Batch(Counts(1), Counts(1), artifacts, rejects=made, problem_counts=counts)


def reject(identity: str, number: str = "1001") -> RejectRow:
    """Return an open reject of an earlier claim."""
    return RejectRow(identity, "c", "orders", "order", "shopify", number, ("X",), "f", 2, OLD, OLD)


def facts(known: tuple[str, ...] = (), returned: str = "") -> Facts:
    """Return facts in which 1001 has open rejects, and was corrected from one of them."""
    document = KnownDocument("1001", None, None, None, OLD, "c", None, known)
    return Facts(5, (), {"1001": document} if known else {}, {"1001": reject(returned)} if returned else {})


def test_counts_problems_and_notes(desk: Desk) -> None:
    made = sealing(desk.house, CLAIM, "order", batch(("1001", MISS)), facts(), Survey(None, (EXTRA,)))

    assert (made.claim, made.version) == (CLAIM.id, 5)
    assert made.problem_counts == {"LOOKUP_MISS": 1, "EXTRA_COLUMNS": 1}
    assert made.notes == ("1 column is not used: Colour",)
    assert [(row.code, row.number, row.reject_id) for row in made.problems] == [
        ("EXTRA_COLUMNS", "", None),
        ("LOOKUP_MISS", "1001", "c-0"),
    ]
    [row] = made.rejects
    assert (row.number, row.codes, row.state, row.as_of) == ("1001", ("LOOKUP_MISS",), "open", CLAIM.as_of)
    assert row.file == "data/rejects/orders/day.csv.rejects.csv"


def test_a_correction_closes_its_reject_and_overtakes_the_others(desk: Desk) -> None:
    made = sealing(desk.house, CLAIM, "order", batch(), facts(("r-1", "r-2"), "r-1"), Survey(None))

    assert [(closing.reject_id, closing.state) for closing in made.closes] == [("r-1", "closed"), ("r-2", "superseded")]


def test_a_correction_that_is_rejected_again_keeps_its_age_and_overtakes_its_reject(desk: Desk) -> None:
    made = sealing(desk.house, CLAIM, "order", batch(("1001", MISS)), facts(("r-1",), "r-1"), Survey(None))

    assert [(closing.reject_id, closing.state) for closing in made.closes] == [("r-1", "superseded")]
    assert [row.as_of for row in made.rejects] == [OLD]


def test_a_correction_of_what_is_settled_waits_for_nobody(desk: Desk) -> None:
    [row] = sealing(desk.house, CLAIM, "order", batch(("1001", SETTLED)), facts(), Survey(None)).rejects

    assert (row.state, row.closed_by) == ("superseded", CLAIM.id)


def test_words_of_problems_are_capped_and_counts_are_not(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal, "PROBLEM_ROWS", 2)

    made = sealing(
        desk.house, CLAIM, "order", batch(*((str(number), MISS) for number in range(5))), facts(), Survey(None)
    )

    assert len(made.problems) == 2
    assert len(made.rejects) == 5
    assert made.problem_counts == {"LOOKUP_MISS": 5}


def test_a_file_rejected_whole_is_one_reject_and_the_next_of_its_name_takes_its_place(desk: Desk) -> None:
    report = desk.run("day.csv", replace(order(1001)))
    assert report.state == "done"
    claim = desk.house.ledger.claims.sealed(report.claim).claim
    empty = Survey(None, (Problem("FILE_EMPTY"),))
    desk.house.work.folder(claim.id).mkdir(parents=True)

    made = refusal(desk.house, claim, "order", empty, 0)

    [row] = made.rejects
    assert (row.number, row.file_line, row.codes, row.reject_id) == ("", 0, ("FILE_EMPTY",), f"{claim.id}-0001")
    assert row.file.endswith(".rejects.jsonl")
    assert made.closes == ()
    bad = desk.drop("bad.csv", text=export(order(1), columns=("Name",)))
    from_bad = desk.carry(bad)
    assert desk.house.ledger.rejects.find("orders")[0].claim == from_bad.claim
    desk.run("bad.csv", order(1002))
    assert desk.house.ledger.rejects.find("orders") == []


def test_two_files_of_one_name_are_never_sealed(desk: Desk) -> None:
    """The done file of a delivery is called like the output of another one, as only this claim's name shows."""
    alike = [
        Artifact(CLAIM.id, number, kind, "erp", folder, name, "t", "w", 1, "ab", 1)
        for number, kind, folder, name in ((1, "output", "orders", "SO_001.csv"), (2, "done", "./orders", "so_001.csv"))
    ]
    made = replace(batch(), artifacts=alike)

    with pytest.raises(ConfigurationError, match=r"two files for erp, folder ./orders, would be called so"):
        sealing(desk.house, CLAIM, "order", made, facts(), Survey(None))
