"""Exact numbers against Python's own decimals."""

from __future__ import annotations

import re
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.mapping import decimals
from exchange.mapping.kinds import NARROW

NUMBER = st.from_regex(r"[+-]?[0-9]{1,16}(\.[0-9]{1,12})?", fullmatch=True)
RUBBISH = st.text("0123456789.,+-eE x", max_size=12)


def expected(text: str | None) -> Decimal | str | None:
    """Read one number slowly; a code where it cannot be read."""
    if text is None:
        return None
    if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", text):
        return "NOT_A_NUMBER"
    number = Decimal(text)
    if abs(number) > Decimal("99999999999999.9999"):
        return "OUT_OF_RANGE"
    return number if number == number.quantize(Decimal("0.0001")) else "NOT_EXACT"


@settings(max_examples=150, deadline=None)
@given(st.lists(st.none() | NUMBER | RUBBISH.filter(bool), min_size=1, max_size=8))
def test_parse_agrees_with_python(texts: list[str | None]) -> None:
    read = decimals.parse(pa.array(texts, pa.string()), ".", "")
    fit = decimals.narrowed(read.values)
    codes = {
        int(row): refused.code
        for refused in (*fit.refused, *read.refused)
        for row, bad in enumerate(refused.rows)
        if bad
    }
    got = [codes.get(row, value) for row, value in enumerate(fit.values.to_pylist())]
    assert got == [expected(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "point", "group", "value"),
    [
        ("1.234.567,89", ",", ".", Decimal("1234567.89")),
        ("1'234.5", ".", "'", Decimal("1234.5")),
        ("1234,5", ",", ".", Decimal("1234.5")),
        ("1.23,5", ",", ".", None),
        ("1.234", ",", "", None),
        ("+1 234", ".", " ", Decimal(1234)),
        (",5", ",", "", None),
        ("5.", ".", "", None),
        ("--5", ".", "", None),
        ("1.2.3", ".", "", None),
        ("٣", ".", "", None),
    ],
)
def test_separators(text: str, point: str, group: str, value: Decimal | None) -> None:
    outcome = decimals.parse(pa.array([text]), point, group)
    assert outcome.values.to_pylist() == [value]
    assert [refused.code for refused in outcome.refused if refused.rows.any()] == ([] if value else ["NOT_A_NUMBER"])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.decimals(-(10**9), 10**9, places=4), min_size=1, max_size=5))
def test_text_is_exact_with_two_places_at_least(numbers: list[Decimal]) -> None:
    texts = decimals.to_text(pa.array(numbers, NARROW)).to_pylist()
    assert [Decimal(text) for text in texts] == numbers
    assert all(re.fullmatch(r"-?[0-9]+\.[0-9]{2}([0-9]{0,1}[1-9])?", text) for text in texts)


@settings(max_examples=50, deadline=None)
@given(st.decimals(-(10**6), 10**6, places=2), st.decimals(-(10**6), 10**6, places=2), st.integers(0, 10**6))
def test_products_and_sums_are_exact(left: Decimal, right: Decimal, count: int) -> None:
    one, two = pa.array([left], NARROW), pa.array([right], NARROW)
    assert decimals.held(decimals.product(one, two)).values.to_pylist() == [left * right]
    assert decimals.held(decimals.product(pa.array([count]), two)).values.to_pylist() == [count * right]
    assert decimals.total((one, two, pa.array([count]))).to_pylist() == [left + right + count]
