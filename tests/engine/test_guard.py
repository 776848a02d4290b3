"""A guard trips past its limit, not at it, and only where it is set."""

from __future__ import annotations

import pytest

from exchange.config.models import Guards
from exchange.engine.guard import GUARDS, tripped
from exchange.kernel.model import Counts


def test_every_guard_of_the_configuration_is_known() -> None:
    assert set(GUARDS) == set(Guards.model_fields)


@pytest.mark.parametrize(("rejected", "total", "trips"), [(2, 10, False), (3, 10, True), (0, 0, False), (10, 10, True)])
def test_reject_rate(rejected: int, total: int, trips: bool) -> None:
    said = tripped(Guards.model_validate({"max_reject_rate": "20%"}), Counts(total, total - rejected, rejected))

    assert bool(said) is trips
    if trips:
        assert said[0].startswith(f"max_reject_rate: {rejected} of {total} documents are rejected")
        assert said[0].endswith("the limit is 20%")


def test_no_guard_trips_unless_it_is_set() -> None:
    assert tripped(Guards(), Counts(10, 0, 10)) == ()
