"""Steps that choose, past their examples."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from exchange.kernel.chunk import CellFailure

RunSteps = Callable[..., tuple[list[Any], list[CellFailure]]]


def test_when_compares_by_the_kind_of_the_column(run_steps: RunSteps) -> None:
    step = {"when": {"column": "count", "is": ["1", ""], "then": "one", "otherwise": "many"}}
    assert run_steps([step], ["x", "x", None], beside={"count": [1, 2, None]})[0] == ["one", "many", "one"]


def test_constants_take_the_kind_of_the_column(run_steps: RunSteps) -> None:
    assert run_steps(["decimal", {"default": "0.00"}], ["1.5", None])[0] == [Decimal("1.5"), Decimal(0)]
    assert run_steps(["boolean", {"default": True}], ["no", None])[0] == [False, True]


def test_map_values_writes_booleans_as_words_first(run_steps: RunSteps) -> None:
    step = {"map_values": {"true": "Y", "false": ""}}
    assert run_steps([step], [True, False, None])[0] == ["Y", None, None]


def test_coalesce_by_row(run_steps: RunSteps) -> None:
    assert run_steps(["strip", "coalesce"], [" ", "a", None], ["b", "c", None])[0] == ["b", "a", None]


def test_booleans_are_compared_by_their_capitals(run_steps: RunSteps) -> None:
    """As Excel writes them in Greek: the last letter has another small form at the end of a word."""
    step = {"boolean": {"yes": ["ΑΛΗΘΗΣ", "EVET"], "no": ["ψευδης", "HAYIR"]}}
    assert run_steps([step], ["ΑΛΗΘΗΣ", "αληθης", "ΨΕΥΔΗΣ", "hayır", None])[0] == [True, True, False, False, None]
