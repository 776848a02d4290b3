"""Tax lines make the taxes; no amount is finer than its currency; rounding on lines widens the tolerance."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from exchange.config.rules import Money
from exchange.rules.amounts import AMOUNT, ONE
from exchange.rules.taxes import amount_failures, tolerances


def header(currency: str = "EUR", /, **amounts: str | None) -> dict[str, pa.Array]:
    """Return one document with these amounts."""
    columns = {name: pa.array([None if text is None else Decimal(text)], AMOUNT) for name, text in amounts.items()}
    return {"currency": pa.array([currency]), **columns}


def found(columns: dict[str, pa.Array], money: Money | None = None) -> list[tuple[str, str, bool]]:
    """Return (field, code, warning) of each failure."""
    rule = money or Money(on_mismatch="reject")
    made = amount_failures(columns, np.array([True]), rule, tolerances(columns, np.array([3]), rule, ONE))
    return [(each.field, each.code, each.warning) for each in made]


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ({"taxes": "3.00", "tax1_amount": "1.90", "tax2_amount": "1.10"}, []),
        ({"taxes": "3.00", "tax1_amount": "1.90", "tax2_amount": "1.09"}, []),
        ({"taxes": "3.00", "tax1_amount": "1.90", "tax2_amount": "0.10"}, [("taxes", "TOTALS_MISMATCH", False)]),
        ({"taxes": "3.00"}, []),
        ({"taxes": "3.00", "tax1_amount": None}, []),
        ({"taxes": "6.00", **{f"tax{n}_amount": "1.20" for n in range(1, 6)}}, []),
    ],
)
def test_tax_lines_make_the_taxes(amounts: dict[str, str | None], expected: list[tuple[str, str, bool]]) -> None:
    assert found(header(**amounts)) == expected


def test_mismatch_is_a_warning_where_the_flow_says_so() -> None:
    columns = header(taxes="3.00", tax1_amount="1.00")
    assert found(columns, Money(on_mismatch="warn")) == [("taxes", "TOTALS_MISMATCH", True)]


@pytest.mark.parametrize(
    ("currency", "total", "fine"),
    [
        ("EUR", "1.99", True),
        ("EUR", "1.999", False),
        ("JPY", "100", True),
        ("JPY", "100.5", False),
        ("BHD", "1.125", True),
    ],
)
def test_no_amount_is_finer_than_its_currency(currency: str, total: str, *, fine: bool) -> None:
    assert found(header(currency, total=total)) == ([] if fine else [("total", "AMOUNT_TOO_FINE", False)])


def test_rounding_on_lines_widens_the_tolerance_by_half_a_coin_each() -> None:
    columns = header(total="1.00")
    assert tolerances(columns, np.array([10]), Money(), ONE).tolist() == [100]
    assert tolerances(columns, np.array([10]), Money(rounding="line"), ONE).tolist() == [500]
    assert tolerances(header("JPY", total="1"), np.array([3]), Money(rounding="line"), ONE).tolist() == [15_000]
