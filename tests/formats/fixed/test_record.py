"""Fields at their places: what fills them up goes, implied points come, nonsense stays for the mapping to tell."""

from __future__ import annotations

from decimal import Decimal

import pytest

from exchange.formats.fixed.record import Place, Tally
from tests.formats.fixed.telegrams import head, line, shape


def place(kind: str = "text", decimals: int = 0, pad: str = "", right: bool | None = None) -> Place:
    text = kind == "text"
    return Place("x", 0, 12, kind, decimals, pad or (" " if text else "0"), not text if right is None else right)


@pytest.mark.parametrize(
    ("field", "raw", "expected"),
    [
        (place("decimal", 3), "000001500000", "1500.000"),
        (place("decimal", 3), "           5", "0.005"),
        (place("decimal", 3), "-00000001500", "-1.500"),
        (place("decimal", 3), "00000001500-", "-1.500"),
        (place("decimal", 3), "+00000001500", "1.500"),
        (place("decimal", 3), "            ", ""),
        (place("decimal", 3), "000000012.50", "000000012.50"),
        (place("decimal", 3), "-0000001500-", "-0000001500-"),
        (place("decimal", 2), "000000000000", "0.00"),
        (place("integer"), "000000000042", "42"),
        (place("integer"), "two         ", "two"),
        (place("integer", pad="*"), "********42", "42"),
        (place(), "  left      ", "  left"),
        (place(right=True), "  right     ", "right     "),
        (place(pad="_"), "name________", "name"),
        (place(), "007         ", "007"),
    ],
)
def test_reading(field: Place, raw: str, expected: str) -> None:
    assert field.read(raw) == expected


def test_records_are_told_by_their_code_at_its_place() -> None:
    found = shape()
    assert [record.name for record in found.records][:2] == ["AUSK", "AUSP"]
    named = [found.record_of(head(kind)) for kind in ("AUSK00056", "AUSP00055", "END", "TEXT1", "AUS")]
    assert [record.name if record else None for record in named] == ["AUSK", "AUSP", "END", "NOTE", None]
    assert [record.length for record in found.records if record.role != "ignore"] == [160, 112, 73]


def test_columns_are_those_of_documents_and_lines_once() -> None:
    assert shape().columns == (
        *("source", "destination", "sequence", "created", "record_type", "client", "order", "name"),
        *("position", "article", "quantity", "unit"),
    )
    assert shape().nests


def test_cells_of_a_line() -> None:
    text = line("A1", 3, "ART", "1500")
    found = shape()
    record = found.record_of(text)
    assert record is not None
    cells = dict(record.cells(text, "iso-8859-1"))
    assert (cells["order"], cells["position"], cells["quantity"], cells["unit"]) == ("A1", "3", "1.500", "BOUT")
    assert dict(record.cells(text.encode("iso-8859-1"), "iso-8859-1")) == cells


def test_tallies() -> None:
    found = shape()
    tally = Tally(found)
    first, second = found.records[:2]
    for record, cells in ((first, {}), (second, {"quantity": "1.500"}), (second, {"quantity": "odd"})):
        tally.add(record, cells)
    [end] = [record for record in found.records if record.role == "trailer"]
    said = {each.name: tally.of(each) for each in end.places if tally.of(each) is not None}
    assert said == {"lines": 2, "orders": 1, "total": Decimal("1.500")}
    tally.clear()
    assert [tally.of(each) for each in end.places][-3:] == [0, 0, 0]
