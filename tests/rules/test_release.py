"""Filter first, then release, else what the rule says."""

from __future__ import annotations

from typing import Any, Literal

import pyarrow as pa
import pytest

from exchange.config.rules import Release
from exchange.rules.release import keep_lines, release, taken_back

RULE = Release.model_validate(
    {
        "when": {"payment_status": ["paid"]},
        "filter": {"payment_status": ["refunded", "voided"], "fulfilment_status": "fulfilled"},
    }
)


def columns(**values: list[Any]) -> dict[str, pa.Array]:
    """Return header columns."""
    return {name: pa.array(column, pa.string()) for name, column in values.items()}


def test_each_document_by_its_own_fields() -> None:
    header = columns(
        payment_status=["paid", "pending", "refunded", "paid", "paid", None],
        fulfilment_status=[None, "partial", None, "fulfilled", None, None],
        cancelled_at=[None, None, None, None, "2026-03-04", None],
    )

    made = release(header, 6, RULE)

    assert made.release.tolist() == [True, False, False, False, False, False]
    assert made.filtered.tolist() == [False, False, True, True, True, False]
    assert made.reasons == (
        "",
        "payment_status is pending",
        "payment_status is refunded",
        "fulfilment_status is fulfilled",
        "cancelled before it was sent",
        "payment_status is blank",
    )


@pytest.mark.parametrize(
    ("otherwise", "released", "filtered"), [("hold", False, False), ("release", True, False), ("filter", False, True)]
)
def test_what_nothing_names(otherwise: Literal["hold", "release", "filter"], released: bool, filtered: bool) -> None:
    rule = RULE.model_copy(update={"otherwise": otherwise})

    made = release(columns(payment_status=["pending", "refunded"]), 2, rule)

    assert (made.release.tolist(), made.filtered.tolist()) == ([released, False], [filtered, True])


def test_all_conditions_of_when_must_fit() -> None:
    rule = Release.model_validate({"when": {"payment_status": ["paid"], "location": ["Kiel"]}})

    made = release(columns(payment_status=["paid", "paid"], location=["Kiel", "Bonn"]), 2, rule)

    assert made.release.tolist() == [True, False]
    assert made.reasons == ("", "location is Bonn")


def test_a_field_that_no_mapping_fills_never_fits() -> None:
    made = release(columns(payment_status=["paid"]), 1, Release.model_validate({"when": {"location": ["Kiel"]}}))

    assert made.release.tolist() == [False]
    assert made.reasons == ("location is blank",)


def test_what_makes_a_sent_document_pointless() -> None:
    header = columns(
        payment_status=["paid", "refunded", "voided", "partially_refunded", "paid"],
        cancelled_at=[None, None, None, None, "2026-03-04"],
    )

    assert taken_back(header, 5) == [None, "refunded", "voided", None, "cancelled"]
    assert taken_back({}, 2) == [None, None]


def test_lines_with_an_unwanted_value_go_nowhere() -> None:
    lines = columns(fulfilment_status=["fulfilled", "pending", None, "partial"])

    assert keep_lines(lines, 4, {"fulfilment_status": ("fulfilled",)}).tolist() == [False, True, True, True]
    assert keep_lines(lines, 4, {}).tolist() == [True] * 4
    assert keep_lines({}, 2, {"fulfilment_status": ("fulfilled",)}).tolist() == [True, True]
