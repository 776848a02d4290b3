"""Shares the price of one bundle out to its components: exactly, in the smallest coin, as a price for each piece."""

from __future__ import annotations

from typing import NamedTuple

from exchange.rules.recipes import Recipe


class Priced(NamedTuple):
    """So many pieces of one component at one price."""

    piece: int
    """Place in the recipe."""
    quantity: int
    price: int
    """Of one, in ten-thousandths."""


def priced(recipe: Recipe, price: int, coin: int) -> tuple[Priced, ...]:
    """Return the components of one bundle with a price for each piece; quantity x price adds up to `price` exactly.

    `price` and `coin` (the smallest step a price takes, which divides it) are ten-thousandths. Each component gets its
    share, rounded down to the coin; what is left goes to those that lost most. Where the pieces do not divide it, some
    pieces of one component cost a coin more: it has two entries then. A component without a share gets nothing, unless
    none has one.
    """
    coins = price // coin
    exact = [coins * piece.share / piece.quantity for piece in recipe]
    base = [int(each) for each in exact]
    left = coins - sum(each * piece.quantity for each, piece in zip(base, recipe, strict=True))
    able = [place for place, piece in enumerate(recipe) if piece.share > 0]
    for place in sorted(able, key=lambda each: (base[each] - exact[each], each)):
        if recipe[place].quantity <= left:
            base[place] += 1
            left -= recipe[place].quantity
    dearer = dict.fromkeys(able, 0)
    if left:
        least = min(able, key=lambda each: (recipe[each].quantity, each))
        more, rest = divmod(left, recipe[least].quantity)
        base[least] += more
        dearer[least] = rest
    made = []
    for place, piece in enumerate(recipe):
        some = dearer.get(place, 0)
        made.append(Priced(place, piece.quantity - some, base[place] * coin))
        if some:
            made.append(Priced(place, some, (base[place] + 1) * coin))
    return tuple(made)
