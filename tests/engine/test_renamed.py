"""A workbook is known as one of rejects by its sheets alone, and whatever else lies there is let be."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from exchange.engine.renamed import BOOK_BYTES, is_reject_book, renamed_books
from exchange.kernel.errors import TryLater
from exchange.kernel.model import SourceFile

FILE = SourceFile("shop", "orders", "a.xlsx", 10, 0)


def book(sheets: str, part: str = "xl/workbook.xml") -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        archive.writestr(part, sheets)
    return made.getvalue()


OURS = book('<sheets><sheet name="Rejects"/><sheet name="_meta"/></sheets>')
DAMAGED = OURS.replace(OURS[45:60], b"\xff" * 15)
"""Its compressed bytes make no sense."""


@pytest.mark.parametrize(
    ("content", "ours"),
    [
        (OURS, True),
        (book('<sheets><sheet name="Rejects"/></sheets>'), False),
        (book("<x/>", part="word/document.xml"), False),
        (OURS[:60], False),
        (DAMAGED, False),
        (b"", False),
    ],
)
def test_known_by_its_sheets(content: bytes, ours: bool) -> None:
    assert is_reject_book(content) is ours


def test_only_workbooks_are_opened() -> None:
    opened = []

    def read(source: SourceFile, limit: int) -> bytes | None:
        assert limit == BOOK_BYTES
        opened.append(source.name)
        if source.name == "growing.xlsx":
            raise TryLater("it grows")
        return None if source.name == "gone.XLSX" else OURS

    names = ["a.csv", "b.xlsx", "growing.xlsx", "gone.XLSX"]
    files = [*(replace(FILE, name=name) for name in names), replace(FILE, name="huge.xlsx", size=BOOK_BYTES + 1)]
    assert [found.shown for found in renamed_books(files, read)] == ["b.xlsx"]
    assert opened == ["b.xlsx", "growing.xlsx", "gone.XLSX"]
