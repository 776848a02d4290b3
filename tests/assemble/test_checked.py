"""What was found sound is looked at again after an edit, and not before."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.assemble.checked import digest_of, is_checked, mark_sound
from exchange.cli.main import run
from tests.flows.shop import Shop

TABLE = "mappings/tables/items.csv"


def test_an_edit_makes_another_look_due_and_taking_it_back_does_not(root: Path) -> None:
    assert not is_checked(root)
    mark_sound(root, digest_of(root))
    assert is_checked(root)

    before = (root / TABLE).read_bytes()
    (root / TABLE).write_bytes(before + b"\n")
    assert not is_checked(root)
    (root / TABLE).write_bytes(before)
    assert is_checked(root)
    (root / "mappings/tables/more.csv").write_bytes(b"a\n")
    assert not is_checked(root)


def test_a_folder_that_cannot_be_written_costs_another_look_and_nothing_else(root: Path) -> None:
    (root / "data").mkdir(exist_ok=True)
    (root / "data/state").write_bytes(b"a file, where the folder should be")
    mark_sound(root, digest_of(root))
    assert not is_checked(root)


@pytest.mark.parametrize("first", ["check", "run"])
def test_what_was_found_sound_is_not_looked_at_again(
    first: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop(tmp_path / "ws")
    if first == "check":
        assert run(["--workspace", str(shop.root), "check"]) == 0
    else:
        assert shop.take("a.csv", (shop.root / "samples/orders/01_clean_day.csv").read_bytes()).exit == 0
    monkeypatch.setattr("exchange.assemble.house.SOUND", "exchange.assemble.sound:looked_again")
    assert shop.take("b.csv", (shop.root / "samples/orders/02_problems.csv").read_bytes()).exit == 3
