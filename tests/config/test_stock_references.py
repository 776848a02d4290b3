"""What `exchange check` says of `stock` and `reserve` that cannot work."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.yard import Yard

STOCK = "mappings/flows/stock.yaml"
ORDERS = "mappings/flows/orders.yaml"
DELTA = '{mode: delta, sequence: {name: "d_{sequence}.csv"}}'


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Yard:
    return Yard(tmp_path_factory.mktemp("check") / "ws")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (STOCK, "{mode: snapshot}", "{mode: delta}", "changes need `sequence:`"),
        (STOCK, "{mode: snapshot}", "{mode: snapshot, sequence: {column: Run}}", "are for `mode: delta`"),
        (
            STOCK,
            "{mode: snapshot}",
            "{mode: delta, missing: zero, sequence: {column: Run}}",
            "`missing` is for snapshots",
        ),
        (STOCK, "{mode: snapshot}", "{mode: delta, sequence: {name: d.csv}}", "{sequence} in it"),
        (STOCK, "{mode: snapshot}", "{missing: zero}", "mode"),
        (STOCK, "{mode: snapshot}", "{mode: snapshot}, merge: true", "`merge` and `stock` exclude each other"),
        (STOCK, "mapping: yard/stock", "mapping: shopify/orders", "`stock` is for documents of kind 'stock'"),
        (STOCK, "deliver:", "guards: {}\n#", "write `deliver:` with at least one delivery"),
        (ORDERS, "rules:\n", "rules:\n  reserve: {to: [wsm]}\n", "the flow delivers nothing to 'wsm'"),
        (ORDERS, "rules:\n", "rules:\n  reserve: {lag: soon}\n", "expected a duration"),
        (STOCK, "rules: {", "rules: {reserve: true, ", "`reserve` is for documents of kind 'order'"),
    ],
)
def test_what_cannot_work_is_a_mistake(yard: Yard, file: str, old: str, new: str, said: str) -> None:
    path: Path = yard.root / file
    before = path.read_text(encoding="utf-8")
    try:
        yard.edit(file, old, new)
        if "guards" in new:
            yard.edit(file, ", stock: {mode: snapshot}", "")
            path.write_text(path.read_text(encoding="utf-8").partition("guards")[0], encoding="utf-8")
        told = yard.type("check")
    finally:
        path.write_text(before, encoding="utf-8")

    assert told.exit == 5
    assert said in told.out + told.err


def test_two_rows_of_numbers_of_one_sender_are_a_mistake(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "ws", DELTA)
    yard.edit(
        STOCK,
        'match: "*.csv"',
        f'match: "x_*.csv", mapping: yard/stock, channel: wms, stock: {DELTA}}}\n  - {{from: yard, match: "d_*.csv"',
    )

    told = yard.type("check")

    assert told.exit == 5
    assert "both would be one row of numbers" in told.out + told.err
