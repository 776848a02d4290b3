"""Snapshots of stock: what is kept in the ledger, late ones, repeated ones, items that disappear, several places."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.yard import Yard


def test_figures_are_recorded_and_the_newest_counts(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "ws")

    first = yard.count("mon.csv", "TEA,HAM,,10,2,EA", "TEA,HAM,damaged,3", "TEA,LYO,,4", "CUP,HAM,reserved,5", day=1)
    second = yard.count("tue.csv", "TEA,HAM,,7", "TEA,LYO,,4", "CUP,HAM,,5", day=2)

    assert (first.exit, second.exit) == (0, 0), first.err + second.err
    assert yard.levels() == {"HAM/CUP": 5, "HAM/TEA": 7, "LYO/TEA": 4}
    assert yard.erp_stock(second) == ["TEA,HAM,7.00", "TEA,LYO,4.00", "CUP,HAM,5.00"]
    assert first.documents["out"] == 2


def test_what_cannot_be_sold_is_told_apart(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "ws")
    yard.count("mon.csv", "TEA,HAM,available,10,2", "TEA,HAM,damaged,3", "CUP,HAM,reserved,5", "JAR,HAM,,-2", day=1)

    found = {level.item: (int(level.on_hand), int(level.reserved), int(level.blocked)) for level in yard.figures()}
    assert found == {"TEA": (10, 2, 3), "CUP": (5, 5, 0), "JAR": (-2, 0, 0)}
    assert yard.free() == {"HAM/CUP": 0, "HAM/JAR": -2, "HAM/TEA": 8}


def test_an_older_snapshot_after_a_newer_one_is_superseded_whole(tmp_path: Path) -> None:
    """Items that the newer one does not name, and rows with faults, are outdated with the rest."""
    yard = Yard(tmp_path / "ws")
    yard.count("tue.csv", "TEA,HAM,,7", day=2)

    late = yard.count("mon.csv", "TEA,HAM,,10", "OLD,HAM,,9", "CUP,HAM,,many", "MUG,LYO,,1", day=1)

    assert late.exit == 0
    assert late.documents == {"in": 4, "out": 1, "rejected": 0, "filtered": 3, "held": 0}
    assert yard.levels() == {"HAM/TEA": 7, "LYO/MUG": 1}
    assert "superseded: newer figures of HAM took effect" in yard.type("trace", "stock", "OLD").out
    assert yard.open_rejects() == []


def test_an_item_that_is_older_at_one_place_only_is_a_problem(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "ws")
    yard.count("tue.csv", "TEA,HAM,,7", day=2)

    late = yard.count("mon.csv", "TEA,HAM,,10", "TEA,LYO,,1", day=1)

    assert [found["code"] for found in yard.problems(late)] == ["STOCK_PARTLY_OLDER"]
    assert yard.levels() == {"HAM/TEA": 7}


def test_places_are_counted_apart(tmp_path: Path) -> None:
    """A file of one warehouse is never older than one of another warehouse."""
    yard = Yard(tmp_path / "ws")
    yard.count("ham.csv", "TEA,HAM,,7", day=2)
    yard.count("lyo.csv", "TEA,LYO,,4", day=1)

    assert yard.levels() == {"HAM/TEA": 7, "LYO/TEA": 4}


def test_a_b_a_are_three_and_the_same_again_is_newer(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "ws")
    yard.count("1.csv", "TEA,HAM,,10", "CUP,HAM,,1", day=1)
    yard.count("2.csv", "TEA,HAM,,7", "CUP,HAM,,1", day=2)
    third = yard.count("3.csv", "TEA,HAM,,10", "CUP,HAM,,1", day=3)

    assert third.row["state"] == "done"
    assert yard.erp_stock(third) == ["TEA,HAM,10.00"], "what is unchanged is not sent again"
    assert third.documents["filtered"] == 1
    assert {level.as_of.day for level in yard.figures()} == {4}

    again = yard.count("4.csv", "TEA,HAM,,10", "CUP,HAM,,1", day=4)
    assert again.row["state"] == "duplicate"
    assert {level.as_of.day for level in yard.figures()} == {5}
    late = yard.count("5.csv", "TEA,HAM,,99", day=3.5)
    assert late.documents["filtered"] == 1
    assert yard.levels()["HAM/TEA"] == 10


@pytest.mark.parametrize(
    ("missing", "levels", "note"),
    [
        ("keep", {"HAM/TEA": 7, "HAM/CUP": 5, "LYO/TEA": 4}, "keeps its figure: CUP"),
        ("zero", {"HAM/TEA": 7, "HAM/CUP": 0, "LYO/TEA": 4}, "is set to nothing (`missing: zero`): CUP"),
    ],
)
def test_items_that_disappear(tmp_path: Path, missing: str, levels: dict[str, int], note: str) -> None:
    yard = Yard(tmp_path / "ws", f"{{mode: snapshot, missing: {missing}}}")
    yard.count("mon.csv", "TEA,HAM,,10", "CUP,HAM,,5", "TEA,LYO,,4", day=1)

    ran = yard.count("tue.csv", "TEA,HAM,,7", day=2)

    assert ran.exit == 0
    assert yard.levels() == levels
    assert f"1 item of HAM that this snapshot lacks {note}" in ran.err
    assert yard.count("wed.csv", "TEA,HAM,,7", "CUP,HAM,,5", day=3).exit == 0
    assert yard.levels()["HAM/CUP"] == 5


def test_nothing_is_set_to_nothing_by_accident(tmp_path: Path) -> None:
    """A rejected row, an unreadable one and an empty file name no item that is gone."""
    yard = Yard(tmp_path / "ws", "{mode: snapshot, missing: zero, location: HAM}")
    yard.count("mon.csv", "TEA,HAM,,10", "CUP,,,5", day=1)
    assert yard.levels() == {"HAM/CUP": 5, "HAM/TEA": 10}

    yard.count("tue.csv", "TEA,HAM,,8", "CUP,HAM,,five", day=2)
    assert yard.levels() == {"HAM/CUP": 5, "HAM/TEA": 8}
    yard.count("wed.csv", "TEA,HAM,,8", ",HAM,,5", day=3)
    assert yard.levels() == {"HAM/CUP": 5, "HAM/TEA": 8}
    yard.count("thu.csv", day=4)
    assert yard.levels() == {"HAM/CUP": 5, "HAM/TEA": 8}


def test_an_item_that_disappears_can_be_a_problem_for_a_person(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "ws", "{mode: snapshot, missing: problem}")
    yard.count("mon.csv", "TEA,HAM,,10", "CUP,HAM,,5", "JAR,HAM,,1", day=1)

    ran = yard.count("tue.csv", "TEA,HAM,,7", day=2)

    assert ran.exit == 3
    assert ran.row["problems"] == {"STOCK_ITEM_MISSING": 2}
    assert sorted(reject["document"] for reject in yard.open_rejects()) == ["stock/wms/CUP", "stock/wms/JAR"]
    advice = yard.type("rejects", "list").err
    assert "STOCK_ITEM_MISSING: send its figure, or waive this where the item is gone for good" in advice
    assert "`exchange rejects waive ID --reason ...`" in advice
    assert "drop it back" not in advice, "there is no reject file"
    assert yard.levels() == {"HAM/CUP": 5, "HAM/JAR": 1, "HAM/TEA": 7}
    assert yard.count("wed.csv", "TEA,HAM,,6", day=3).exit == 0, "nobody is asked twice"
    assert len(yard.open_rejects()) == 2

    assert yard.count("thu.csv", "TEA,HAM,,6", "CUP,HAM,,5", "JAR,HAM,,2", day=4).exit == 0
    assert yard.open_rejects() == []
    assert yard.count("fri.csv", "TEA,HAM,,6", "CUP,HAM,,5", day=5).exit == 3, "it is gone once more"


def test_a_corrected_item_counts_as_old_as_it_was(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "ws", "{mode: snapshot, missing: zero}")
    ran = yard.count("mon.csv", "TEA,HAM,,10", "CUP,HAM,,five", day=1)
    rejected = yard.reject_file(ran).read_text(encoding="utf-8")
    assert yard.levels() == {"HAM/TEA": 10}

    corrected = yard.root / "data/inbox/yard/fixed.csv"
    corrected.write_text(rejected.replace("CUP,HAM,,five", "CUP,HAM,,5"), encoding="utf-8")
    yard.age(corrected, 3)
    assert yard.type("run", "stock", "--json").exit == 0

    found = {level.item: (int(level.on_hand), level.as_of.day) for level in yard.figures()}
    assert found == {"TEA": (10, 2), "CUP": (5, 2)}, "a part of a file lacks no items, and is no newer"


def test_lines_of_other_places_and_of_none_are_problems(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "ws", "{mode: snapshot, location: [HAM, LYO]}")

    ran = yard.count("mon.csv", "TEA,HAM,,10", "CUP,MUC,,5", "JAR,,,1", "MUG,HAM,,1,,EA", "MUG,HAM,,1,,CS", day=1)

    found = {(problem["document"], problem["code"], problem["field"]) for problem in yard.problems(ran)}
    assert found == {
        ("CUP", "NOT_ALLOWED", "Where"),
        ("JAR", "REQUIRED_MISSING", "Where"),
        ("MUG", "STOCK_UNITS_MIXED", None),
    }
    assert yard.levels() == {"HAM/TEA": 10}


def test_a_flow_may_only_record(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "ws", "{mode: snapshot, use: compare}", deliver="")
    assert yard.type("check").exit == 0

    ran = yard.count("mon.csv", "TEA,HAM,,10", day=1)

    assert ran.exit == 0
    assert ran.documents == {"in": 1, "out": 0, "rejected": 0, "filtered": 1, "held": 0}
    assert yard.levels() == {"HAM/TEA": 10}
    assert yard.available() == []
    assert yard.type("status").exit == 0


def test_what_a_person_filters_is_no_stock(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "ws")
    yard.edit(
        "mappings/flows/stock.yaml", "otherwise: release", "filter: {item_number: TEA}, when: {item_number: NONE}"
    )

    yard.count("mon.csv", "TEA,HAM,,10", "CUP,HAM,,5", day=1)

    assert yard.levels() == {}
    assert yard.type("release", "stock", "CUP", "--reason", "counted twice").exit == 0
    assert yard.levels() == {"HAM/CUP": 5}


def test_a_replayed_snapshot_is_as_old_as_it_was(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "ws")
    first = yard.count("mon.csv", "TEA,HAM,,10", day=1)
    yard.count("tue.csv", "TEA,HAM,,7", day=2)

    assert yard.type("replay", str(first.row["claim"]), "--reason", "lost").exit == 0

    assert yard.levels() == {"HAM/TEA": 7}


def test_a_dry_run_records_nothing(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "ws")
    yard.lay("mon.csv", "TEA,HAM,,10", day=1)

    assert yard.type("run", "stock", "--dry-run").exit == 0
    assert yard.levels() == {}
