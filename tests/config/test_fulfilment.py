"""What routes and availability may say."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from exchange.config.fulfilment import Availability, Between, Route


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({}, "write {over: 1000}"),
        ({"over": 5, "under": 5}, "nothing is over 5 and under 5"),
    ],
)
def test_limits_that_nothing_fits(wrong: object, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Between.model_validate(wrong)


def test_a_route_leads_somewhere() -> None:
    assert Route.model_validate({"when": {"sku": "A", "weight_g": {"over": "1.5"}}, "warehouse": "HAM"}).when == {
        "sku": ("A",),
        "weight_g": Between.model_validate({"over": "1.5"}),
    }
    with pytest.raises(ValidationError, match="a route leads somewhere"):
        Route.model_validate({"when": {"sku": ["A"]}})


def test_what_is_short_is_said() -> None:
    assert Availability.model_validate({"short": "hold"}).per == "location"
    with pytest.raises(ValidationError):
        Availability.model_validate({})
