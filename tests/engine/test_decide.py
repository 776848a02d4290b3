"""One decision per document, in the order of precedence: rejected, filtered, held, out."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.engine.decide import decide
from exchange.engine.facts import BASELINE, CODES, FILTERED, HELD, OUT, REJECTED, VOID, Facts, as_of_document
from exchange.engine.prepared import Prepared, Spool
from exchange.kernel.chunk import BrokenRecord
from exchange.kernel.document_rows import KnownDocument
from exchange.kernel.model import Disposition, Origin
from exchange.kernel.pipeline import Life
from exchange.kernel.problems import Problem
from exchange.kernel.reject_rows import RejectRow
from tests.engine.desk import AS_OF, Desk, claim_of, export, order

HASH, OTHER = 7, -8
EARLIER = "0123456789ab"


def prepared(*documents: dict[str, object], broken: tuple[BrokenRecord, ...] = ()) -> Prepared:
    """Return documents that say this of themselves; good, new and released but for what is written."""
    usual = {
        "_key": "#1",
        "_number": "1",
        "_hash": HASH,
        "_bad": False,
        "_release": True,
        "_filter": False,
        "_reason": "",
        "_gone": None,
        "_kept": 1,
    }
    rows = [{**usual, "_line": place + 2, "_first": place, **document} for place, document in enumerate(documents)]
    types = {"_gone": pa.string(), "_key": pa.string(), "_number": pa.string(), "_reason": pa.string()}
    names = [*usual, "_line", "_first"]
    header = pa.table({name: pa.array([row[name] for row in rows], types.get(name)) for name in names})
    problems = tuple(
        (place, Problem("REQUIRED_MISSING", place + 2, place, "Email")) for place, row in enumerate(rows) if row["_bad"]
    )
    return Prepared(header, pa.table({}), problems, broken)


class Known:
    """A ledger that knows these documents and rejects."""

    def __init__(self, *documents: KnownDocument, rejects: tuple[RejectRow, ...] = ()) -> None:
        self.documents = self.rejects = self.sent = self
        self._documents = {document.number: document for document in documents}
        self._rejects = {reject.reject_id: reject for reject in rejects}

    def version(self) -> int:
        """Return some version."""
        return 7

    def known(self, kind: str, channel: str, numbers: list[str]) -> dict[str, KnownDocument]:
        """Return what is known."""
        assert (kind, channel) == ("order", "shopify")
        return {number: self._documents[number] for number in numbers if number in self._documents}

    def get(self, reject_id: str) -> RejectRow | None:
        """Return a reject."""
        return self._rejects.get(reject_id)


def sent(number: str = "1", content: int | None = HASH) -> KnownDocument:
    """Return a document that was sent before."""
    return KnownDocument(number, EARLIER, content, AS_OF, AS_OF - timedelta(1), EARLIER, None)


def facts_of(
    *spans: Prepared,
    ledger: Known | None = None,
    origin: Origin = Origin.PICK_UP,
    void: set[tuple[int, int]] | None = None,
    reject_ids: dict[int, str] | None = None,
    parent: str | None = None,
) -> Facts:
    """Decide over spans that never leave memory."""

    class Held(Spool):
        """A spool of prepared values."""

        def __init__(self) -> None:
            pass

        def __len__(self) -> int:
            return len(spans)

        def get(self, index: int, *, lines: bool = True) -> Prepared:
            """Return a span."""
            del lines
            return spans[index]

    book: Any = ledger or Known()
    claim = replace(claim_of(origin=origin), parent=parent)
    return decide(Held(), void or set(), claim, Life("order"), book, reject_ids or {})


def one(document: dict[str, object], ledger: Known | None = None, origin: Origin = Origin.PICK_UP) -> tuple[int, str]:
    """Return the disposition and the first code, else the reason, of a single document."""
    [span] = facts_of(prepared(document), ledger=ledger, origin=origin).spans
    return int(span.disposition[0]), span.problems[0][0].code if span.problems else span.reason[0]


FLAGS = list(
    itertools.product([False, True], [False, True], [False, True], [0, 1], ["", "same", "other"], [None, "refunded"])
)


@pytest.mark.parametrize(("bad", "filtered", "release", "kept", "before", "gone"), FLAGS)
def test_precedence(bad: bool, filtered: bool, release: bool, kept: int, before: str, gone: str | None) -> None:
    document = {"_bad": bad, "_filter": filtered, "_release": release, "_kept": kept, "_gone": gone}
    ledger = Known(sent(content=HASH if before == "same" else OTHER)) if before else None

    found, _ = one({**document, "_reason": "payment_status is pending"}, ledger)

    if bad:
        assert found == REJECTED
    elif before and gone:
        assert found == REJECTED, "taken back after it was sent: a person has to know"
    elif before == "other" and not filtered and kept:
        assert found == REJECTED, "sent before with other content"
    elif filtered or not kept or before:
        assert found == FILTERED
    else:
        assert found == (OUT if release else HELD)


def test_codes_are_the_dispositions_in_their_order() -> None:
    assert [CODES[code] for code in (OUT, REJECTED, FILTERED, HELD)] == [
        Disposition.OUT,
        Disposition.REJECTED,
        Disposition.FILTERED,
        Disposition.HELD,
    ]


def test_what_was_sent_before_says_why() -> None:
    assert one({}, Known(sent())) == (FILTERED, "sent before, unchanged")
    assert one({}, Known(sent(content=None))) == (FILTERED, "sent before, unchanged")
    assert one({}, Known(sent(content=OTHER))) == (REJECTED, "REPEAT_CHANGED")
    assert one({"_gone": "voided", "_filter": True}, Known(sent())) == (REJECTED, "CHANGED_AFTER_SENT")
    assert one({"_gone": "voided", "_filter": True, "_reason": "voided"}) == (FILTERED, "voided")
    seen = KnownDocument("1", None, None, None, AS_OF, EARLIER, EARLIER)
    assert one({}, Known(seen)) == (OUT, ""), "held before, paid now"


def test_release_by_hand_passes_the_release_rule_and_nothing_else() -> None:
    held: dict[str, object] = {"_release": False, "_reason": "pending"}

    assert one(held, origin=Origin.RELEASE) == (OUT, "")
    assert one({**held, "_filter": True}, origin=Origin.RELEASE) == (FILTERED, "pending")
    assert one({**held, "_bad": True}, origin=Origin.RELEASE)[0] == REJECTED
    assert one(held, Known(sent()), origin=Origin.RELEASE)[0] == FILTERED


def test_baseline_records_as_sent_what_would_go_out() -> None:
    documents = prepared(
        {"_number": "1", "_key": "1"},
        {"_number": "2", "_key": "2", "_release": False, "_reason": "pending"},
        {"_number": "3", "_key": "3", "_bad": True},
        {"_number": "4", "_key": "4"},
    )

    [span] = facts_of(documents, ledger=Known(sent("4")), origin=Origin.BASELINE).spans

    assert span.disposition.tolist() == [FILTERED, HELD, REJECTED, FILTERED]
    assert span.reason[0] == BASELINE
    assert span.sent is not None
    assert span.sent.tolist() == [True, False, False, False]


def test_unreadable_record_takes_its_document_along_but_not_its_void_place() -> None:
    problem = Problem("ROW_TOO_LONG", 9, 7, detail={"cells": 3, "columns": 2})
    first = prepared({"_key": "#1"}, {"_key": "#2", "_number": "2"}, broken=(BrokenRecord(7, 9, 0, 5, "#1", problem),))
    second = prepared({"_key": "#1"})

    spans = facts_of(first, second, void={(0, 0)}).spans

    assert [span.disposition.tolist() for span in spans] == [[VOID, OUT], [REJECTED]]
    assert spans[1].problems == {0: [problem]}
    assert spans[0].problems == {}


def test_one_number_under_two_keys_rejects_both() -> None:
    spans = facts_of(
        prepared({"_key": "#1"}, {"_key": "#2", "_number": "2"}), prepared({"_key": "1", "_line": 9})
    ).spans

    assert [span.disposition.tolist() for span in spans] == [[REJECTED, OUT], [REJECTED]]
    assert spans[1].problems[0][0].message == "document '1' starts again here; it started on line 2"


def returned(state: str = "open") -> RejectRow:
    """Return the reject that a correction came from."""
    old = AS_OF - timedelta(3)
    return RejectRow("r-1", EARLIER, "orders", "order", "shopify", "1", ("X",), "f", 2, old, old, state)


def test_correction_keeps_the_age_of_its_origin() -> None:
    facts = facts_of(prepared({}), ledger=Known(rejects=(returned(),)), reject_ids={0: "r-1"})

    assert facts.spans[0].disposition.tolist() == [OUT]
    assert as_of_document(facts, "1", claim_of()) == AS_OF - timedelta(3)
    assert as_of_document(facts, "2", claim_of()) == AS_OF


@pytest.mark.parametrize(
    ("reject", "known", "code"),
    [
        (None, None, "REJECT_NOT_OPEN"),
        (returned("closed"), None, "REJECT_NOT_OPEN"),
        (returned(), sent(), "NEWER_VERSION_KNOWN"),
        (returned(), sent()._replace(newest_as_of=AS_OF - timedelta(9)), ""),
    ],
)
def test_correction_of_what_is_settled_or_outdated(
    reject: RejectRow | None, known: KnownDocument | None, code: str
) -> None:
    ledger = Known(*([known] if known else []), rejects=(reject,) if reject else ())

    [span] = facts_of(prepared({}), ledger=ledger, reject_ids={0: "r-1"}).spans

    codes = [problem.code for problem in span.problems.get(0, [])]
    assert codes == ([code] if code else [])
    for problem in span.problems.get(0, []):
        assert problem.message
        assert problem.remedy


STATUSES = ["paid", "pending", "refunded", "odd"]


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from(STATUSES), min_size=1, max_size=6))
def test_real_orders_by_their_status(desk: Desk, statuses: list[str]) -> None:
    orders = [replace(order(1001 + place), status=status) for place, status in enumerate(statuses)]

    _, facts = desk.decided(export(*orders))

    expected = {"paid": OUT, "pending": HELD, "refunded": FILTERED, "odd": REJECTED}
    assert facts.spans[0].disposition.tolist() == [expected[status] for status in statuses]


@pytest.mark.parametrize(
    ("document", "known", "expected"),
    [
        ({}, sent(), (OUT, "")),
        ({}, sent(content=OTHER), (OUT, "")),
        (
            {},
            sent()._replace(newest_as_of=AS_OF + timedelta(1)),
            (FILTERED, f"superseded: claim {EARLIER} has a newer version"),
        ),
        ({"_release": False}, sent(), (FILTERED, "sent before, unchanged")),
        ({"_filter": True}, sent(), (FILTERED, "sent before, unchanged")),
        ({"_bad": True}, sent(), None),
        ({"_release": False}, None, None),
    ],
)
def test_a_replay_sends_again_what_goes_out_by_its_own_status(
    document: dict[str, object], known: KnownDocument | None, expected: tuple[int, str] | None
) -> None:
    """Everything else is as in any other claim."""
    ledger = Known(known) if known else None

    made = one(document, ledger, Origin.REPLAY)

    assert made == (expected or one(document, ledger))


def test_a_replay_repeats_what_its_own_original_sent_last() -> None:
    """A newer version was seen but never sent: what the target has is the original's."""
    known = Known(sent()._replace(newest_as_of=AS_OF + timedelta(1)))

    [own] = facts_of(prepared({}), ledger=known, origin=Origin.REPLAY, parent=EARLIER).spans
    [other] = facts_of(prepared({}), ledger=known, origin=Origin.REPLAY, parent="ffffffffffff").spans

    assert (own.disposition.tolist(), other.disposition.tolist()) == ([OUT], [FILTERED])
