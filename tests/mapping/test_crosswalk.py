"""Lines of a table found by one or several columns."""

from __future__ import annotations

import pyarrow as pa
import pytest

from exchange.kernel.table import Table
from exchange.mapping.crosswalk import joined, keyed, missing_columns, table_of
from exchange.mapping.keys import Keys
from exchange.mapping.spec import ArgumentError

ROWS = {"item": ["1", "1", "2", None], "list": ["A", "B", "A", "A"], "price": ["9", "8", "7", "6"], "unit": ["EA"] * 4}
PRICES = Table("prices", tuple(ROWS), {name: pa.array(column, pa.string()) for name, column in ROWS.items()})


def test_found_by_two_columns_and_blank_is_nowhere() -> None:
    keys, values = keyed(PRICES, ["item", "list"], "price")

    wanted = joined([pa.array(["1", "2", "1", None, "9"]), pa.array(["B", "A", None, "A", "A"])])
    places = Keys(keys).find(wanted)

    assert (places >= 0).tolist() == [True, True, False, False, False]
    assert [values[place].as_py() for place in places[:2].tolist()] == ["8", "7"]
    assert len(keys) == 3


def test_lines_that_say_the_same_twice_are_one() -> None:
    keys, values = keyed(PRICES, ["item"], "unit")

    assert (keys.to_pylist(), values.to_pylist()) == (["1", "2"], ["EA", "EA"])


def test_one_key_with_two_values_is_a_mistake() -> None:
    with pytest.raises(ArgumentError, match="table prices has 1 in item on several lines with different price"):
        keyed(PRICES, ["item"], "price")


def test_tables_and_columns_that_do_not_exist() -> None:
    with pytest.raises(ArgumentError) as error:
        table_of({"prices": PRICES}, "price")
    assert "prices" in error.value.wrongs[0].instead
    [wrong] = missing_columns(PRICES, [("key", "itm"), ("value", "price")])
    assert (wrong.parameter, wrong.what) == ("key", "table prices has no column itm")
    assert "item" in wrong.instead
