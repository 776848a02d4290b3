"""Address lines re-wrapped: all words, in order, within the target's lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.postal.refusal import Refusal
from exchange.postal.wrapping import wrapped


@pytest.mark.parametrize(
    ("texts", "lines", "length", "made"),
    [
        (("12 Main St", "Apt 4"), 3, 35, ("12 Main St", "Apt 4")),
        (("12 Main St", None, "Apt 4"), 3, 35, ("12 Main St", "Apt 4")),
        (("1600 Pennsylvania Avenue NW", "Apt 4"), 3, 20, ("1600 Pennsylvania", "Avenue NW", "Apt 4")),
        (("1600 Pennsylvania Avenue NW", "Apt 4"), 2, 20, ("1600 Pennsylvania", "Avenue NW Apt 4")),
        ((None, " "), 2, 20, ()),
    ],
)
def test_wrapped(texts: tuple[str | None, ...], lines: int, length: int, made: tuple[str, ...]) -> None:
    assert wrapped(texts, lines, length) == made


def test_what_does_not_fit_is_refused_and_says_by_how_much() -> None:
    long_word = wrapped(("Donaudampfschifffahrt 1",), 3, 20)
    many = wrapped(("one two three four", "five six seven"), 2, 12)

    assert long_word == Refusal("ADDRESS_TOO_LONG", {"lines": 3, "length": 20, "needed": "21 characters in one word"})
    assert many == Refusal("ADDRESS_TOO_LONG", {"lines": 2, "length": 12, "needed": "4 lines"})


@given(st.lists(st.none() | st.text(max_size=30), max_size=4), st.integers(1, 4), st.integers(1, 40))
def test_every_word_is_there_in_order_or_all_is_refused(texts: list[str | None], lines: int, length: int) -> None:
    made = wrapped(tuple(texts), lines, length)

    given_ = [word for text in texts if text for word in text.split()]
    if isinstance(made, Refusal):
        assert sum(map(len, given_)) + len(given_) - 1 > length or max(map(len, given_)) > length
    else:
        assert [word for line in made for word in line.split()] == given_
        assert len(made) <= lines
        assert all(0 < len(line) <= length for line in made)
