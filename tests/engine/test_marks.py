"""The texts that files are named and parted by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pytest

from exchange.engine.marks import marks_of
from exchange.engine.prepared import Prepared
from exchange.kernel.pipeline import Target, Written


@dataclass
class Span:
    """As much of a prepared span as is asked."""

    header: pa.Table
    lines: pa.Table


def nothing(*_: Any) -> Any:
    pytest.fail("marks render nothing")


def test_documents_and_parts_have_their_own_values() -> None:
    made = datetime(2026, 3, 2, tzinfo=UTC)
    span = Span(
        pa.table({"order_number": ["1", "2"], "ordered_at": pa.array([made, None], pa.timestamp("s", "UTC"))}),
        pa.table({"sku": ["a", "b", "c"]}),
    )
    names = ("number", "warehouse", "notes", "ordered_at")
    fields = ("order_number", "warehouse", "notes", "ordered_at")
    target = Target(
        "wms",
        "wms",
        "",
        "",
        None,
        True,
        False,
        (),
        (),
        nothing,
        nothing,
        Written(b"", b"", nothing),
        marks=dict(zip(names, fields, strict=True)),
    )
    assert marks_of(cast("Prepared", span), target, np.array([0, 0, 1]), pa.array(["HAM", "LYO", None])) == {
        "number": ["1", "1", "2"],
        "warehouse": ["HAM", "LYO", ""],
        "notes": ["", "", ""],
        "ordered_at": ["2026-03-02 00:00:00Z", "2026-03-02 00:00:00Z", ""],
    }
