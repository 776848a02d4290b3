"""Prices of components: exact, in whole cents, near to their shares."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.rules.prices import priced
from exchange.rules.recipes import Piece, Recipe

CENT = 100


def recipe(*pieces: tuple[int, int]) -> Recipe:
    """Return a bundle of (quantity, weight)."""
    whole = sum(weight for _, weight in pieces)
    return tuple(Piece(f"c{n}", "EA", q, Fraction(w, whole)) for n, (q, w) in enumerate(pieces))


def test_cents_go_where_they_fit() -> None:
    assert priced(recipe((1, 1), (1, 1), (1, 1)), 10_0000, CENT) == ((0, 1, 3_3400), (1, 1, 3_3300), (2, 1, 3_3300))
    assert priced(recipe((1, 3), (2, 1)), 9_9900, CENT) == ((0, 1, 7_4900), (1, 2, 1_2500))


def test_pieces_that_do_not_divide_the_price_cost_two_prices() -> None:
    assert priced(recipe((3, 1)), 10_0000, CENT) == ((0, 2, 3_3300), (0, 1, 3_3400))
    assert priced(recipe((2, 1), (2, 0)), 10_0100, CENT) == ((0, 1, 5_0000), (0, 1, 5_0100), (1, 2, 0))


def test_a_price_of_nothing_is_nothing() -> None:
    assert priced(recipe((2, 1), (5, 1)), 0, CENT) == ((0, 2, 0), (1, 5, 0))


@settings(max_examples=200, deadline=None)
@given(
    pieces=st.lists(st.tuples(st.integers(1, 500), st.integers(0, 1000)), min_size=1, max_size=8).filter(
        lambda pieces: any(weight for _, weight in pieces)
    ),
    coins=st.integers(0, 10**9),
    coin=st.sampled_from([1, CENT, 10_000]),
)
def test_nothing_is_lost_and_nobody_gets_far_from_his_share(
    pieces: list[tuple[int, int]], coins: int, coin: int
) -> None:
    made = priced(recipe(*pieces), coins * coin, coin)
    assert sum(part.quantity * part.price for part in made) == coins * coin
    most = sum(quantity for quantity, _ in pieces)
    for place, piece in enumerate(recipe(*pieces)):
        own = [part for part in made if part.piece == place]
        assert sum(part.quantity for part in own) == piece.quantity
        assert all(part.price >= 0 and part.price % coin == 0 and part.quantity > 0 for part in own)
        assert len(own) <= 2
        assert abs(sum(part.quantity * part.price for part in own) - coins * coin * piece.share) <= most * coin
        assert piece.share or not any(part.price for part in own)
