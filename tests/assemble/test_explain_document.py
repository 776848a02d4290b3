"""One document of a file is found by key, number or line, with all its records, wherever they lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.assemble.explain_choice import plan_of, way_of
from exchange.assemble.explain_document import OneDocument, Unread, Wanted, laid_out, of_ranges, one_document
from exchange.kernel.pipeline import machine_of
from tests.assemble.conftest import SAMPLES
from tests.flows.shop import Line, export, order

TWO = (Line("TEA-ASSAM", "2"), Line("MUG-BLUE", "1"))


def found(root: Path, file: Path, wanted: Wanted) -> OneDocument | Unread | None:
    plan = plan_of(root, way_of(root, "shopify/orders", file))
    with laid_out(machine_of(plan), file) as layout:
        return layout if isinstance(layout, Unread) else one_document(plan, layout, wanted)


def lines(one: object) -> list[int]:
    assert isinstance(one, OneDocument)
    return list(map(int, one.unpacked.positions.file_line))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Orders 1001, 1002 and 1001 again: its second row lies apart."""
    head, first, second, other = export(order(1001, *TWO), order(1002)).splitlines(keepends=True)
    path = tmp_path / "day.csv"
    path.write_text(head + first + other + second, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(), [2, 4]),
        (Wanted(key="#1001"), [2, 4]),
        (Wanted(key="1001"), [2, 4]),
        (Wanted(key="1002"), [3]),
        (Wanted(line=4), [2, 4]),
        (Wanted(line=3), [3]),
    ],
    ids=str,
)
def test_by_key_number_or_line(root: Path, file: Path, wanted: Wanted, expected: list[int]) -> None:
    assert lines(found(root, file, wanted)) == expected


@pytest.mark.parametrize("wanted", [Wanted(key="1003"), Wanted(line=1), Wanted(line=5)], ids=str)
def test_what_is_not_there_is_none(root: Path, file: Path, wanted: Wanted) -> None:
    assert found(root, file, wanted) is None


def test_a_line_within_a_record_is_of_that_record(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "day.csv"
    path.write_text(export(order(1001, cells={"Notes": "one\ntwo\nthree"}), order(1002)), encoding="utf-8")

    assert [lines(found(root, path, Wanted(line=line))) for line in (2, 3, 4, 5)] == [[2], [2], [2], [5]]


def test_what_cannot_be_read_is_told_with_its_bytes(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "day.csv"
    path.write_text(export(order(1001)) + "#1002,only,three\n", encoding="utf-8")

    broken = found(root, path, Wanted(line=3))

    assert isinstance(broken, Unread)
    assert broken.raw == b"#1002,only,three"
    assert [problem.code for problem in broken.problems] == ["ROW_TOO_SHORT"]


def test_a_file_that_is_refused_whole_is_told(root: Path) -> None:
    refused = found(root, SAMPLES / "08_missing_column.csv", Wanted())

    assert isinstance(refused, Unread)
    assert [problem.code for problem in refused.problems] == ["MISSING_COLUMN"]


def test_nothing_is_left_beside_the_file(root: Path, file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r"))  # read through a normalised copy
    found(root, file, Wanted())

    assert [path.name for path in file.parent.iterdir() if path.is_file()] == [file.name]


def test_ranges_are_read_in_the_order_of_the_file(root: Path, file: Path) -> None:
    plan = plan_of(root, way_of(root, "shopify/orders", file))
    with laid_out(machine_of(plan), file) as layout:
        assert not isinstance(layout, Unread)
        one = one_document(plan, layout, Wanted())
        assert isinstance(one, OneDocument)
        at = one.unpacked.positions
        ranges = list(zip(*(map(int, each) for each in (at.start, at.length, at.record, at.file_line)), strict=True))
        again = of_ranges(plan, layout, ranges[::-1])

    assert lines(again) == [2, 4]
    assert again.rows == 2
