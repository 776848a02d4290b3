"""A file with one error is refused, warnings let it pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.kernel.layout import Layout, Survey
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
