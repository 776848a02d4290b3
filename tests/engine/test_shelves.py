"""What a look at the tables tells. (The whole way: tests/flows/test_rejects_parked.py.)"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from exchange.engine.shelves import TABLES, Shelves
from exchange.kernel.miss import Miss

EDITED = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A workspace with one table, edited at a known time."""
    folder = tmp_path / TABLES
    folder.mkdir(parents=True)
    (folder / "items.csv").write_text("sku,item_number\n TSHIRT-s ,100\nMUG,200\n", encoding="utf-8-sig")
    (folder / "packs.csv").write_text("item_number,unit,quantity\n100,case,12\n200,M,1\n200,BX,many\n")
    for path in folder.iterdir():
        os.utime(path, (EDITED.timestamp(), EDITED.timestamp()))
    return tmp_path


def test_a_value_is_there_whatever_steps_did_to_it_before_it_was_looked_up(tables: Path) -> None:
    there = Miss("items", ("sku",), ("TSHIRT-S",))
    others = [Miss("items", ("sku",), ("CAP",)), Miss("items", ("colour",), ("MUG",))]

    assert Shelves(tables).has([there, *others]) == {there}
    assert Shelves(tables).has([Miss("prices", ("sku",), ("MUG",))]) == set(), "there is no such table"


def test_several_columns_have_to_be_there_on_one_line(tables: Path) -> None:
    pair = ("sku", "item_number")
    there = Miss("items", pair, ("mug", "200"))
    apart = Miss("items", pair, ("mug", "100"))

    assert Shelves(tables).has([there, apart]) == {there}
    assert Shelves(tables).has([Miss("items", ("sku", "list"), ("MUG", "A"))]) == set(), "it has no such column"


def test_a_unit_is_there_however_it_is_written(tables: Path) -> None:
    def lacks(item: str, unit: str) -> Miss:
        return Miss("packs", ("item_number", "unit"), (item, unit))

    there = {lacks("100", "CS"), lacks("100", "xcs"), lacks("200", "cmt")}
    others = {lacks("200", "CS"), lacks("200", "BX"), lacks("300", "CS"), lacks("100", "OUTER")}

    assert Shelves(tables).has([*there, *others]) == there


def test_which_tables_were_edited_since(tables: Path) -> None:
    """From when it lies there, however old the time is that it came with."""
    shelves, second = Shelves(tables), timedelta(seconds=1)
    came = datetime.fromtimestamp((tables / TABLES / "items.csv").stat().st_ctime, UTC)

    assert came > EDITED
    assert shelves.edited_since(["items"], came - second)
    assert not shelves.edited_since(["items"], came + second)
    assert not shelves.edited_since(["prices"], came - second), "there is no such table"
    assert timedelta(0) < shelves.last_edit() - came <= second
    assert Shelves(tables / "nowhere").last_edit() < EDITED
