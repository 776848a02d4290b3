"""Dotted names as trees."""

from __future__ import annotations

import pytest

from exchange.formats.template.nesting import clashes, nest, rows


def test_rows_of_a_tree() -> None:
    tree = nest({"A": [1, 2], "B.C": [3, 4], "B.D.E": [5, 6]})
    assert rows(tree, 2) == [
        {"A": 1, "B": {"C": 3, "D": {"E": 5}}},
        {"A": 2, "B": {"C": 4, "D": {"E": 6}}},
    ]
    assert rows({}, 2) == [{}, {}]


@pytest.mark.parametrize("names", [("A", "A.B"), ("A.B", "A")])
def test_a_name_is_a_value_or_a_group(names: tuple[str, ...]) -> None:
    assert clashes(names) == ["A"]
    with pytest.raises(ValueError, match=r"^A"):
        nest(dict.fromkeys(names))
    assert clashes(("A.B", "A.C", "AB")) == []
