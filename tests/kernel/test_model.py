"""Counts add up and balance; reports have the promised shape."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from exchange.kernel.model import Counts, FileReport

NUMBERS = st.integers(0, 1000)
COUNTS = st.builds(Counts, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS)


@given(COUNTS, COUNTS)
def test_counts_add_up(one: Counts, other: Counts) -> None:
    both = one + other

    assert both == other + one
    assert list(both.as_json().values()) == [
        a + b for a, b in zip(one.as_json().values(), other.as_json().values(), strict=True)
    ]
    if one.balanced and other.balanced:
        assert both.balanced


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_in_is_out_rejected_filtered_held(out: int, rejected: int, filtered: int, held: int) -> None:
    total = out + rejected + filtered + held

    assert Counts(total, out, rejected, filtered, held).balanced
    assert not Counts(total + 1, out, rejected, filtered, held).balanced


def test_report_has_the_promised_keys() -> None:
    report = FileReport(
        "orders", "c", "day.csv", "ab", "done", Counts(2, 2), Counts(1, 1), seconds=1.23456, notes=("n",)
    )

    assert json.loads(json.dumps(report.as_json())) == {
        "flow": "orders",
        "claim": "c",
        "file": "day.csv",
        "sha256": "ab",
        "state": "done",
        "counts": {
            "records": {"in": 2, "out": 2, "rejected": 0, "filtered": 0, "held": 0},
            "documents": {"in": 1, "out": 1, "rejected": 0, "filtered": 0, "held": 0},
        },
        "outputs": [],
        "rejects": [],
        "problems": {},
        "seconds": 1.235,
    }
