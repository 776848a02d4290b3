"""The sums of orders: discounts allocated, totals checked, against a slow reference in Decimal."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.config.rules import Money
from exchange.kernel.chunk import CellFailure
from exchange.kernel.pipeline import Settled
from exchange.kernel.problems import Problem
from exchange.rules.amounts import AMOUNT
from exchange.rules.money import settle, unsettled

REJECT = Money(on_mismatch="reject")
HEADER = ("subtotal", "discount", "shipping", "taxes", "duties", "tips", "total")
Line = tuple[int, str, str | None]
Order = tuple[dict[str, str | None], list[Line]]


def run(orders: list[Order], money: Money = REJECT, bad: tuple[int, ...] = ()) -> Settled:
    header: dict[str, pa.Array] = {
        name: pa.array([_decimal(amounts.get(name)) for amounts, _ in orders], AMOUNT) for name in HEADER
    }
    header["currency"] = pa.array([amounts.get("currency", "EUR") for amounts, _ in orders], pa.string())
    flat = [line for _, lines in orders for line in lines]
    owner = np.repeat(np.arange(len(orders)), [len(lines) for _, lines in orders]).astype(np.int64)
    lines = {
        "quantity": pa.array([line[0] for line in flat], pa.int64()),
        "unit_price": pa.array([_decimal(line[1]) for line in flat], AMOUNT),
        "line_discount": pa.array([_decimal(line[2]) for line in flat], AMOUNT),
    }
    return settle(header, lines, owner, np.isin(np.arange(len(orders)), bad), money)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def shares(settled: Settled) -> list[str]:
    return [f"{amount.normalize():f}" for amount in settled.line_discount.to_pylist()]


def message(failure: CellFailure) -> str:
    return Problem(failure.code, field=failure.field, value=failure.value, detail=failure.detail).message


def test_a_discount_is_allocated_and_the_sums_agree() -> None:
    settled = run(
        [
            (
                {"subtotal": "90.00", "discount": "10.00", "shipping": "4.90", "taxes": "1.10", "total": "96.00"},
                [(1, "33.33", None), (2, "16.665", None), (1, "33.34", "0")],
            ),
            ({"subtotal": "5", "total": "5", "discount": None}, [(1, "5", None)]),
        ]
    )
    assert settled.failures == []
    assert shares(settled) == ["3.33", "3.33", "3.34", "0"]
    assert settled.line_total.to_pylist() == [Decimal("30.00"), Decimal("30.00"), Decimal("30.00"), Decimal("5")]
    assert settled.line_total.type == settled.line_discount.type == AMOUNT


def test_the_discount_of_the_order_contains_that_of_its_lines_where_the_subtotal_says_so() -> None:
    lines: list[Line] = [(1, "50", "5"), (1, "50", None)]
    contained = run([({"subtotal": "90", "discount": "10", "total": "90"}, lines)])
    beside = run([({"subtotal": "85", "discount": "10", "total": "85"}, lines)])
    assert contained.failures == beside.failures == []
    assert shares(contained) == ["7.37", "2.63"]
    assert shares(beside) == ["9.74", "5.26"]
    assert sum(contained.line_total.to_pylist()) == 90
    assert sum(beside.line_total.to_pylist()) == 85


def test_lines_alone_are_discounted() -> None:
    settled = run([({"subtotal": "95", "discount": "0", "total": "95"}, [(1, "50", "5"), (1, "50", None)])])
    assert (settled.failures, shares(settled)) == ([], ["5", "0"])


def test_without_a_subtotal_the_total_tells() -> None:
    lines: list[Line] = [(1, "50", "5"), (1, "50", None)]
    assert shares(run([({"discount": "10", "shipping": "3", "total": "93"}, lines)])) == ["7.37", "2.63"]
    assert shares(run([({"discount": "10", "shipping": "3", "total": "88"}, lines)])) == ["9.74", "5.26"]
    nothing = run([({"discount": "10"}, lines), ({"discount": "10", "total": "1"}, lines)])
    assert nothing.failures == []
    assert shares(nothing) == ["7.37", "2.63"] * 2


def test_sums_that_do_not_agree() -> None:
    settled = run(
        [
            ({"subtotal": "99.98", "discount": "0.5", "total": "99.98"}, [(1, "100", None)]),
            ({"subtotal": "99.99", "total": "100.00"}, [(1, "100", None)]),
            ({"subtotal": "100", "shipping": "5", "taxes": "1", "tips": "2", "total": "110"}, [(1, "100", None)]),
        ]
    )
    assert [(failure.row, failure.field, failure.value) for failure in settled.failures] == [
        (0, "subtotal", "99.98"),
        (2, "total", "110.00"),
    ]
    assert [message(failure) for failure in settled.failures] == [
        "sum(quantity x unit_price) - discount = subtotal: 99.50 is not 99.98 (tolerance 0.01)",
        "subtotal + shipping + taxes + tips = total: 108.00 is not 110.00 (tolerance 0.01)",
    ]
    assert not any(failure.warning for failure in settled.failures)


def test_a_mismatch_only_warns_where_the_flow_says_so() -> None:
    [failure] = run([({"subtotal": "9", "total": "9"}, [(1, "5", None)])], Money(on_mismatch="warn")).failures
    assert (failure.code, failure.warning) == ("TOTALS_MISMATCH", True)


def test_tax_inclusive_prices() -> None:
    order: Order = ({"subtotal": "100", "shipping": "5", "taxes": "16.77", "total": "105"}, [(1, "100", None)])
    assert run([order], Money(taxes="inclusive")).failures == []
    [failure] = run([order]).failures
    assert failure.detail["left"] == "121.77"


def test_a_discount_larger_than_the_lines() -> None:
    settled = run(
        [
            ({"subtotal": "0", "discount": "11", "total": "0"}, [(1, "10", None)]),
            ({"subtotal": "5", "discount": "0", "total": "5"}, [(1, "5", None), (1, "4", "5")]),
        ],
        Money(on_mismatch="warn"),
    )
    assert [(f.row, f.field, message(f), f.warning) for f in settled.failures] == [
        (0, "discount", "the discount 11.00 is more than the lines are worth (10.00)", False),
        (1, "line_discount", "the discount 5.00 is more than the lines are worth (4.00)", False),
    ]
    assert shares(settled) == ["0", "0", "5"]


def test_no_allocation_where_the_flow_says_none() -> None:
    settled = run(
        [({"subtotal": "9", "discount": "1", "total": "9"}, [(1, "10", None)])], Money(allocate_discount="none")
    )
    assert (settled.failures, shares(settled)) == ([], ["0"])
    assert settled.line_total.to_pylist() == [Decimal(10)]


def test_yen_are_allocated_whole() -> None:
    lines: list[Line] = [(1, "500", None)] * 3
    settled = run([({"subtotal": "1400", "discount": "100", "total": "1400", "currency": "JPY"}, lines)])
    assert shares(settled) == ["34", "33", "33"]


def test_amounts_that_no_amount_can_hold() -> None:
    settled = run(
        [
            ({"subtotal": "1", "discount": "1", "total": "1"}, [(1_000_000, "99999999999999.9999", None)]),
            ({"subtotal": "99999999999998", "discount": "1.99", "total": "1"}, [(1, "99999999999999.99", None)]),
        ]
    )
    assert [(failure.row, failure.code) for failure in settled.failures] == [
        (0, "OUT_OF_RANGE"),
        (1, "TOTALS_MISMATCH"),
    ]
    assert message(settled.failures[0]).endswith(" is more than 99999999999999.9999")
    assert shares(settled) == ["0", "1.99"]


def test_nothing_more_is_told_of_what_was_read_wrong() -> None:
    wrong: dict[str, str | None] = {"subtotal": "9.00", "total": "1.00"}
    worse: dict[str, str | None] = {**wrong, "discount": "99.00"}
    huge: list[Line] = [(10**12, "999999.00", None)]
    orders: list[Order] = [(amounts, [(1, "5.00", None)]) for amounts in (wrong, wrong, worse, worse)]
    orders += [(wrong, huge), (wrong, huge)]

    assert {failure.row for failure in run(orders).failures} == {0, 1, 2, 3, 4, 5}
    assert {failure.row for failure in run(orders, bad=(1, 2, 5)).failures} == {0, 3, 4}


def test_no_orders_and_missing_columns() -> None:
    assert run([]).line_total.to_pylist() == []
    good = np.array([False])
    settled = settle({"total": pa.array([None], AMOUNT)}, {"sku": pa.array(["a"])}, np.array([0]), good, REJECT)
    assert (settled.failures, settled.line_total.to_pylist()) == ([], [Decimal(0)])


amount = st.integers(0, 5000).map(lambda cents: f"{Decimal(cents) / 100}")
lines = st.lists(st.tuples(st.integers(1, 5), amount, st.one_of(st.none(), amount)), min_size=1, max_size=4)
made_orders = st.tuples(lines, amount, amount, st.sampled_from(["contained", "beside", "off"]))


@given(st.lists(made_orders, max_size=5))
@settings(max_examples=100, deadline=None)
def test_the_verdicts_are_those_of_decimal_arithmetic(made: list[Any]) -> None:
    orders, expected = [], []
    for own, discount, taxes, kind in made:
        gross = sum(quantity * Decimal(price) for quantity, price, _ in own)
        given_ = sum(Decimal(line or 0) for _, _, line in own)
        off = {"contained": Decimal(0), "beside": given_, "off": Decimal("0.02")}[kind]
        subtotal = gross - Decimal(discount) - off
        header = {"subtotal": f"{subtotal}", "discount": discount, "taxes": taxes}
        orders.append(({**header, "total": f"{subtotal + Decimal(taxes)}"}, own))
        expected.append(_verdict(gross, given_, Decimal(discount), subtotal, own))
    settled = run(orders)
    found = {failure.row: failure.code for failure in settled.failures}
    assert [found.get(row) for row in range(len(orders))] == [verdict[0] for verdict in expected]
    at = 0
    for (_, own), (code, worth) in zip(orders, expected, strict=True):
        if code is None:
            assert sum(settled.line_total.to_pylist()[at : at + len(own)]) == worth
        at += len(own)


def _verdict(gross: Any, given_: Any, discount: Decimal, subtotal: Any, own: list[Line]) -> tuple[str | None, Any]:
    near = Decimal("0.01")
    if any(Decimal(line or 0) > quantity * Decimal(price) for quantity, price, line in own):
        return "DISCOUNT_TOO_LARGE", None
    contained = discount >= given_ and abs(gross - discount - subtotal) <= near
    beside = abs(gross - given_ - discount - subtotal) <= near
    apart = discount < given_ or (beside and not contained)
    left = discount if apart else discount - given_
    if left > gross - given_:
        return "DISCOUNT_TOO_LARGE", None
    return (None if contained or beside else "TOTALS_MISMATCH"), gross - given_ - left


def test_documents_without_amounts_are_left_alone() -> None:
    made = unsettled({}, {"quantity": pa.array([1, 2])}, np.array([0, 0]), np.array([False]))

    assert (made.line_total.to_pylist(), made.line_discount.type, made.failures) == ([None, None], AMOUNT, [])
