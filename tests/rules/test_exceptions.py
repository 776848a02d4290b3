"""Of several lines the one that says most about where it holds counts, value by value."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pyarrow as pa

from exchange.kernel.table import Table
from exchange.rules.exceptions import Exceptions, lines_of


def table(*rows: dict[str, str]) -> Table:
    """Return a table of stock rules."""
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    cells = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in columns}
    return Table("stock_rules", columns, cells)


def test_the_line_that_says_most_counts_value_by_value() -> None:
    lines, wrong = lines_of(
        table(
            {"safety_stock": "1", "cap": "9"},
            {"channel": "amazon", "location": "HAM", "safety_stock": "2"},
            {"item_class": "cups", "safety_stock": "3"},
            {"item_number": "7", "share": "25%"},
            {"item_number": "7", "channel": "amazon", "lead_time": "3"},
            {"sku": "CUP", "cap": "1"},
        )
    )
    made = Exceptions(lines, {"safety_stock": 0, "cap": None, "share": 1.0})

    assert wrong == []
    assert made.of(channel="shop") == {"safety_stock": Decimal(1), "cap": 9, "share": 1.0}
    assert made.of(channel="amazon", location="HAM")["safety_stock"] == Decimal(2)
    assert made.of(channel="amazon", location="HAM", item_class="cups")["safety_stock"] == Decimal(3)
    found = made.of(channel="amazon", item_number="7", sku="CUP")
    assert (found["share"], found["lead_time"], found["cap"]) == (0.25, timedelta(days=3), 1)


def test_of_two_that_say_as_much_the_later_one_counts() -> None:
    lines, _ = lines_of(table({"sku": "A", "cap": "1"}, {"sku": "A", "cap": "2"}))
    assert Exceptions(lines, {}).of(sku="A") == {"cap": 2}


def test_channels_with_an_allocation_come_in_the_order_of_the_table() -> None:
    lines, _ = lines_of(
        table(
            {"channel": "b", "allocation": "5"},
            {"channel": "a", "item_number": "7", "allocation": "5"},
            {"channel": "c", "item_number": "8", "allocation": "5"},
        )
    )
    assert list(Exceptions(lines, {}).channels(item_number="7")) == ["b", "a"]


def test_what_cannot_be_read_is_told_with_its_line() -> None:
    _, wrong = lines_of(
        table(
            {"sku": "A", "safety_stock": "-1", "share": "200%", "cap": "1.5", "state": "gone", "colour": "red"},
            {"sku": "C", "allocation": "3"},
            {"sku": "B", "state": "preorder", "available_from": "soon", "lead_time": "x"},
        )
    )
    assert {(each.row, each.column) for each in wrong} == {
        (-1, "colour"),
        (0, "safety_stock"),
        (0, "share"),
        (0, "cap"),
        (0, "state"),
        (1, "allocation"),
        (2, "state"),
        (2, "available_from"),
        (2, "lead_time"),
    }
