"""A file with the bytes of one that a guard holds: it waits, and a run says for what."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.test_guards import Store, pieces


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "ws")


@pytest.mark.parametrize("merge", ["", "merge: true, "])
def test_a_file_with_the_content_of_a_held_one_is_told_as_long_as_it_waits(store: Store, merge: str) -> None:
    store.edit("mappings/flows/depot.yaml", "settle: 1s", f"{merge}settle: 1s")
    store.guard("{row_count: {min: 0.5}}")
    store.tell(pieces(10))
    held = store.tell(pieces(3)).row["claim"]

    same = store.tell(pieces(3))

    assert "stock_3.csv is left where it is: it has the content of " in same.err
    assert f"stock_2.csv, which is held (claim {held}), and waits until that is decided: " in same.err
    assert f"`exchange approve {held} --reason ...` or `exchange decline {held} --reason ...`" in same.err
    assert "nothing to do" not in store.type("run", "depot").out
    assert [path.name for path in store.files("data/inbox/depot")] == ["stock_2.csv", "stock_3.csv"]

    assert store.type("approve", held, "--reason", "sold out").exit == 0
    assert [row["state"] for row in store.type("run", "depot", "--json").rows] == ["duplicate"]
    assert store.files("data/inbox/depot") == []


def test_a_file_with_the_content_of_a_declined_one_is_looked_at_anew(store: Store) -> None:
    store.guard("{row_count: {min: 0.5}}")
    store.tell(pieces(10))
    held = store.tell(pieces(3)).row["claim"]
    assert "which is held" in store.tell(pieces(3)).err

    assert store.type("decline", held, "--reason", "cut off").exit == 3

    again = store.type("run", "depot", "--json")
    assert [(row["file"], row["state"]) for row in again.rows] == [("stock_3.csv", "held")]
    assert again.row["claim"] != held
