"""A warehouse's stock list as a sample: one row for each item and place, and what each item shows."""

from __future__ import annotations

from dataclasses import dataclass

COLUMNS = ("Item", "Warehouse", "Bin", "Lot", "Best before", "State", "On hand", "Reserved", "Unit", "Counted at")


@dataclass(frozen=True)
class Place:
    """One row: how much of an item lies where."""

    on_hand: str
    warehouse: str = "HAM"
    bin: str = "A-01-1"
    lot: str = ""
    best_before: str = ""
    state: str = "available"
    reserved: str = ""
    unit: str = "EA"
    counted_at: str = "2026-03-02 06:00"


@dataclass(frozen=True)
class Item:
    """One item with its rows; they need not lie together in the file."""

    number: str
    shows: str
    places: tuple[Place, ...]

    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Return its rows in the order of COLUMNS."""
        return tuple(
            (
                self.number,
                *(place.warehouse, place.bin, place.lot, place.best_before, place.state),
                *(place.on_hand, place.reserved, place.unit, place.counted_at),
            )
            for place in self.places
        )


STOCK = (
    Item(
        "100010",
        "two warehouses and two lots",
        (
            Place("120", lot="L2501", best_before="2027-06-30", reserved="12"),
            Place("48", lot="L2502", best_before="2027-09-30", bin="A-01-2"),
            Place("30", "LYO", "C-4", lot="L2501", best_before="2027-06-30"),
        ),
    ),
    Item("100020", "none left: a quantity of 0 is stock too", (Place("0"),)),
    Item("200010", "more was taken than counted", (Place("-2", bin="B-11-3"),)),
    Item("200020", "a damaged piece is a line of its own", (Place("17"), Place("1", bin="X", state="damaged"))),
    Item("400010", "a fraction of a unit", (Place("12.5", unit="M", bin="R-1"),)),
    Item("500020", "NOT_A_NUMBER", (Place("many"),)),
    Item("300010", "NOT_ALLOWED: a state that nobody declared; its good row does not go out either", ()),
    Item("300020", "SPREADSHEET_DAMAGE in a lot", (Place("8", lot="4.00638E+12"),)),
    Item("600010", "PATTERN_MISMATCH: a date in another order", (Place("3", best_before="30.06.2027"),)),
)
"""300010 has its rows at the ends of the file."""
_APART = (Place("5"), Place("2", bin="Q", state="lost"))


_NEXT = "2026-03-03 06:00"
NEXT_DAY = (
    Item(
        "100010",
        "counted again: the 37 pieces that were sent yesterday are gone",
        (
            Place("83", lot="L2501", best_before="2027-06-30", reserved="12", counted_at=_NEXT),
            Place("48", lot="L2502", best_before="2027-09-30", bin="A-01-2", counted_at=_NEXT),
            Place("30", "LYO", "C-4", lot="L2501", best_before="2027-06-30", counted_at=_NEXT),
        ),
    ),
    Item("100020", "60 came in, 15 of them were sold already", (Place("45", counted_at=_NEXT),)),
    Item("200010", "30 came in, and nothing is missing any more", (Place("24", bin="B-11-3", counted_at=_NEXT),)),
    Item("200020", "the damaged piece is gone", (Place("9", counted_at=_NEXT),)),
    Item("400010", "nobody bought any", (Place("12.5", unit="M", bin="R-1", counted_at=_NEXT),)),
    Item("500020", "the number is readable now", (Place("40", counted_at=_NEXT),)),
)
"""The list of the next day, without mistakes; items that it lacks keep their figures."""


def text() -> str:
    """Return the stock list."""
    front, back = (Item("300010", "", (place,)).rows() for place in _APART)
    return _written([*front, *(row for item in STOCK for row in item.rows()), *back])


def next_day() -> str:
    """Return the stock list of the next day."""
    return _written([row for item in NEXT_DAY for row in item.rows()])


def _written(rows: list[tuple[str, ...]]) -> str:
    return "".join(",".join(row) + "\n" for row in [COLUMNS, *rows])
