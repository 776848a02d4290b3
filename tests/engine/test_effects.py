"""What the ledger is told of each document: where it went, why it did not, whether it counts as sent."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from exchange.engine.effects import document_block
from exchange.engine.facts import BASELINE, FILTERED, HELD, OUT, REJECTED, VOID, Facts, SpanFacts
from exchange.kernel.document_rows import DocumentBlock, Outcome
from exchange.kernel.problems import Problem
from exchange.kernel.reject_rows import RejectRow
from tests.engine.desk import AS_OF, Desk, Line, claim_of, export, order

CLAIM = claim_of()
ORDERS = (order(1001), order(1002, Line("POT-CAST"), Line("TEA-MINT")), order(1003), order(1004), order(1005))
CODES = [OUT, HELD, REJECTED, FILTERED, HELD]


def block(desk: Desk, codes: list[int], *, sent: list[bool] | None = None, held_before: int = 0) -> DocumentBlock:
    """Return what is told of five orders."""
    reason = ["", "pending", "", BASELINE if sent else "refunded", "pending"]
    facts = SpanFacts(
        np.array(codes),
        reason,
        {2: [Problem("LOOKUP_MISS"), Problem("OUT_OF_RANGE")]},
        None if sent is None else np.array(sent),
    )
    old = AS_OF - timedelta(3)
    corrected = RejectRow("r", "c", "orders", "order", "shopify", "1001", ("X",), "f", 2, old, old)
    everything = Facts(0, (facts,), {}, {} if sent else {"1001": corrected})
    written = [("wms", np.array([1, 0, 0, 0, 0])), ("erp", np.array([2, 0, 0, 0, 0]))]
    return document_block(
        desk.prepared(export(*ORDERS)), facts, written, (facts.disposition == HELD, held_before), (everything, CLAIM)
    )


def told(made: DocumentBlock) -> list[tuple[str, str, Outcome]]:
    """Return (number, disposition, outcome) of each document."""
    return [
        (number, disposition, made.outcomes[outcome])
        for number, disposition, outcome in zip(made.number, made.disposition, made.outcome, strict=True)
    ]


def test_each_document_says_what_became_of_it(desk: Desk) -> None:
    assert told(block(desk, CODES)) == [
        ("1001", "out", Outcome("", "new", AS_OF - timedelta(3), "wms:1,erp:2", True)),
        ("1002", "held", Outcome("pending", "", AS_OF, "", False)),
        ("1003", "rejected", Outcome("LOOKUP_MISS", "", AS_OF, "", False)),
        ("1004", "filtered", Outcome("refunded", "", AS_OF, "", False)),
        ("1005", "held", Outcome("pending", "", AS_OF, "", False)),
    ]


def test_held_documents_are_found_by_their_row_in_the_held_file(desk: Desk) -> None:
    made = block(desk, CODES, held_before=7)

    assert made.first_record == [0, 7, 3, 4, 9]
    assert made.records == [1, 2, 1, 1, 1]
    assert made.file_line == [2, 3, 5, 6, 7]


def test_void_places_are_not_told(desk: Desk) -> None:
    assert [number for number, *_ in told(block(desk, [OUT, VOID, REJECTED, FILTERED, VOID]))] == [
        "1001",
        "1003",
        "1004",
    ]


def test_a_baseline_counts_as_sent_without_an_output(desk: Desk) -> None:
    made = told(block(desk, CODES, sent=[False, False, False, True, False]))

    assert [(number, outcome.sent) for number, _, outcome in made if outcome.sent] == [("1001", True), ("1004", True)]
    assert made[3][2].reason == BASELINE
