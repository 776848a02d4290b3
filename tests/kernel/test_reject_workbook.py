"""A workbook is known as one of rejects by a column of its sheets, and whatever else lies there is let be."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest

from exchange.kernel.reject_workbook import is_reject_book

SAYS = "<row><c><v>_reject_id</v></c></row>"


def book(*parts: tuple[str, str], packed: int = ZIP_DEFLATED) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", packed) as archive:
        for name, text in parts:
            archive.writestr(name, text)
    return made.getvalue()


OURS = book(("xl/workbook.xml", "<x/>"), ("xl/worksheets/sheet1.xml", SAYS))
SHARED = book(("xl/worksheets/sheet1.xml", "<x/>"), ("xl/sharedStrings.xml", SAYS))
"""As spreadsheet programs save what was a CSV file."""


@pytest.mark.parametrize(
    ("content", "ours"),
    [
        (OURS, True),
        (SHARED, True),
        (book(("xl/worksheets/sheet1.xml", "<x/>"), ("xl/worksheets/sheet2.xml", SAYS)), True),
        (book(("xl/workbook.xml", '<sheet name="Rejects"/>'), ("xl/worksheets/sheet1.xml", "<x/>")), False),
        (book(("word/document.xml", SAYS)), False),
        (book(("xl/worksheets/sheet1.xml", " " * 2_000_000 + SAYS)), False),
        (OURS[:60], False),
        (b"", False),
        (b"PK", False),
    ],
    ids=["ours", "shared texts", "second sheet", "a name", "document", "far behind", "cut off", "empty", "two bytes"],
)
def test_known_by_a_column(content: bytes, ours: bool, tmp_path: Path) -> None:
    path = tmp_path / "any name"
    path.write_bytes(content)

    assert is_reject_book(BytesIO(content)) is ours
    assert is_reject_book(path) is ours


@pytest.mark.parametrize("packed", [ZIP_DEFLATED, ZIP_BZIP2, ZIP_LZMA])
def test_damaged_bytes_are_none_of_rejects(packed: int) -> None:
    whole = book(("xl/worksheets/sheet1.xml", SAYS * 50), packed=packed)
    begin = whole.index(b"sheet1.xml") + len(b"sheet1.xml")

    assert is_reject_book(BytesIO(whole)) is True
    for length in range(12, 40):
        assert is_reject_book(BytesIO(whole[:begin] + b"\xff" * length + whole[begin + length :])) is False
