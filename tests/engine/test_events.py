"""What is told of files that are not taken."""

from __future__ import annotations

from datetime import timedelta

from exchange.engine.discover import Discovered, Ready, Settling
from exchange.engine.events import Failed, PassedOver, Postponed, not_taken
from exchange.kernel.endpoint import RefusedName
from exchange.kernel.errors import TryLater
from exchange.kernel.exits import Exit
from exchange.kernel.model import SourceFile
from tests.engine.hall import Hall

FILE = SourceFile("shop", "orders", "day.csv", 20_000_000_000, 1)


def test_all_that_is_not_taken_is_told_in_order(hall: Hall) -> None:
    settling = Settling(FILE, timedelta(seconds=5))
    found = Discovered(
        settling=(settling,),
        postponed=3,
        too_large=(Ready(FILE, 0),),
        refused=(RefusedName("link.csv", "it is a symbolic link"),),
        away=(TryLater("no route"),),
    )

    first, large, passed, away, more = not_taken(hall.house.flow, found)

    assert (first, passed, more) == (
        settling,
        PassedOver("orders", "link.csv", "it is a symbolic link"),
        Postponed("orders", 3),
    )
    assert away == Failed("orders", "", Exit.UNAVAILABLE, "no route")
    assert isinstance(large, Failed)
    assert (large.file, large.exit) == ("day.csv", Exit.REJECTED)
    assert "20,000,000,000 bytes, `max_size` of its pick-up is 10,000,000,000" in large.message


def test_nothing_is_told_of_nothing(hall: Hall) -> None:
    assert list(not_taken(hall.house.flow, Discovered())) == []
