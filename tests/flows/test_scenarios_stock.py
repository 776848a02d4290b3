"""What happens to stock over days: the scenarios of figures that come late, with gaps, or beside orders."""

from __future__ import annotations

from pathlib import Path

from tests.flows.shelf import Shelf
from tests.flows.shop import Line, order
from tests.flows.yard import Yard


def test_snapshot_that_arrives_late(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "ws")
    assert shelf.told(shelf.count("tue.csv", "100,HAM,,10", "200,HAM,,4", day=2))
    late = shelf.count("mon.csv", "100,HAM,,99", "200,HAM,,99", day=1)
    assert (late.exit, shelf.told(late)) == (0, [])
    assert shelf.levels() == {"HAM/100": 10, "HAM/200": 4}
    assert shelf.told(shelf.count("wed.csv", "100,HAM,,10", "200,HAM,,3", day=3)) == ["shopify,CUP,,3"]


def test_gap_in_a_sequence_of_deltas(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "ws", '{mode: delta, sequence: {name: "d_{sequence}.csv"}}')
    yard.count("d_1.csv", "TEA,HAM,,10", day=1)
    held = yard.count("d_3.csv", "TEA,HAM,,-4", day=3)
    assert (held.exit, held.row["state"]) == (4, "held")
    assert yard.levels() == {"HAM/TEA": 10}
    came = yard.count("d_2.csv", "TEA,HAM,,5", day=2)
    assert (came.exit, [row["file"] for row in came.rows]) == (0, ["d_2.csv", "d_3.csv"])
    assert yard.levels() == {"HAM/TEA": 11}
    assert yard.count("d_4.csv", "TEA,HAM,,1", day=4).exit == 0


def test_oversell_race(tmp_path: Path) -> None:
    """Counted at nine, ordered at ten, published at eleven; and cancelled at noon."""
    shelf = Shelf(tmp_path / "ws", "{items: items, units: sales_units}")
    shelf.count("mon.csv", "100010,HAM,,30", day=1)
    shelf.lay("tue.csv", "100010,HAM,,30", "200020,HAM,,4", day=2)
    shelf.drop("a.csv", order(1, Line("TEA-ASSAM", "3"), Line("TEA-ASSAM-CASE")))
    race = shelf.only(shelf.type("run", "--json"), "stock")
    told = ["shopify,TEA-ASSAM,,15", "shopify,TEA-ASSAM-CASE,,1"]
    assert [row for row in shelf.told(race) if "TEA" in row] == told
    shelf.drop("b.csv", order(1, Line("TEA-ASSAM", "3"), Line("TEA-ASSAM-CASE"), status="voided"))
    noon = shelf.only(shelf.type("run", "--json"), "stock")
    assert "shopify,TEA-ASSAM,,30" in shelf.told(noon)
