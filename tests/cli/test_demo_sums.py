"""The sums of `exchange demo`."""

from __future__ import annotations

import io
from decimal import Decimal

from rich.console import Console
from rich.table import Table

from exchange.cli.demo_sums import Place, orders_table, places_table


def text(table: Table) -> list[list[str]]:
    """Return the words of a table, line by line."""
    console = Console(file=io.StringIO(), width=120)
    console.print(table)
    assert isinstance(console.file, io.StringIO)
    return [line.split() for line in console.file.getvalue().splitlines() if line.strip()]


def test_what_does_not_add_up_is_said() -> None:
    sums = {"ordered": 9, "sent": 4, "held": 3, "rejected": 2, "cancelled": 0}
    assert text(orders_table(sums))[-1][:3] == ["9", "ordered", "="]
    assert text(orders_table({**sums, "sent": 3}))[-1] == ["9", "ordered", "DO", "NOT", "ADD", "UP"]


def test_stock_is_summed_and_what_came_in_is_what_the_next_count_has_more() -> None:
    days = (
        {"HAM": Place(Decimal(10), Decimal(2), Decimal(3)), "LYO": Place(Decimal("2.50"), Decimal(0), Decimal(-1))},
        {"HAM": Place(Decimal(9), Decimal(0), Decimal(0)), "PLX": Place(Decimal(100), Decimal(0), Decimal(0))},
    )
    rows = [words for words in text(places_table(days)) if words[0] == "day"]
    assert rows == [
        ["day", "1", "HAM", "-", "10", "2", "3", "5"],
        ["day", "1", "LYO", "-", "2.5", "0", "-1", "3.5"],
        ["day", "1", "together", "-", "12.5", "2", "2", "8.5"],
        ["day", "2", "HAM", "2", "9", "0", "0", "9"],
        ["day", "2", "PLX", "-", "100", "0", "0", "100"],
        ["day", "2", "together", "98.5", "109", "0", "0", "109"],
    ]
