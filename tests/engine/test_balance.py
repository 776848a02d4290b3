"""What does not balance delivers nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from exchange.engine.balance import balance
from exchange.engine.finish import Tally
from exchange.kernel.errors import Stop
from exchange.kernel.model import Counts

GOOD = Counts(3, 1, 1, 0, 1)
TALLY = Tally(1, 2, 5, Decimal("9.99"))


def test_what_balances_passes() -> None:
    balance("c", GOOD, GOOD, (3, 3, 2), {"wms": (TALLY, TALLY)})
    balance("c", Counts(), Counts(), (0, 0, -1), {})


@pytest.mark.parametrize(
    ("records", "documents", "ordinals", "done", "said"),
    [
        (Counts(3, 1, 1), GOOD, (3, 3, 2), TALLY, "3 records came in"),
        (GOOD, Counts(3, 3, 1), (3, 3, 2), TALLY, "3 documents came in"),
        (GOOD, GOOD, (3, 6, 3), TALLY, "the file has 4 rows, 3 were accounted for"),
        (GOOD, GOOD, (3, 4, 2), TALLY, "3 were accounted for"),
        (GOOD, GOOD, (3, 3, 2), Tally(1, 2, 5, Decimal("9.98")), "does not balance for wms"),
        (GOOD, GOOD, (3, 3, 2), Tally(1, 1, 5, Decimal("9.99")), "does not balance for wms"),
    ],
)
def test_anything_lost_or_doubled_stops(
    records: Counts, documents: Counts, ordinals: tuple[int, int, int], done: Tally, said: str
) -> None:
    with pytest.raises(Stop, match=said):
        balance("c", records, documents, ordinals, {"wms": (TALLY, done)})
