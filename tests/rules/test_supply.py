"""How stock is given, as the rules and the table of packs say."""

from __future__ import annotations

import pyarrow as pa

from exchange.config.fulfilment import Availability
from exchange.kernel.table import Table
from exchange.rules.supply import allotting, size, sizes

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
    packs = sizes(PACKS)
    assert packs == {("100", "CS"): 12, ("200", "EA"): 20}
    assert (size("100", "CS", packs), size("100", "EA", packs), size("200", "EA", packs)) == (12, 1, 20)
    assert size("100", "PAL", packs) is None
    assert sizes(None) == {}


def test_nobody_asks_for_stock_where_nothing_is_said() -> None:
    assert allotting(None, {"packs": PACKS}) is None
    made = allotting(Availability(short="hold", per="all"), {"packs": PACKS})
    assert made is not None
    assert (made.short, made.by_location, made.size("100", "CS")) == ("hold", False, 12)
