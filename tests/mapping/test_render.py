"""How values are written where no step says otherwise."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from exchange.mapping.kinds import ARROW, Kind
from exchange.mapping.render import as_text


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
