"""Markdown that stays what it is meant to be."""

from __future__ import annotations

from exchange.assemble.reference_markdown import filled, table


def test_cells_stay_cells() -> None:
    made = table(("a", "b"), [("x|y", "one\ntwo <name> `<code>`")])
    assert made == "| a | b |\n| --- | --- |\n| x\\|y | one two &lt;name> `<code>` |\n"


def test_lines_are_filled() -> None:
    assert max(map(len, filled("word " * 100).splitlines())) <= 118
