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
    os.utime(folder / "items.csv", (EDITED.timestamp(), EDITED.timestamp()))
    return tmp_path


def test_a_value_is_there_whatever_steps_did_to_it_before_it_was_looked_up(tables: Path) -> None:
    there = Miss("items", "sku", "TSHIRT-S")

    assert Shelves(tables).has([there, Miss("items", "sku", "CAP"), Miss("items", "colour", "MUG")]) == {there}
    assert Shelves(tables).has([Miss("packs", "sku", "MUG")]) == set(), "there is no such table"


def test_of_several_columns_the_first_is_enough_for_a_look(tables: Path) -> None:
    pair = Miss("items", "sku, list", "MUG")

    assert Shelves(tables).has([pair]) == {pair}


def test_which_tables_were_edited_since(tables: Path) -> None:
    shelves, second = Shelves(tables), timedelta(seconds=1)

    assert shelves.edited_since(["items"], EDITED - second)
    assert not shelves.edited_since(["items"], EDITED + second)
    assert not shelves.edited_since(["packs"], EDITED - second), "there is no such table"
    assert timedelta(0) < shelves.last_edit() - EDITED <= second
    assert Shelves(tables / "nowhere").last_edit() < EDITED
