"""Which code wins when several apply."""

from __future__ import annotations

import itertools

import pytest

from exchange.kernel.exits import Exit, worst

ORDER = [1, 8, 5, 6, 4, 3, 7, 0]
"""As promised to whoever reads the exit status."""


@pytest.mark.parametrize(("first", "second"), list(itertools.combinations(ORDER, 2)))
def test_the_worse_of_two_wins(first: int, second: int) -> None:
    assert worst([Exit(second), Exit(first), Exit(second)]) == first


def test_nothing_is_fine() -> None:
    assert worst([]) is Exit.FINE
