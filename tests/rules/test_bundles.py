"""Taking bundles apart: what holds for any order and any table of bundles."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.kernel.pipeline import Unbundled
from exchange.kernel.table import Table
from exchange.rules.amounts import AMOUNT
from exchange.rules.bundles import Bundles, Goods, scarcest, unbundle
from exchange.rules.currency import coins
from exchange.rules.recipes import Piece, recipes

LEAVES = [f"x{n}" for n in range(4)]
SETS = [f"S{n}" for n in range(4)]
Sold = tuple[str, int, Decimal, Decimal]
"""(sku, quantity, price, part of the worth that is discount)."""


def bundles_of(rows: list[tuple[str, str, int, int]]) -> Bundles:
    names = ("bundle", "component", "quantity", "price_share")
    cells = {name: pa.array([str(row[at]) for row in rows], pa.string()) for at, name in enumerate(names)}
    found, faults = recipes(Table("bundles", names, cells), "price_share", {})
    assert faults == []
    fields = {"item_number": pa.array([f"i-{name}" for name in LEAVES]), "warehouse": pa.array(["W"] * len(LEAVES))}
    goods = Goods({name: row for row, name in enumerate(LEAVES)}, fields, ("item_number", "weight_g"), "items")
    return Bundles("sku", found, goods, coins)


def lines_of(sold: list[Sold]) -> dict[str, pa.Array]:
    discounts = [min(q * p, (q * p * part).quantize(Decimal("0.01"))) for _, q, p, part in sold]
    worth = [q * p - off for (_, q, p, _), off in zip(sold, discounts, strict=True)]
    return {
        "sku": pa.array([sku for sku, *_ in sold], pa.string()),
        "item_number": pa.array([f"i-{sku}" for sku, *_ in sold], pa.string()),
        "quantity": pa.array([quantity for _, quantity, _, _ in sold], pa.int64()),
        "unit_price": pa.array([price for _, _, price, _ in sold], AMOUNT),
        "line_discount": pa.array(discounts, AMOUNT),
        "line_total": pa.array(worth, AMOUNT),
        "weight_g": pa.array([Decimal(1)] * len(sold), AMOUNT),
        "taxable": pa.array([True] * len(sold)),
    }


def taken_apart(sold: list[Sold], bundles: Bundles, currency: str = "EUR", owner: list[int] | None = None) -> Unbundled:
    whose = np.array(owner or [0] * len(sold), np.int64)
    header = {"currency": pa.array([currency] * (int(whose[-1]) + 1))}
    return unbundle((header, lines_of(sold)), whose, np.zeros(int(whose[-1]) + 1, bool), bundles)


GIFT = bundles_of(
    [("S0", "x0", 2, 3), ("S0", "x1", 1, 1), ("S1", "S0", 2, 80), ("S1", "x2", 1, 20), ("S2", "x9", 1, 1)]
)


def test_lines_of_components() -> None:
    made = taken_apart([("x3", 1, Decimal(5), Decimal(0)), ("S1", 3, Decimal("99.95"), Decimal("0.1"))], GIFT)
    names = (
        "sku",
        "quantity",
        "unit_price",
        "bundle",
        "bundle_line",
        "item_number",
        "weight_g",
        "warehouse",
        "taxable",
    )
    assert list(zip(*(made.lines[name].to_pylist() for name in names), strict=True)) == [
        ("x3", 1, Decimal(5), None, None, "i-x3", Decimal(1), None, True),
        ("x0", 12, Decimal("14.99"), "S1", 2, "i-x0", None, "W", True),
        ("x1", 6, Decimal("10.00"), "S1", 2, "i-x1", None, "W", True),
        ("x2", 3, Decimal("19.99"), "S1", 2, "i-x2", None, "W", True),
    ]
    assert made.source is not None
    assert made.source.tolist() == [0, 1, 1, 1]


def test_without_a_bundle_nothing_is_touched() -> None:
    made = taken_apart([("x3", 1, Decimal(5), Decimal(0))], GIFT)
    assert (made.source, made.failures) == (None, [])
    assert made.lines["bundle"].to_pylist() == [None]


def test_what_cannot_be_taken_apart_stays_and_is_told() -> None:
    made = taken_apart([("S2", 1, Decimal(5), Decimal(0)), ("S1", 600_000, Decimal(1), Decimal(0))], GIFT)
    assert [(each.row, each.code, each.value) for each in made.failures] == [
        (0, "LOOKUP_MISS", "x9"),
        (1, "OUT_OF_RANGE", "2400000"),
    ]
    assert made.lines["sku"].to_pylist() == ["S2", "S1"]


def test_documents_with_an_error_stay_as_they_are() -> None:
    lines = lines_of([("S0", 1, Decimal(5), Decimal(0))])
    header = {"currency": pa.array(["EUR"])}
    made = unbundle((header, lines), np.zeros(1, np.int64), np.ones(1, bool), GIFT)
    assert made.lines["sku"].to_pylist() == ["S0"]


def test_a_currency_without_cents_is_shared_out_in_whole_units() -> None:
    made = taken_apart([("S0", 1, Decimal(1000), Decimal("0.1"))], GIFT, "JPY")
    assert all(amount == amount.to_integral() for amount in made.lines["unit_price"].to_pylist())
    assert sum(made.lines["line_total"].to_pylist()) == 900


@st.composite
def tables(draw: st.DrawFn) -> list[tuple[str, str, int, int]]:
    """Draw bundles, each of leaves and of bundles before it: nested four deep at most."""
    rows = []
    for place, name in enumerate(SETS):
        parts = draw(st.lists(st.sampled_from([*LEAVES, *SETS[:place]]), min_size=1, max_size=4))
        rows += [(name, part, draw(st.integers(1, 7)), draw(st.integers(0, 9))) for part in parts]
    return rows


MONEY = st.decimals(0, 2000, places=2)
SALES = st.lists(
    st.tuples(
        st.sampled_from([*SETS, *LEAVES]), st.integers(1, 30), MONEY, st.sampled_from(["0", "0.1", "0.337", "1"])
    ),
    min_size=1,
    max_size=6,
)


def pieces_in(name: str, rows: list[tuple[str, str, int, int]]) -> Counter[str]:
    """Return what a bundle consists of, by walking through the table as a person would."""
    own = [row for row in rows if row[0] == name]
    found: Counter[str] = Counter() if own else Counter({name: 1})
    for _, part, quantity, _ in own:
        found.update({leaf: count * quantity for leaf, count in pieces_in(part, rows).items()})
    return found


@settings(max_examples=150, deadline=None)
@given(rows=tables(), sales=SALES, places=st.sampled_from([2, 4]))
def test_quantities_and_money_are_conserved(
    rows: list[tuple[str, str, int, int]], sales: list[tuple[str, int, Decimal, str]], places: int
) -> None:
    finer = Decimal("0.0003") if places == 4 else Decimal(0)
    sold: list[Sold] = [(sku, quantity, price + finer, Decimal(off)) for sku, quantity, price, off in sales]
    owner = sorted(n % 2 for n in range(len(sold)))
    made = taken_apart(sold, bundles_of(rows), owner=owner)
    before = lines_of(sold)
    source = made.source if made.source is not None else np.arange(len(sold))
    lines = {name: column.to_pylist() for name, column in made.lines.items()}
    wanted: Counter[str] = Counter()
    for row, (sku, quantity, price, _) in enumerate(sold):
        own = np.flatnonzero(source == row).tolist()
        wanted.update({leaf: count * quantity for leaf, count in pieces_in(sku, rows).items()})
        assert sum(lines["quantity"][at] * lines["unit_price"][at] for at in own) == quantity * price
        for name in ("line_discount", "line_total"):
            assert sum(lines[name][at] for at in own) == before[name][row].as_py()
        for at in own:
            gross = lines["quantity"][at] * lines["unit_price"][at]
            assert lines["line_total"][at] == gross - lines["line_discount"][at]
            assert 0 <= lines["line_discount"][at] <= gross
    got: Counter[str] = Counter()
    for sku, quantity in zip(lines["sku"], lines["quantity"], strict=True):
        got[sku] += quantity
    assert got == wanted


def test_a_bundle_is_as_available_as_its_scarcest_component() -> None:
    stock = {"x0": 9, "x1": 100, "x2": 3}
    assert scarcest(GIFT.recipes, stock) == {"S0": 4, "S1": 2, "S2": 0}
    assert scarcest(GIFT.recipes, {**stock, "x0": -3}, ["S0"]) == {"S0": 0}
    packed = {"S": (Piece("x0", "CS", 2, Fraction(1)),)}
    assert scarcest(packed, {"x0": 50}, size=lambda _item, _unit: 12) == {"S": 2}
    assert scarcest(packed, {"x0": 50}, size=lambda _item, _unit: None) == {"S": 0}


@settings(max_examples=30, deadline=None)
@given(rows=tables(), stock=st.dictionaries(st.sampled_from(LEAVES), st.integers(0, 3000)))
def test_as_many_as_are_available_can_be_made_and_not_one_more(
    rows: list[tuple[str, str, int, int]], stock: dict[str, int]
) -> None:
    def suffices(bundle: str, number: int) -> bool:
        needed = pieces_in(bundle, rows)
        return all(stock.get(leaf, 0) >= count * number for leaf, count in needed.items())

    for bundle, number in scarcest(bundles_of(rows).recipes, stock).items():
        assert suffices(bundle, number)
        assert not suffices(bundle, number + 1)
