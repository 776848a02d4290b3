"""What becomes of a document that comes again, by what it was, what it is and what the flow says."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from exchange.engine.facts import FILTERED, HELD, OUT, REJECTED, SpanFacts
from exchange.engine.lifecycle import repeat
from exchange.engine.moves import CANCEL, CHANGE, NEW, RETURN
from exchange.kernel.document_rows import KnownDocument
from exchange.kernel.pipeline import Life
from tests.engine.desk import AS_OF

SENT, OTHER = 7, 8
CHANGES = Life("order", changes=True, taken_back={"refunded": "return", "voided": "problem"})


def known(action: str = "new", *, shipped: bool = False) -> KnownDocument:
    """Return a document that was sent."""
    return KnownDocument("1", "c", SENT, AS_OF, AS_OF, "c", None, sent_action=action, shipped=shipped)


def decided(life: Life, before: KnownDocument, content: int, gone: str | None, now: int) -> tuple[int, int, str]:
    """Return (action, disposition, code or reason) of a document that is `now` what its own fields say."""
    facts = SpanFacts(np.array([now]), ["why"])
    header = pa.table({"_gone": pa.array([gone], pa.string()), "_hash": [content], "_line": [2], "_first": [0]})
    action = repeat(facts, header, 0, before, life)
    return action, int(facts.disposition[0]), facts.problems[0][0].code if facts.problems else facts.reason[0]


@pytest.mark.parametrize(
    ("before", "content", "gone", "now", "expected"),
    [
        (known(), SENT, None, OUT, (NEW, FILTERED, "sent before, unchanged")),
        (known(), OTHER, None, OUT, (CHANGE, OUT, "why")),
        (known("change"), OTHER, None, OUT, (CHANGE, OUT, "why")),
        (known(), OTHER, None, HELD, (NEW, HELD, "why")),
        (known(), OTHER, None, FILTERED, (NEW, FILTERED, "why")),
        (known(shipped=True), OTHER, None, OUT, (NEW, REJECTED, "CHANGED_AFTER_SHIPPED")),
        (known(shipped=True), SENT, None, OUT, (NEW, FILTERED, "sent before, unchanged")),
        (known(), SENT, "cancelled", FILTERED, (CANCEL, OUT, "")),
        (known(shipped=True), SENT, "cancelled", FILTERED, (NEW, REJECTED, "CHANGED_AFTER_SHIPPED")),
        (known(), SENT, "refunded", FILTERED, (RETURN, OUT, "")),
        (known(shipped=True), SENT, "refunded", FILTERED, (RETURN, OUT, "")),
        (known(), SENT, "voided", FILTERED, (NEW, REJECTED, "CHANGED_AFTER_SENT")),
        (known("cancel"), SENT, "cancelled", FILTERED, (NEW, FILTERED, "told before: cancel")),
        (known("cancel"), SENT, None, OUT, (NEW, REJECTED, "REOPENED")),
        (known("return"), OTHER, None, HELD, (NEW, FILTERED, "told before: return")),
    ],
)
def test_flow_that_tells_changes(
    before: KnownDocument, content: int, gone: str | None, now: int, expected: tuple[int, int, str]
) -> None:
    assert decided(CHANGES, before, content, gone, now) == expected


@pytest.mark.parametrize(
    ("content", "gone", "expected"),
    [
        (SENT, None, (NEW, FILTERED, "sent before, unchanged")),
        (OTHER, None, (NEW, REJECTED, "REPEAT_CHANGED")),
        (SENT, "refunded", (NEW, REJECTED, "CHANGED_AFTER_SENT")),
    ],
)
def test_flow_that_asks_a_person(content: int, gone: str | None, expected: tuple[int, int, str]) -> None:
    assert decided(Life("order"), known(), content, gone, OUT) == expected
