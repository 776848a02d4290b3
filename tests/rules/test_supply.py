"""How stock is given, as the rules and the table of packs say."""

from __future__ import annotations

import pyarrow as pa

from exchange.config.fulfilment import Availability
from exchange.documents.packs import NO_PACKS
from exchange.kernel.table import Table
from exchange.rules.supply import allotting, packs_in

PACKS = Table(
    "packs",
    ("item_number", "unit", "quantity"),
    {
        "item_number": pa.array(["100", "100", "200", None]),
        "unit": pa.array(["CS", "PAL", "EA", "CS"]),
        "quantity": pa.array(["12", "1.5", "20", "3"]),
    },
)


def test_units_are_counted_in_base_units() -> None:
    packs = packs_in({"packs": PACKS})
    assert packs.of == {"100": {"XCS": 12}, "200": {"EA": 20}}, "a line without an item or a whole number says nothing"
    assert packs_in({}) is packs_in({"packs": Table("packs", (), {})}) is NO_PACKS


def test_nobody_asks_for_stock_where_nothing_is_said() -> None:
    assert allotting(None, {"packs": PACKS}) is None
    made = allotting(Availability(short="hold", per="all"), {"packs": PACKS})
    assert made is not None
    assert (made.short, made.by_location, made.size("100", "case")) == ("hold", False, 12)
