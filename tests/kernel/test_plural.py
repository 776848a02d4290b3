"""Counts and the words that go with them."""

from __future__ import annotations

import pytest

from exchange.kernel.catalogue import CATALOGUE
from exchange.kernel.plural import filled, many, unfilled, which
from exchange.kernel.problems import Problem

TEMPLATE = "{names}: {count} {count:column is|columns are} not used"


def test_a_count_and_its_word() -> None:
    assert [many(number, "order") for number in (0, 1, 2, 1234)] == ["0 orders", "1 order", "2 orders", "1,234 orders"]
    assert [which(number, "is", "are") for number in (0, 1, 2)] == ["are", "is", "are"]


def test_words_of_a_message_follow_its_number() -> None:
    assert filled(TEMPLATE, {"count": 1, "names": "a"}) == "a: 1 column is not used"
    assert filled(TEMPLATE, {"count": "1", "names": "a|{count:x|y}"}) == "a|{count:x|y}: 1 column is not used"
    assert filled(TEMPLATE, {"count": 11, "names": "a, b"}) == "a, b: 11 columns are not used"
    assert unfilled(TEMPLATE) == "{names}: {count} columns are not used"


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (Problem("EXTRA_COLUMNS", detail={"count": 1, "names": "x"}), "1 column is not used: x"),
        (Problem("ROW_TOO_LONG", detail={"cells": 2, "columns": 1}), "the row has 2 cells, the header has 1 column"),
        (Problem("ROW_TOO_SHORT", detail={"cells": 1, "columns": 2}), "the row has 1 cell, the header has 2 columns"),
        (Problem("TOO_LONG", None, None, "f", "ab", {"length": 2, "limit": 1}), "f: 2 characters, 1 is allowed ('ab')"),
    ],
)
def test_problems_of_one(problem: Problem, said: str) -> None:
    assert problem.message == said


def test_no_message_says_a_plural_of_a_count_that_may_be_one() -> None:
    """What counts, by the name of its value, is followed by words for one and for several."""
    counts = ("count", "cells", "lines", "length", "skipped", "scale")
    bare = [
        (code, name)
        for code, entry in CATALOGUE.items()
        for name in counts
        for text in (entry.message, entry.remedy)
        if f"{{{name}}} " in text and f"{{{name}:" not in text and code != "BOM_REPEATED"
    ]
    assert bare == []
