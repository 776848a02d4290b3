"""What is known of documents, from sealed claims only."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.kernel.document_rows import DocumentBlock, DocumentRow, KnownDocument
from exchange.kernel.model import Claim, ClaimState, Disposition
from exchange.state import documents as module
from exchange.state.ledger import SqlLedger
from tests.state.book import at, document, reject, sealed, sealing, taken

OUT, HELD, FILTERED, REJECTED = Disposition.OUT, Disposition.HELD, Disposition.FILTERED, Disposition.REJECTED


def test_empty_ledger_knows_nothing(ledger: SqlLedger) -> None:
    assert ledger.documents.known("order", "shopify", ["1001"]) == {}
    assert ledger.documents.known("order", "shopify", []) == {}


def test_what_is_not_sealed_is_not_known(ledger: SqlLedger) -> None:
    sealed(ledger, "other", [document("9")])
    owner = taken(ledger, "a")
    ledger.documents.add(owner.id, "order", "shopify", DocumentBlock.of([document("1001")]))

    assert ledger.documents.known("order", "shopify", ["1001"]) == {}
    assert ledger.documents.trace("order", "1001") == []


def test_sent_document_is_known_with_its_hash_and_time(ledger: SqlLedger) -> None:
    row = document("1001", minutes=-5)
    owner = sealed(ledger, "a", [document("1000"), row, document("1002")], minutes=3)

    assert ledger.documents.known("order", "shopify", ["1001", "7", "1001"]) == {
        "1001": KnownDocument("1001", owner.id, row.content_hash, at(3), at(-5), owner.id, None, sent_action="new")
    }
    assert ledger.documents.known("order", "outlet", ["1001"]) == {}
    assert ledger.documents.known("return", "shopify", ["1001"]) == {}


def test_every_document_of_a_flow_is_seen_once(ledger: SqlLedger) -> None:
    assert ledger.documents.seen("orders") == []
    sealed(ledger, "a", [document("1002"), document("1001", HELD)])
    sealed(ledger, "b", [document("1001"), document("1003", FILTERED)], minutes=1)
    owner = taken(ledger, "c")
    ledger.documents.add(owner.id, "order", "shopify", DocumentBlock.of([document("9")]))

    assert ledger.documents.seen("orders") == [("order", "shopify", number) for number in ("1001", "1002", "1003")]
    assert ledger.documents.seen("stock") == []


def test_later_appearances_add_up(ledger: SqlLedger) -> None:
    first = sealed(ledger, "a", [document("1001", HELD, minutes=1)], minutes=1)
    known = ledger.documents.known("order", "shopify", ["1001"])["1001"]
    assert (known.held_claim, known.sent_claim) == (first.id, None)

    second = sealed(ledger, "b", [document("1001", minutes=2)], minutes=2)
    known = ledger.documents.known("order", "shopify", ["1001"])["1001"]
    assert (known.held_claim, known.sent_claim, known.newest_claim) == (None, second.id, second.id)

    # Older content that was filtered, and newer content that was rejected: sent stays, newest moves on.
    sealed(ledger, "c", [document("1001", FILTERED, minutes=-9)], minutes=3)
    last = sealed(ledger, "d", [document("1001", REJECTED, minutes=8)], minutes=4)
    assert ledger.documents.known("order", "shopify", ["1001"])["1001"] == KnownDocument(
        "1001", second.id, document("1001").content_hash, at(2), at(8), last.id, None, sent_action="new"
    )


def test_order_is_that_of_the_seals_not_of_the_claims(ledger: SqlLedger) -> None:
    early, late = taken(ledger, "early"), taken(ledger, "late", flow="express")
    ledger.documents.add(late.id, "order", "shopify", DocumentBlock.of([document("1001", HELD)]))
    ledger.claims.seal(sealing(late, 0))
    ledger.documents.add(early.id, "order", "shopify", DocumentBlock.of([document("1001")]))
    ledger.claims.seal(sealing(early, 1))

    assert ledger.documents.known("order", "shopify", ["1001"])["1001"].held_claim is None


def test_open_rejects_are_told(ledger: SqlLedger) -> None:
    owner = taken(ledger, "a")
    ledger.documents.add(
        owner.id, "order", "shopify", DocumentBlock.of([document("1001", REJECTED), document("1002", REJECTED)])
    )
    row, other = reject(owner, 1, "1001"), reject(owner, 2, "1002")
    ledger.claims.seal(replace(sealing(owner, 0), rejects=(row, other)))

    known = ledger.documents.known("order", "shopify", ["1001"])

    assert known["1001"].open_rejects == (row.reject_id,)


def test_documents_come_back_as_they_were_whatever_the_number_of_transactions(
    ledger: SqlLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ADD_ROWS", 7)
    monkeypatch.setattr(module, "ASK_NUMBERS", 10)
    rows = [
        DocumentRow(
            f"{n:05}", disposition, f"why {n % 3}", "new", None, n + 2, n, n % 4, at(n % 2), f"wms:{n % 5}", n % 2 == 0
        )
        for n, disposition in zip(range(53), [OUT, HELD, FILTERED, REJECTED] * 14, strict=False)
    ]
    owner = taken(ledger, "a")
    ledger.documents.add(owner.id, "order", "shopify", DocumentBlock.of(rows[:30]))
    ledger.documents.add(owner.id, "order", "shopify", DocumentBlock.of(rows[30:]))
    ledger.claims.seal(sealing(owner, 0))

    assert [ledger.documents.trace("order", row.number)[0].row for row in rows] == rows
    assert list(ledger.documents.known("order", "shopify", [row.number for row in rows])) == [
        row.number for row in rows
    ]


def test_number_that_is_blank_or_looks_like_a_number_is_text(ledger: SqlLedger) -> None:
    rows = [document(number) for number in ("", "007", "7", "1e3", "🚚", "#1", 'a"b')]
    sealed(ledger, "a", rows)

    assert set(ledger.documents.known("order", "shopify", [row.number for row in rows])) == {row.number for row in rows}
    assert ledger.documents.trace("order", "7")[0].row == rows[2]


_NUMBERS = st.text(string.ascii_letters + string.digits + "é🚚#-", max_size=3)
_APPEARANCE = st.tuples(_NUMBERS, st.sampled_from([OUT, HELD, FILTERED, REJECTED]), st.integers(-3, 3))


@given(st.lists(st.lists(_APPEARANCE, max_size=6), max_size=5), st.lists(_NUMBERS, max_size=6))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_known_is_what_a_plain_reading_says(
    ledger: SqlLedger, files: list[list[tuple[str, Disposition, int]]], asked: list[str]
) -> None:
    # One ledger for all examples: a channel of its own keeps each apart from the others.
    channel = f"channel {ledger.documents.version()}"
    expected: dict[str, KnownDocument] = {}
    for index, file in enumerate(files):
        owner = taken(ledger, f"{channel} {index}")
        ledger.documents.add(
            owner.id, "order", channel, DocumentBlock.of([document(n, what, minutes=age) for n, what, age in file])
        )
        ledger.claims.seal(sealing(owner, ledger.documents.version(), minutes=index))
        ledger.claims.finish(owner.id, ClaimState.DONE, {}, at(index))
        for number, what, age in file:
            expected[number] = _after(expected.get(number), document(number, what, minutes=age), owner, index)

    numbers = [*asked, *(number for file in files for number, _, _ in file)]
    assert ledger.documents.known("order", channel, numbers) == expected


def _after(before: KnownDocument | None, row: DocumentRow, owner: Claim, index: int) -> KnownDocument:
    held = owner.id if row.disposition is HELD else None
    known = before or KnownDocument(row.number, None, None, None, row.as_of, owner.id, held)
    if row.sent:
        known = known._replace(
            sent_claim=owner.id, sent_hash=row.content_hash, sent_at=at(index), sent_action=row.action
        )
    if row.as_of < known.newest_as_of:
        return known  # older content that came later: it neither holds nor releases
    return known._replace(newest_as_of=row.as_of, newest_claim=owner.id, held_claim=held)


def test_what_stands_in_files_is_told_in_the_order_of_the_source(ledger: SqlLedger) -> None:
    rows = [document("1003", outputs="wms:1,erp:2"), document("1001", outputs="erp:2"), document("1002")]
    owner = sealed(ledger, "a", rows)
    other = taken(ledger, "b")
    ledger.documents.add(other.id, "order", "shopify", DocumentBlock.of([document("1009", outputs="wms:1")]))

    assert [(row.number, row.outputs) for row in ledger.documents.written(owner.id)] == [
        ("1003", "wms:1,erp:2"),
        ("1001", "erp:2"),
    ]
    assert ledger.documents.written(other.id) == [], "not sealed yet"
