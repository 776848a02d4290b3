"""Places in files of rows: by number, name, letter, position."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from exchange.assemble.explain_choice import NotShown
from exchange.assemble.explain_spot import records_of, spot
from exchange.config.formats import FixedFormat
from exchange.config.models import Mapping

RECORDS = [
    {"name": "batch", "code": "H", "role": "file", "fields": [{"name": "type", "length": 1}]},
    {
        "name": "order",
        "code": "K",
        "role": "document",
        "fields": [{"name": "type", "length": 1}, {"name": "number", "length": 4}],
    },
    {
        "name": "line",
        "code": "P",
        "fields": [{"name": "type", "length": 1}, {"name": "sku", "length": 3}, {"name": "qty", "length": 2}],
    },
    {"name": "end", "code": "T", "role": "trailer", "fields": [{"name": "type", "length": 1}]},
]
CSV = 'number,sku,qty\n1,"A\nB",2\n1,C,3\n'
FORMATS: dict[str, tuple[dict[str, Any], str]] = {
    "csv": ({"type": "csv"}, CSV),
    "bars": ({"type": "csv", "delimiter": "||"}, "number||sku||qty\n1||A||2\n1||C||3\n"),
    "xlsx": ({"type": "xlsx"}, ""),
    "jsonl": ({"type": "jsonl", "lines": "items"}, "{}\n"),
    "fixed": ({"type": "fixed", "records": RECORDS}, "H\nK1   \nPA  02\nT\n"),
}


def found(tmp_path: Path, kind: str, line: int, column: str) -> tuple[int, str, int, str | None]:
    form, text = FORMATS[kind]
    path = tmp_path / "file"
    path.write_text(text, encoding="utf-8")
    fields: dict[str, Any] = {"fields": {"number": {"from": "order_number"}}}
    lines: dict[str, Any] = {"lines": {"sku": {"from": "sku"}, "qty": {"from": "quantity"}}}
    mapping = Mapping.model_validate({"writes": "order", "format": form, **fields, **lines})
    made = spot(mapping, path, line, column)
    return made.ordinal, made.field, made.entry, made.text


@pytest.mark.parametrize(
    ("kind", "line", "column", "expected"),
    [
        ("csv", 2, "2", (0, "sku", 0, "A\nB")),
        ("csv", 3, "qty", (0, "qty", 0, "2")),
        ("csv", 4, "number", (1, "number", 0, "1")),
        ("bars", 3, "3", (1, "qty", 0, "3")),
        ("xlsx", 2, "C", (0, "qty", 0, None)),
        ("xlsx", 5, "sku", (3, "sku", 0, None)),
        ("jsonl", 2, "number", (1, "number", 0, None)),
        ("jsonl", 1, "items[2].sku", (0, "sku", 2, None)),
        ("fixed", 2, "3", (0, "number", 0, None)),
        ("fixed", 3, "6", (1, "qty", 0, None)),
        ("fixed", 3, "sku", (1, "sku", 0, None)),
    ],
)
def test_a_place_is_a_field_of_a_record(
    tmp_path: Path, kind: str, line: int, column: str, expected: tuple[int, str, int, str | None]
) -> None:
    assert found(tmp_path, kind, line, column) == expected


@pytest.mark.parametrize(
    ("kind", "line", "column", "said"),
    [
        ("csv", 1, "2", "line 1 is the header"),
        ("csv", 9, "2", "the file has no line 9"),
        ("csv", 2, "4", "the file has 3 columns, so there is no column 4"),
        ("csv", 2, "quantity", "there is no column 'quantity'|has no column 'quantity'"),
        ("csv", 2, "qtty", "did you mean 'qty'"),
        ("bars", 1, "1", "line 1 is the header"),
        ("xlsx", 1, "A", "row 1 is the header"),
        ("jsonl", 1, "items[1].skuu", "say which field of the object"),
        ("fixed", 1, "1", "stands around them"),
        ("fixed", 4, "1", "stands around them"),
        ("fixed", 9, "1", "the file has no line 9"),
        ("fixed", 3, "9", "no field of record line stands at place 9"),
        ("fixed", 3, "skuu", "did you mean 'sku'"),
    ],
)
def test_what_is_no_cell_is_refused_with_what_is(tmp_path: Path, kind: str, line: int, column: str, said: str) -> None:
    with pytest.raises(NotShown, match=said):
        found(tmp_path, kind, line, column)


def test_records_of_documents_and_of_lines_are_told_apart() -> None:
    heads, tails = records_of(FixedFormat.model_validate(FORMATS["fixed"][0]))

    assert ([each.name for each in heads], [each.name for each in tails]) == (["order"], ["line"])
