"""The sums of `exchange demo`."""

from __future__ import annotations

import io
import os
from decimal import Decimal
from pathlib import Path

from rich.console import Console
from rich.table import Table

from exchange.cli.demo_sums import Place, orders_table, places_table, to_ship


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


def place(counted: float | str, reserved: int = 0, sent: int = 0, delivered: int = 0) -> Place:
    return Place(Decimal(counted), Decimal(reserved), Decimal(sent), Decimal(delivered))


def test_what_warehouses_have_to_ship_is_read_from_their_files(tmp_path: Path) -> None:
    line = "<Line><ItemNumber>{}</ItemNumber><Quantity unit='EA'>{}</Quantity></Line>"
    order = (
        "<Order action='{}' part='{}'><OrderNumber>7</OrderNumber><Warehouse>{}</Warehouse><Lines>{}</Lines></Order>"
    )
    files = (
        order.format("new", 1, "HAM", line.format("100", 2) + line.format("100", 3) + line.format("200", 1))
        + order.format("new", 2, "LYO", line.format("100", 4)),
        order.format("change", 1, "HAM", line.format("100", 1))
        + order.format("cancel", 2, "LYO", line.format("100", 4)),
    )
    for day, text_ in enumerate(files):
        path = tmp_path / f"{9 - day}.xml"
        path.write_text(f"<Orders>{text_}</Orders>", encoding="utf-8")
        os.utime(path, (day, day))
        told = to_ship(tmp_path)
        assert told == ({("HAM", "100"): 5, ("HAM", "200"): 1, ("LYO", "100"): 4}, {("HAM", "100"): 1})[day]


def test_stock_is_summed_and_what_came_in_is_what_the_next_count_has_more() -> None:
    days = (
        {"HAM": place(10, 2, 3, 3), "LYO": place("2.50", 0, -1, 1)},
        {"HAM": place(9), "PLX": place(100)},
    )
    rows = [words for words in text(places_table(days)) if words[0] == "day"]
    assert rows == [
        ["day", "1", "HAM", "-", "10", "2", "3", "3", "5"],
        ["day", "1", "LYO", "-", "2.5", "0", "-1", "1", "3.5", "DO", "NOT", "AGREE"],
        ["day", "1", "together", "-", "12.5", "2", "2", "4", "8.5", "DO", "NOT", "AGREE"],
        ["day", "2", "HAM", "2", "9", "0", "0", "0", "9"],
        ["day", "2", "PLX", "-", "100", "0", "0", "0", "100"],
        ["day", "2", "together", "98.5", "109", "0", "0", "0", "109"],
    ]
