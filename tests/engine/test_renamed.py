"""Workbooks that nobody takes are opened, small ones alone; whatever else lies there is let be."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

from exchange.engine.renamed import BOOK_BYTES, renamed_books
from exchange.kernel.errors import TryLater
from exchange.kernel.model import SourceFile

FILE = SourceFile("shop", "orders", "a.xlsx", 10, 0)


def book(text: str) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", text)
    return made.getvalue()


OURS = book("<row><c><v>_reject_id</v></c></row>")


def test_only_workbooks_are_opened() -> None:
    opened = []

    def read(source: SourceFile, limit: int) -> bytes | None:
        assert limit == BOOK_BYTES
        opened.append(source.name)
        if source.name == "growing.xlsx":
            raise TryLater("it grows")
        return {"gone.XLSX": None, "other.xlsx": book("<row/>")}.get(source.name, OURS)

    names = ["a.csv", "b.xlsx", "growing.xlsx", "other.xlsx", "gone.XLSX"]
    files = [*(replace(FILE, name=name) for name in names), replace(FILE, name="huge.xlsx", size=BOOK_BYTES + 1)]
    assert [found.shown for found in renamed_books(files, read)] == ["b.xlsx"]
    assert opened == ["b.xlsx", "growing.xlsx", "other.xlsx", "gone.XLSX"]
