"""A row becomes the thing it names."""

from __future__ import annotations

import pytest

from exchange.kernel.exits import worst
from exchange.kernel.load import load


def test_a_row_is_what_it_names() -> None:
    assert load("exchange.kernel.exits:worst") is worst


@pytest.mark.parametrize("row", ["exchange.kernel.nothing:worst", "exchange.kernel.exits:nothing"])
def test_a_row_that_names_nothing_is_a_bug(row: str) -> None:
    with pytest.raises((ImportError, AttributeError)):
        load(row)
