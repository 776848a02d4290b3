"""How values are written where no step says otherwise."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from exchange.mapping.kinds import ARROW, Kind
from exchange.mapping.render import as_text, in_coins


@pytest.mark.parametrize(
    ("kind", "values", "written"),
    [
        ("text", ["=1+1", None], ["=1+1", None]),
        ("integer", [12, -3, None], ["12", "-3", None]),
        ("decimal", [Decimal("12.5"), Decimal("0.1234"), None], ["12.50", "0.1234", None]),
        ("boolean", [True, False, None], ["true", "false", None]),
        ("datetime", [datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC), None], ["2026-03-04T05:06:07Z", None]),
    ],
)
def test_each_kind(kind: Kind, values: list[Any], written: list[str | None]) -> None:
    made = as_text(pa.array(values, ARROW[kind]))

    assert made.to_pylist() == written
    assert made.type == pa.string()


def test_amounts_have_the_digits_of_their_currency_and_lose_none() -> None:
    texts = ["34.00", "100.00", "34.50", "0.00", "-7.00", None, "1.50", "1.2345", "1.50", "1.234", "12.00"]
    places = [0, 0, 0, 0, 0, 0, 3, 3, 4, 4, 2]

    made = in_coins(pa.array(texts, pa.string()), pa.array(places))

    assert made.to_pylist() == ["34", "100", "34.50", "0", "-7", None, "1.500", "1.2345", "1.5000", "1.2340", "12.00"]
