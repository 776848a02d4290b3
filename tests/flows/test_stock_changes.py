"""Files of changes: they add up, each once and in order; one that is missing holds those behind it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.yard import COLUMNS, Yard

BY_NAME = '{mode: delta, sequence: {name: "d_{sequence}.csv"}}'


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    """A warehouse that reports changes, numbered by name, and now and then a snapshot."""
    made = Yard(tmp_path / "ws", BY_NAME)
    made.edit(
        "mappings/flows/stock.yaml",
        'match: "*.csv"',
        'match: "s_*.csv", mapping: yard/stock, channel: wms, settle: 1s, stock: {mode: snapshot}}\n'
        '  - {from: yard, match: "d_*.csv"',
    )
    assert made.count("s_1.csv", "TEA,HAM,,10", "CUP,HAM,,5", day=1).exit == 0
    return made


def test_changes_add_up_in_the_order_of_their_numbers(yard: Yard) -> None:
    yard.lay("d_11.csv", "TEA,HAM,,5", "JAR,HAM,,1", day=2)
    yard.lay("d_10.csv", "TEA,HAM,,-3", day=2.5)
    ran = yard.type("run", "stock", "--json")

    assert ran.exit == 0
    assert [row["file"] for row in ran.rows] == ["d_10.csv", "d_11.csv"]
    assert yard.levels() == {"HAM/CUP": 5, "HAM/JAR": 1, "HAM/TEA": 12}


def test_the_same_change_twice_is_two(yard: Yard) -> None:
    """Two files of one content and two numbers; but one of one number is the same file once more."""
    yard.count("d_1.csv", "TEA,HAM,,5", day=2)
    second = yard.count("d_2.csv", "TEA,HAM,,5", day=3)
    assert second.row["state"] == "done"
    assert second.documents["out"] == 1

    again = yard.count("d_2.csv", "TEA,HAM,,5", day=4)
    assert again.row["state"] == "duplicate"
    assert yard.levels()["HAM/TEA"] == 20


def test_a_gap_holds_what_is_behind_it_until_the_missing_file_comes(yard: Yard) -> None:
    yard.count("d_4.csv", "TEA,HAM,,1", day=2)
    held = yard.count("d_6.csv", "TEA,HAM,,10", day=3)

    assert held.exit == 4
    assert held.row["state"] == "held"
    said = "file 5 is missing of the changes of wms: this one is 6, 4 took effect last; bring 5 (d_5.csv)"
    assert said in held.err
    assert yard.levels()["HAM/TEA"] == 11

    more = yard.count("d_8.csv", "TEA,HAM,,100", day=4)
    assert (more.exit, [row["state"] for row in more.rows]) == (4, ["held", "held"])
    assert "files 5 to 7 are missing" in more.err
    assert "held" in yard.type("status").out

    yard.lay("d_7.csv", "TEA,HAM,,1000", day=6)
    came = yard.count("d_5.csv", "TEA,HAM,,-1", day=5)
    assert (came.exit, [(row["file"], row["state"]) for row in came.rows]) == (
        0,
        [("d_5.csv", "done"), ("d_6.csv", "done"), ("d_7.csv", "done"), ("d_8.csv", "done")],
    )
    assert yard.levels()["HAM/TEA"] == 1120
    assert yard.files("data/inbox/yard") == []


def test_where_the_missing_file_is_lost_a_full_snapshot_ends_it(yard: Yard) -> None:
    yard.count("d_4.csv", "TEA,HAM,,1", day=2)
    yard.count("d_6.csv", "TEA,HAM,,10", day=3)

    ran = yard.count("s_2.csv", "TEA,HAM,,50", day=4)

    assert (ran.exit, [row["state"] for row in ran.rows]) == (0, ["done", "done"])
    assert yard.levels()["HAM/TEA"] == 50
    assert yard.count("d_7.csv", "TEA,HAM,,1", day=5).exit == 0
    assert yard.levels()["HAM/TEA"] == 51


def test_changes_that_a_newer_snapshot_holds_are_superseded(yard: Yard) -> None:
    ran = yard.count("d_1.csv", "TEA,HAM,,5", "JAR,LYO,,5", day=0.5)

    assert (ran.exit, ran.documents["filtered"], ran.documents["out"]) == (0, 1, 1)
    assert yard.levels() == {"HAM/CUP": 5, "HAM/TEA": 10, "LYO/JAR": 5}


def test_a_snapshot_that_is_older_than_changes_is_superseded(yard: Yard) -> None:
    yard.count("d_1.csv", "TEA,HAM,,5", day=3)
    late = yard.count("s_2.csv", "TEA,HAM,,9", day=2)

    assert late.documents["filtered"] == 1
    assert yard.levels()["HAM/TEA"] == 15


@pytest.mark.parametrize("place", ["", ", location: HAM"])
def test_a_late_snapshot_counts_for_all_that_newer_changes_do_not_name(yard: Yard, place: str) -> None:
    """A snapshot of day 3 comes after changes of day 4, which name one of its hundred items."""
    yard.edit("mappings/flows/stock.yaml", "{mode: snapshot}", f"{{mode: snapshot{place}}}")
    items = [str(100_000 + item) for item in range(100)]
    yard.count("s_2.csv", *(f"{item},HAM,,120" for item in items), day=2)
    changes = yard.count("d_1.csv", "100030,HAM,,3", day=4)

    late = yard.count("s_3.csv", *(f"{item},HAM,,{6 + n}" for n, item in enumerate(items)), day=3)

    assert late.documents == {"in": 100, "out": 99, "rejected": 0, "filtered": 1, "held": 0}
    why = f"superseded: newer changes of this item at HAM took effect ({changes.row['claim']})"
    assert f"1 document filtered, {why}" in late.err
    assert why in yard.type("trace", "stock", "100030").out
    counted = {f"HAM/{item}": 6 + n for n, item in enumerate(items)} | {"HAM/TEA": 10, "HAM/CUP": 5}
    assert yard.levels() == counted | {"HAM/100030": 123}

    older = yard.count("s_4.csv", "100010,HAM,,99", "100030,HAM,,99", "TEA,HAM,,99", day=2.5)
    assert older.documents["filtered"] == 3, "it is older than a snapshot"
    newer = yard.count("s_5.csv", "100010,HAM,,4", "100030,HAM,,99", day=3.5)
    assert newer.documents["filtered"] == 1, "it is older than the changes only"
    assert yard.levels() == counted | {"HAM/100030": 123, "HAM/100010": 4}

    yard.count("d_2.csv", "100010,HAM,,-1", "100030,HAM,,-3", day=5)
    assert yard.levels() == counted | {"HAM/100030": 120, "HAM/100010": 3}
    yard.count("s_6.csv", "100010,HAM,,7", "100030,HAM,,8", day=6)
    assert yard.levels() == counted | {"HAM/100030": 8, "HAM/100010": 7}


def test_a_late_snapshot_that_comes_again_is_taken_whole(yard: Yard) -> None:
    """Its items that newer changes named did not count the first time: it is no repetition."""
    yard.count("d_1.csv", "TEA,HAM,,3", day=4)
    yard.count("s_2.csv", "TEA,HAM,,6", "CUP,HAM,,6", day=3)
    assert yard.levels() == {"HAM/CUP": 6, "HAM/TEA": 13}

    again = yard.count("s_3.csv", "TEA,HAM,,6", "CUP,HAM,,6", day=5)

    assert again.row["state"] == "done"
    assert yard.levels() == {"HAM/CUP": 6, "HAM/TEA": 6}


def test_a_snapshot_that_was_held_while_changes_came_counts_for_the_others(yard: Yard) -> None:
    yard.write(
        "mappings/flows/stock.yaml",
        (yard.root / "mappings/flows/stock.yaml").read_text(encoding="utf-8") + "guards: {row_count: {max: 1.2}}\n",
    )
    yard.count("s_2.csv", "TEA,HAM,,9", "CUP,HAM,,4", day=2)
    held = yard.count("s_3.csv", "TEA,HAM,,2", "CUP,HAM,,1", "JAR,HAM,,7", day=3)
    assert held.row["state"] == "held"
    yard.count("d_1.csv", "CUP,HAM,,-1", day=4)
    assert yard.levels() == {"HAM/CUP": 3, "HAM/TEA": 9}

    assert yard.type("approve", str(held.row["claim"]), "--reason", "sold well").exit == 0

    assert yard.levels() == {"HAM/CUP": 3, "HAM/JAR": 7, "HAM/TEA": 2}


@pytest.mark.parametrize(
    ("missing", "levels", "asked"),
    [
        ("zero", {"HAM/CUP": 8, "HAM/JAR": 0, "HAM/MUG": 2, "HAM/TEA": 6}, []),
        ("problem", {"HAM/CUP": 8, "HAM/JAR": 1, "HAM/MUG": 2, "HAM/TEA": 6}, ["stock/wms/JAR"]),
    ],
)
def test_what_newer_changes_name_does_not_disappear(
    yard: Yard, missing: str, levels: dict[str, int], asked: list[str]
) -> None:
    """A late snapshot lacks CUP and MUG, which newer changes name, and JAR."""
    yard.edit("mappings/flows/stock.yaml", "{mode: snapshot}", f"{{mode: snapshot, missing: {missing}}}")
    yard.count("s_2.csv", "TEA,HAM,,10", "CUP,HAM,,5", "JAR,HAM,,1", day=2)
    yard.count("d_1.csv", "CUP,HAM,,3", "MUG,HAM,,2", day=4)

    yard.count("s_3.csv", "TEA,HAM,,6", day=3)

    assert yard.levels() == levels
    assert [reject["document"] for reject in yard.open_rejects()] == asked


def test_an_item_that_newer_changes_name_at_one_place_only_is_a_problem(yard: Yard) -> None:
    """It goes whole or not at all; a person is told, the others go on."""
    changes = yard.count("d_1.csv", "TEA,HAM,,3", day=4)

    late = yard.count("s_2.csv", "TEA,HAM,,6", "TEA,LYO,,1", "CUP,HAM,,2", day=3)

    [found] = yard.problems(late)
    assert found["code"] == "STOCK_PARTLY_OLDER"
    assert str(changes.row["claim"]) in str(found["message"])
    assert yard.levels() == {"HAM/CUP": 2, "HAM/TEA": 13}


def test_a_row_of_a_snapshot_that_is_corrected_counts_where_newer_changes_name_others(yard: Yard) -> None:
    first = yard.count("s_2.csv", "TEA,HAM,,6", "CUP,HAM,,two", day=2)
    yard.count("d_1.csv", "TEA,HAM,,3", day=4)
    text = yard.reject_file(first).read_text(encoding="utf-8").replace("two", "2")

    path = yard.root / "data/inbox/yard/s_fixed.csv"
    path.write_text(text, encoding="utf-8")
    yard.age(path, 5)
    assert yard.type("run", "stock", "--json").exit == 0

    assert yard.levels() == {"HAM/CUP": 2, "HAM/TEA": 9}


@pytest.mark.parametrize(
    ("order", "tea"),
    [("s2 s3 d", 31), ("s2 d s3", 21), ("s3 s2 d", 31), ("s3 d s2", 31), ("d s2 s3", 11), ("d s3 s2", 11)],
)
def test_in_whatever_order_files_come_the_newest_count_stands(yard: Yard, order: str, tea: int) -> None:
    """CUP, which no change names, has the figure of the newest snapshot; TEA what it had and the change."""
    files = {
        "s2": ("s_2.csv", 2, ("TEA,HAM,,20", "CUP,HAM,,200")),
        "s3": ("s_3.csv", 3, ("TEA,HAM,,30", "CUP,HAM,,3")),
        "d": ("d_1.csv", 4, ("TEA,HAM,,1",)),
    }

    for name, day, rows in (files[each] for each in order.split()):
        assert yard.count(name, *rows, day=day).exit == 0

    assert yard.levels() == {"HAM/CUP": 3, "HAM/TEA": tea}


def test_a_count_that_comes_again_takes_back_the_changes_of_one_of_its_warehouses(yard: Yard) -> None:
    yard.count("s_2.csv", "TEA,HAM,,10", "TEA,LYO,,5", day=2)
    yard.count("d_1.csv", "TEA,HAM,,3", day=3)

    again = yard.count("s_3.csv", "TEA,HAM,,10", "TEA,LYO,,5", day=4)

    assert (again.exit, again.row["state"]) == (0, "done")
    assert yard.levels() == {"HAM/CUP": 5, "HAM/TEA": 10, "LYO/TEA": 5}


def test_a_file_with_the_content_of_one_that_waits_for_its_turn_is_told(yard: Yard) -> None:
    yard.count("d_1.csv", "TEA,HAM,,1", day=2)
    held = yard.count("d_3.csv", "TEA,HAM,,10", day=3)

    same = yard.count("d_4.csv", "TEA,HAM,,10", day=4)

    why = f"which is held (claim {held.row['claim']}), and waits until that goes on"
    assert why in same.err
    assert yard.count("d_2.csv", "TEA,HAM,,100", day=5).exit == 0
    assert yard.type("run", "stock").exit == 0
    assert yard.levels()["HAM/TEA"] == 131


def test_a_number_behind_its_turn_is_refused_whole(yard: Yard) -> None:
    yard.count("d_1.csv", "TEA,HAM,,5", day=2)
    yard.count("d_2.csv", "TEA,HAM,,5", day=3)

    ran = yard.count("d_1.csv", "TEA,HAM,,7", day=4)

    assert ran.exit == 3
    assert ran.row["problems"] == {"STOCK_SEQUENCE_BEHIND": 1}
    assert "this is file 1 of the changes of wms; 2 took effect already" in ran.err
    assert yard.levels()["HAM/TEA"] == 20


def test_a_file_without_a_number_is_refused_whole(yard: Yard) -> None:
    ran = yard.count("d_x.csv", "TEA,HAM,,5", day=2)

    assert ran.exit == 3
    assert ran.row["problems"] == {"STOCK_SEQUENCE_UNREADABLE": 1}
    assert "'d_x.csv' does not fit `sequence:`" in ran.err


def test_a_rejected_change_comes_back_by_itself(yard: Yard) -> None:
    """Its file has had its turn; the others went on."""
    first = yard.count("d_1.csv", "TEA,HAM,,5", "CUP,HAM,,two", day=2)
    assert yard.count("d_2.csv", "TEA,HAM,,5", day=3).exit == 0
    corrected = yard.reject_file(first).read_text(encoding="utf-8").replace("CUP,HAM,,two", "CUP,HAM,,2")

    path = yard.root / "data/inbox/yard/d_fixed.csv"
    path.write_text(corrected, encoding="utf-8")
    yard.age(path, 5)
    assert yard.type("run", "stock", "--json").exit == 0

    assert yard.levels() == {"HAM/CUP": 7, "HAM/TEA": 20}


def test_a_replay_adds_nothing_once_more(yard: Yard) -> None:
    first = yard.count("d_1.csv", "TEA,HAM,,5", day=2)

    ran = yard.type("replay", str(first.row["claim"]), "--reason", "the ERP lost it")

    assert ran.exit == 0
    assert yard.levels()["HAM/TEA"] == 15


def test_a_file_that_was_refused_takes_its_turn_once_it_is_replayed(yard: Yard) -> None:
    """What is behind it waits meanwhile, and goes on with the next run."""
    yard.count("d_1.csv", "TEA,HAM,,5", day=2)
    path = yard.lay("d_2.csv", "TEA,HAM,,1", day=3)
    path.write_text(path.read_text().replace("On hand", "Quantity"), encoding="utf-8")
    yard.age(path, 3)
    refused = yard.type("run", "stock", "--json")
    assert refused.exit == 3
    assert yard.count("d_3.csv", "TEA,HAM,,100", day=4).exit == 4

    yard.edit("mappings/yard/stock.yaml", "from: On hand", "from: Quantity")
    assert yard.type("replay", str(refused.row["claim"]), "--reason", "renamed").exit == 0
    yard.edit("mappings/yard/stock.yaml", "from: Quantity", "from: On hand")
    assert yard.type("run", "stock", "--json").exit == 0
    assert yard.levels()["HAM/TEA"] == 116


def test_numbers_in_a_column(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "ws", "{mode: delta, location: HAM, sequence: {column: Run}}")
    columns = (*COLUMNS, "Run")
    yard.lay("a.csv", "TEA,,,5,,,7", day=1, columns=columns)
    yard.lay("b.csv", "TEA,,,5,,,9", day=2, columns=columns)
    held = yard.type("run", "stock", "--json")
    assert held.exit == 4
    assert yard.levels() == {"HAM/TEA": 5}
    assert "file 8 is missing" in held.err

    yard.lay("c.csv", "TEA,,,1,,,8", day=3, columns=columns)
    assert yard.type("run", "stock", "--json").exit == 0
    assert yard.levels() == {"HAM/TEA": 11}

    yard.lay("d.csv", "TEA,,,1,,,10", "CUP,,,1,,,11", day=4, columns=columns)
    mixed = yard.type("run", "stock", "--json")
    assert "column Run holds several: '10' and '11'" in mixed.err
    yard.lay("e.csv", "TEA,,,1,,,", day=5, columns=columns)
    assert "column Run is blank" in yard.type("run", "stock", "--json").err


def test_a_gap_stays_after_a_crash(yard: Yard) -> None:
    """What was held is held by the ledger, not by the run."""
    yard.count("d_1.csv", "TEA,HAM,,1", day=2)
    yard.count("d_3.csv", "TEA,HAM,,10", day=3)
    assert yard.type("run", "stock").exit == 4
    assert yard.count("d_2.csv", "TEA,HAM,,100", day=4).exit == 0
    assert yard.levels()["HAM/TEA"] == 121
