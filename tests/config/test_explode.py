"""What `explode:` may say, and what of it can make lines."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from exchange.config.explode import Explode


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        ({"columns": "line_item_*", "pairs": "|", "equals": ":"}, True),
        ({"columns": "Product Details", "lines": "|", "pairs": ",", "equals": ":"}, True),
        ({"columns": ["first", "second"], "pairs": "|", "equals": ":"}, True),
        ({"columns": "additional_attributes", "pairs": ",", "equals": "="}, False),
        ({"columns": "associated_skus", "lines": ",", "pairs": "=", "keys": ["sku", "qty"]}, True),
    ],
)
def test_several_cells_or_a_separator_make_lines(written: dict[str, Any], lines: bool) -> None:
    assert Explode.model_validate(written).makes_lines is lines


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ({"columns": "a", "pairs": ","}, "write `equals`, or `keys`"),
        ({"columns": "a", "pairs": ",", "equals": ","}, "nothing tells them apart"),
        ({"columns": "a", "lines": "|", "pairs": "|", "equals": ":"}, "nothing tells them apart"),
        ({"columns": [], "pairs": "|", "equals": ":"}, "at least 1 item"),
    ],
)
def test_what_cannot_be_taken_apart_is_refused(written: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        Explode.model_validate(written)
