"""What one unit of an item holds: one reading of the table of packs for steps, stock and computed pick-ups."""

from __future__ import annotations

import pytest

from exchange.documents.packs import MOST, pack_sizes

LINES = (
    ("tea", "CS", "12"),
    ("tea", "case", "12"),
    ("rope", "EA", "20"),
    ("rope", "M", "1"),
    ("silk", "MMT", "1"),
    (None, "CS", "3"),
    ("tea", None, "3"),
)
PACKS, FAULTS = pack_sizes(LINES)


@pytest.mark.parametrize(
    ("item", "unit", "size"),
    [
        *(("tea", unit, 1) for unit in ("EA", "C62", "PCE", "h87", " pcs ", "")),
        *(("tea", unit, 12) for unit in ("CS", "XCS", "case", "DZN")),
        ("rope", "piece", 20),
        ("rope", "MTR", 1),
        ("rope", "CMT", None),
        ("silk", "m", 1000),
        ("tea", "PAL", None),
        ("tea", "OUTER", None),
        ("nobody knows it", "C62", 1),
        ("nobody knows it", "CS", None),
    ],
)
def test_a_unit_holds_the_same_however_it_is_written(item: str, unit: str, size: int | None) -> None:
    assert PACKS.size(item, unit) == size


def test_lines_that_say_nothing_are_told() -> None:
    assert FAULTS == []
    wrong = [("tea", "CS", "12"), ("tea", "XCS", "10"), ("tea", "PAL", "1.5"), ("tea", "XBX", None), ("1", "CS", "0")]
    packs, faults = pack_sizes([*wrong, ("1", "CS", str(MOST))])
    assert packs.of == {"tea": {"XCS": 12}}, "of two that differ the first counts"
    assert [(fault.row, fault.what.split(",")[0]) for fault in faults] == [
        (1, "another line says that one XCS of tea holds 12"),
        (2, f"the quantity '1.5' is not a whole number from 1 to {MOST - 1}"),
        (3, f"the quantity '' is not a whole number from 1 to {MOST - 1}"),
        (4, f"the quantity '0' is not a whole number from 1 to {MOST - 1}"),
        (5, f"the quantity '{MOST}' is not a whole number from 1 to {MOST - 1}"),
    ]
