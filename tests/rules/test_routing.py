"""Which warehouse ships a line."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from exchange.config.fulfilment import Route
from exchange.rules.routing import route, router

HEADER = {"ship_to.country": pa.array(["DE", "FR", None])}
LINES = {
    "sku": pa.array(["A", "B", "A", None]),
    "quantity": pa.array([2, 1, 5, 1]),
    "weight_g": pa.array([Decimal("100.5"), Decimal(50), Decimal(1000), None], pa.decimal128(18, 4)),
    "requires_shipping": pa.array([True, False, True, None]),
    "warehouse": pa.array(["HAM", "HAM", None, "LYO"]),
}
OWNER = np.array([0, 0, 1, 2])


def routed(*routes: Mapping[str, object], keep: tuple[bool, ...] = (True,) * 4) -> list[str | None]:
    made = route((HEADER, LINES), OWNER, np.array(keep), "shopify", tuple(map(Route.model_validate, routes)))
    found: list[str | None] = made["warehouse"].to_pylist()
    return found


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({"ship_to.country": ["DE"]}, ["X", "X", None, "LYO"]),
        ({"sku": ["A"], "ship_to.country": ["FR"]}, ["HAM", "HAM", "X", "LYO"]),
        ({"channel": ["shopify"]}, ["X"] * 4),
        ({"channel": ["other"]}, ["HAM", "HAM", None, "LYO"]),
        ({"requires_shipping": "false"}, ["HAM", "X", None, "LYO"]),
        ({"quantity": {"over": 1}}, ["X", "HAM", "X", "LYO"]),
        ({"quantity": ["5"]}, ["HAM", "HAM", "X", "LYO"]),
        ({"weight_g": {"over": "100.4", "under": "1000"}}, ["X", "HAM", None, "LYO"]),
        ({"weight_g": {"over": "100.5"}}, ["HAM", "HAM", "X", "LYO"]),
        ({"weight_g": {"under": "50"}}, ["HAM", "HAM", None, "LYO"]),
        ({"weight_g": {"over": "-0.00001"}}, ["X", "X", "X", "LYO"]),
        ({"line_weight_g": {"over": 200}}, ["X", "HAM", "X", "LYO"]),
        ({"order_weight_g": {"under": 252}}, ["X", "X", None, "LYO"]),
        ({"order_weight_g": {"under": "251"}}, ["HAM", "HAM", None, "LYO"]),
        ({"item_class": ["bulky"]}, ["HAM", "HAM", None, "LYO"]),
        ({"shipping": {"over": 1}}, ["HAM", "HAM", None, "LYO"]),
        ({}, ["X"] * 4),
    ],
)
def test_what_fits_goes_there_and_a_blank_fits_nothing(when: dict[str, object], expected: list[str | None]) -> None:
    assert routed({"when": when, "warehouse": "X"}) == expected


def test_the_first_that_fits_counts() -> None:
    assert routed(
        {"when": {"sku": ["A"]}, "warehouse": "X"},
        {"when": {"ship_to.country": ["DE", "FR"]}, "warehouse": "Y"},
        {"warehouse": "Z"},
    ) == ["X", "Y", "X", "Z"]


def test_lines_that_go_nowhere_weigh_nothing() -> None:
    heavy = {"when": {"order_weight_g": {"over": 100}}, "warehouse": "X"}
    assert routed(heavy, keep=(False, True, True, True)) == ["HAM", "HAM", "X", "LYO"]


def test_a_route_may_say_who_runs_the_warehouse_only() -> None:
    routes = (Route.model_validate({"when": {"sku": ["B"]}, "fulfiller": "3PL"}),)
    made = route((HEADER, LINES), OWNER, np.ones(4, bool), "shopify", routes)
    assert {name: column.to_pylist() for name, column in made.items()} == {"fulfiller": [None, "3PL", None, None]}
    assert router(()) is None
    assert router(routes) is not None
