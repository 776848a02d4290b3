"""A step's parameters, as YAML gives them and as the step gets them."""

from __future__ import annotations

from typing import Any

import pytest

from exchange.mapping.binding import Scope, bind
from exchange.mapping.spec import Literally, Side
from exchange.mapping.steps import STEPS


def scope(*, is_open: bool = False) -> Scope:
    """Return a level with one column and one earlier field."""
    return Scope({"Unit": "text"}, is_open, {"item_number": "text"})


@pytest.mark.parametrize(
    ("step", "argument", "bound"),
    [
        ("strip", None, {}),
        ("remove_prefix", "#", {"text": "#"}),
        ("split", {"by": ",", "part": -1}, {"by": ",", "part": -1}),
        ("split", ",", {"by": ",", "part": 1}),
        ("pad", 8, {"length": 8, "with": "0", "side": "left"}),
        ("map_values", {"paid": "P"}, {"values": {"paid": "P"}, "otherwise": None}),
        ("map_values", {"values": {"paid": "P"}, "otherwise": "X"}, {"values": {"paid": "P"}, "otherwise": "X"}),
        ("scale", "0.001", {"factor": "0.001"}),
        ("constant", True, {"value": True}),
    ],
)
def test_bare_and_named_parameters(step: str, argument: object, bound: dict[str, Any]) -> None:
    assert bind(STEPS[step], argument, scope()) == (bound, [])


def test_columns_fields_and_units_are_found() -> None:
    made, wrongs = bind(STEPS["to_unit"], {"item": "item_number", "from": "Unit", "to": "EA"}, scope())

    assert wrongs == []
    assert made["item"] == Side("item_number", is_field=True, kind="text")
    assert made["from"] == Side("Unit", is_field=False, kind="text")
    assert made["to"] == Literally("EA")
    literal, _ = bind(STEPS["to_unit"], {"item": "item_number", "from": {"literal": "Unit"}, "to": "EA"}, scope())
    assert literal["from"] == Literally("Unit")


def test_an_open_file_may_have_any_column() -> None:
    argument = {"column": "Colour", "is": "red", "then": "R"}

    assert bind(STEPS["when"], argument, scope(is_open=True))[1] == []
    [wrong] = bind(STEPS["when"], argument, scope())[1]
    assert wrong.what == "there is no column or earlier field Colour"


@pytest.mark.parametrize(
    ("step", "argument", "what"),
    [
        ("strip", "x", "strip takes no parameters"),
        ("split", None, "split needs by"),
        ("split", {"by": ",", "prt": 1}, "split has no parameter prt"),
        ("remove_prefix", 12, "expected text, not 12"),
        ("pad", "8", "expected a whole number, not 8"),
        ("split", {"by": ",", "part": 10**20}, "100,000,000,000,000,000,000 is beyond 1,000,000"),
        ("truncate", 10**10, "10,000,000,000 is beyond 1,000,000"),
        ("pad", {"length": 8, "side": "top"}, "side cannot be top"),
        ("scale", "a lot", "expected a number in quotes, not a lot"),
        ("map_values", [], "expected values and what they become, not []"),
        ("constant", [1], "expected one value, not [1]"),
        ("lookup", {"table": "t", "key": [], "value": "v"}, "expected a text or a list of texts, not []"),
        ("lookup", {"table": "t", "key": "k", "value": "v", "keep": "yes"}, "expected true or false, not yes"),
    ],
)
def test_each_mistake_says_what_instead(step: str, argument: object, what: str) -> None:
    _, [wrong] = bind(STEPS[step], argument, scope())

    assert wrong.what == what
    assert wrong.instead
