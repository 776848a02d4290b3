"""What a file says of itself is found at its ends, in any encoding, and compared as numbers."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from exchange.config.guards import Total
from exchange.engine.stated import disagreeing, line_at, number
from exchange.kernel.layout import Layout


def layout(path: Path, encoding: str = "utf-8") -> Layout:
    return Layout(path, (), b"", 0, 1, encoding, encoding, ",", b"\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16-le"])
@pytest.mark.parametrize("rows", [1, 30_000])
def test_lines_at_the_ends(tmp_path: Path, encoding: str, rows: int) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes("".join(["HEAD;Ä\n", *["Größe;12\n"] * rows, "END;2\n", "  \n"]).encode(encoding))

    assert line_at(path, encoding, last=True) == "END;2"
    assert line_at(path, encoding, last=False) == "HEAD;Ä"


def test_a_file_of_nothing_has_no_line(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(b"\n \n")
    assert line_at(path, "utf-8", last=True) == ""


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [("1,204.50", ".", "1204.50"), ("1.204,50", ",", "1204.50"), ("-3", ".", "-3"), ("1..2", ".", None)],
)
def test_numbers(text: str, decimal: str, value: str | None) -> None:
    assert number(text, decimal) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("stock_3_of_1.204,5.csv", []),
        ("stock_4_of_1.204,5.csv", ["not what the file holds (lines stated: 4, found: 3)"]),
        ("stock.csv", ["its name is 'stock.csv', which is not like 'stock_{lines}_of_{quantity}.csv'"]),
    ],
)
def test_totals_in_a_name(tmp_path: Path, name: str, said: list[str]) -> None:
    total = Total(where="name", like="stock_{lines}_of_{quantity}.csv", decimal=",")

    found = list(
        disagreeing((total,), layout(tmp_path), name, {"lines": Decimal(3), "quantity": Decimal("1204.50")}.get)
    )

    assert len(found) == len(said)
    assert all(words in trip.said for trip, words in zip(found, said, strict=True))


def test_a_field_that_does_not_exist_is_no_agreement(tmp_path: Path) -> None:
    [trip] = disagreeing((Total(where="name", like="{colour}"),), layout(tmp_path), "3", lambda _: None)

    assert trip.rows == (("colour", "stated: 3", "found: no such field"),)
