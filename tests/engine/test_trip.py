"""A share never reads as none or all where it is not."""

from __future__ import annotations

import pytest

from exchange.engine.trip import share


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (1, 4, "25%"),
        (0, 4, "0%"),
        (4, 4, "100%"),
        (1, 3000, "less than 1%"),
        (2999, 3000, "more than 99%"),
        (0, 0, "0%"),
    ],
)
def test_shares(part: int, whole: int, said: str) -> None:
    assert share(part, whole) == said
