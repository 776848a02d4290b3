"""A look into a table reads as one line."""

from __future__ import annotations

from exchange.assemble.explain_shown import TableLine


def test_a_look_says_where_what_and_which() -> None:
    found = TableLine("packs", "mappings/tables/packs.csv", 3, {"item": "1", "unit": "CS"}, "quantity", None)

    assert found.said == "mappings/tables/packs.csv:3: item 1, unit CS, quantity (blank)"
