"""A file with one error is refused, warnings let it pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.kernel.layout import Layout, Survey, columns_named
from exchange.kernel.problems import Problem

LAYOUT = Layout(Path("x"), ("a",), b"a", 2, 2, "utf-8", "utf-8", ",", b"\n")
WARNING, ERROR = Problem("NO_RECORDS"), Problem("FILE_EMPTY")


@pytest.mark.parametrize(
    ("survey", "refused"),
    [
        (Survey(LAYOUT), False),
        (Survey(LAYOUT, (WARNING,)), False),
        (Survey(LAYOUT, (WARNING, ERROR)), True),
        (Survey(None), True),
    ],
)
def test_refused(survey: Survey, refused: bool) -> None:
    assert survey.refused is refused


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        (["item_*"], ["item_1", "item_2", "item_10"]),
        (["Name*"], ["Name*"]),
        (["b", "item_2", "item_*"], ["b", "item_2", "item_1", "item_10"]),
        (["item?", "[b]", "nothing"], []),
    ],
)
def test_columns_that_a_name_or_a_pattern_means(wanted: list[str], meant: list[str]) -> None:
    assert list(columns_named(["item_1", "item_2", "b", "item_10", "Name*"], wanted)) == meant
