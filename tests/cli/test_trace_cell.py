"""`exchange trace cell`: how a place is read; what it walks back to is in tests/flows/test_trace_cell.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.cli.context import Refused
from exchange.cli.trace_cell import read_place
from tests.flows.shop import Shop


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("out.csv:12:3", ("out.csv", 12, "3")),
        ("data/out.csv:12:ItemNumber", ("data/out.csv", 12, "ItemNumber")),
        ("out.csv:2:a:b", ("out.csv", 2, "a:b")),
        ("odd:7:name.csv:2:3", ("odd:7:name.csv", 2, "3")),
    ],
)
def test_a_place_is_a_file_a_line_and_a_column(tmp_path: Path, spec: str, expected: tuple[str, int, str]) -> None:
    (tmp_path / "odd:7:name.csv").touch()
    (tmp_path / "out.csv").touch()

    place = read_place(spec, tmp_path)

    assert (str(place.file), place.line, place.column) == expected
    assert str(place) == spec


@pytest.mark.parametrize("spec", ["out.csv", "out.csv:12", "out.csv:x:3", ":1:2", "out.csv:3:"])
def test_what_is_no_place_is_refused_with_an_example(tmp_path: Path, spec: str) -> None:
    with pytest.raises(Refused, match="exchange trace cell FILE:LINE:COLUMN, for example"):
        read_place(spec, tmp_path)


def test_only_what_concerns_the_cell_is_listed(busy: Shop) -> None:
    [path] = busy.files("data/outbox/erp/orders")

    ran = busy.type("trace", "cell", f"{path}:2:ItemNumber")

    assert ran.exit == 0
    versions = [line.split()[0] for line in ran.out.splitlines() if " version " in line]
    assert versions == ["mappings/erp/orders.yaml", "mappings/shopify/orders.yaml", "mappings/tables/items.csv"]
