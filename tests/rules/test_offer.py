"""No piece is ever offered twice, and none that is not there."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.rules.offer import Kept, Place, Terms, offered, owed, shown, whole

AMOUNTS = st.integers(-50, 500).map(Decimal)
SMALL = st.integers(0, 60).map(Decimal)
PLACES = st.lists(st.tuples(AMOUNTS, SMALL, SMALL, SMALL, SMALL), min_size=1, max_size=4)
CHANNELS = st.lists(st.tuples(st.integers(0, 100), SMALL), min_size=1, max_size=4)


def place(on_hand: Decimal, reserved: Decimal, sent: Decimal, waiting: Decimal) -> Place:
    """Return a place."""
    return Place("HAM", on_hand, reserved, sent, waiting)


@settings(max_examples=150, deadline=None)
@given(PLACES, CHANNELS)
def test_channels_with_shares_of_a_whole_never_sell_one_piece_twice(
    rows: list[tuple[Decimal, ...]], channels: list[tuple[int, Decimal]]
) -> None:
    places = [place(*row[:4]) for row in rows]
    whole_share = max(sum(share for share, _ in channels), 1)
    every = sum((kept for _, kept in channels), Decimal(0))
    sums, before = [Fraction(0)] * len(places), Decimal(0)
    for share, kept in channels:
        terms = [Terms(row[4], Fraction(share, whole_share)) for row in rows]
        given_ = offered(places, terms, Kept(kept, before, every))
        assert all(part >= 0 for part in given_)
        sums = [one + other for one, other in zip(sums, given_, strict=True)]
        before += kept
    for row, found, total in zip(rows, places, sums, strict=True):
        assert total <= max(Fraction(found.free - row[4]), Fraction(0))


def test_a_flash_sale_counts_down_to_nothing_and_no_further() -> None:
    """1,000 pieces, 300 of them for the outlet; orders of 7 are handed over until the channels are told of none."""
    sold = {"shop": 0, "outlet": 0}
    while True:
        gone = Decimal(sum(sold.values()))
        left = [place(Decimal(1000), Decimal(0), gone, Decimal(0))]
        told = {
            name: whole(offered(left, [Terms(Decimal(10), Fraction(share, 10))])[0], 1)
            for name, share in (("shop", 7), ("outlet", 3))
        }
        if max(told.values()) < 7:
            break
        sold = {name: count + 7 * (told[name] >= 7) for name, count in sold.items()}
    assert sum(sold.values()) <= 990
    assert 990 - sum(sold.values()) < 24


def test_what_is_kept_is_taken_from_the_first_places_once() -> None:
    places = [place(Decimal(4), *[Decimal(0)] * 3), place(Decimal(10), *[Decimal(0)] * 3)]
    terms = [Terms(Decimal(0), Fraction(1, 2))] * 2
    assert offered(places, terms, Kept(Decimal(5), Decimal(0), Decimal(8))) == [4, 1 + 3]
    assert offered(places, terms, Kept(Decimal(3), Decimal(5), Decimal(8))) == [0, 3 + 3]


def test_units_buffers_caps_and_debts() -> None:
    assert whole(Fraction(25), 12) == 2
    assert whole(Fraction(-25), 12) == 0
    assert (shown(9, 2, None), shown(9, 2, 5), shown(1, 2, None), shown(9, 0, 0)) == (7, 5, 0, 0)
    assert owed([place(Decimal(-2), Decimal(1), Decimal(0), Decimal(0)), place(Decimal(5), *[Decimal(0)] * 3)]) == 3
