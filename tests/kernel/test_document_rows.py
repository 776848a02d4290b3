"""Documents are told to the ledger by column; what they share is told once."""

from __future__ import annotations

from datetime import UTC, datetime

from exchange.kernel.document_rows import DocumentBlock, DocumentRow, KnownDocument, Outcome
from exchange.kernel.model import Disposition

NOW = datetime(2026, 3, 4, tzinfo=UTC)


def test_rows_become_columns_and_shared_outcomes() -> None:
    held = [
        DocumentRow(number, Disposition.HELD, "pending", "", -7, 2 + place, place, 1, NOW)
        for place, number in enumerate(["1001", "1002"])
    ]
    out = DocumentRow("1003", Disposition.OUT, "", "new", None, 4, 2, 3, NOW, "wms:1,erp:2", sent=True)

    block = DocumentBlock.of([*held, out])

    assert (block.number, block.disposition) == (["1001", "1002", "1003"], ["held", "held", "out"])
    assert (block.file_line, block.first_record, block.records) == ([2, 3, 4], [0, 1, 2], [1, 1, 3])
    assert block.content_hash == [-7, -7, None]
    assert block.outcome == [0, 0, 1]
    assert block.outcomes == (Outcome("pending", "", NOW, "", False), Outcome("", "new", NOW, "wms:1,erp:2", True))


def test_no_rows() -> None:
    assert DocumentBlock.of([]).outcomes == ()


def test_known_document_has_no_open_rejects_unless_told() -> None:
    assert KnownDocument("1001", None, None, None, NOW, "0123456789ab", None).open_rejects == ()
