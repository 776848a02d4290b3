"""JSON Lines into rows: digits stay, nested lines become rows, what is no object is kept as it came."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from exchange.formats.delimited.flat import FlatReader, FlatSetAside, flat_reader
from exchange.formats.delimited.reader import DelimitedReader
from exchange.formats.jsonl.flatten import JsonLines
from exchange.kernel.chunk import Chunk
from exchange.kernel.limits import DOCUMENT_ROWS, RECORD_BYTES
from tests.formats.delimited.test_reader import rows

WANTED = ("_record", "no", "to.city", "items.sku", "items.qty")


def made(*wanted: str, lines: str = "items") -> FlatReader:
    names = wanted or WANTED
    return flat_reader(JsonLines(names, lines, "no"), DelimitedReader("utf-8", ",", names, (), "no", "mappings/x.yaml"))


def read(each: FlatReader, folder: Path, content: bytes) -> tuple[Chunk, list[bytes], list[str]]:
    (folder / "x.jsonl").write_bytes(content)
    found = each.survey(folder / "x.jsonl")
    assert found.layout is not None, found.problems
    [chunk] = [each.parse(span, found.layout) for span in each.spans(found.layout)]
    raw = [FlatSetAside().raw_record(found.layout, broken.start, broken.length) for broken in chunk.broken]
    return chunk, raw, [problem.message for problem in found.problems]


def test_numbers_keep_their_digits_and_names_are_ways(tmp_path: Path) -> None:
    content = (
        b'\xef\xbb\xbf{"no": 00, "x": 1}\n{"no": 12345678901234567890, "to": {"city": "K\\u00f6ln"}, '
        b'"items": [{"sku": "A", "qty": 1.50}]}\r\n\n{"no": "2", "to": {"city": null}, "items": [{"sku": true}, {}]}'
    )
    chunk, raw, _ = read(made(), tmp_path, content)
    assert [tuple(row.values()) for row in rows([chunk])] == [
        ("2", "12345678901234567890", "Köln", "A", "1.50"),
        ("3", "2", None, "true", None),
        (None, "2", None, None, None),
    ]
    assert chunk.positions.file_line.tolist() == [2, 4, 4]
    assert raw == [b'{"no": 00, "x": 1}'], "no JSON number begins with two zeros"


def test_header_cells_stand_on_the_first_row_and_the_key_on_each(tmp_path: Path) -> None:
    content = b'{"no": "1", "to": {"city": "Ulm"}, "items": [{"sku": "A"}, {"sku": "B"}]}\n{"no": "2", "items": []}\n'
    chunk, _, _ = read(made(), tmp_path, content)
    assert [tuple(row.values())[:4] for row in rows([chunk])] == [
        ("1", "1", "Ulm", "A"),
        (None, "1", None, "B"),
        ("2", "2", None, None),
    ]


def test_without_lines_an_object_is_a_row(tmp_path: Path) -> None:
    chunk, _, told = read(made("no", "sku", lines=""), tmp_path, b'{"no": "1", "sku": "A", "note": "x"}\n')
    assert [tuple(row.values()) for row in rows([chunk])] == [("1", "A")]
    assert told == ["1 column is not used: note"]


@pytest.mark.parametrize(
    ("line", "words", "key"),
    [
        (b"nothing", "no JSON: Expecting value, at character 1", None),
        (b'{"no": "7"', "no JSON", None),
        (b'["no"]', "no JSON object", None),
        (b'{"no": "7", "no": "8"}', "'no' stands there twice", None),
        (b'{"no": "7", "to.city": "Ulm", "to": {"city": "Bonn"}}', "'to.city' stands there twice", None),
        (b'{"no": NaN}', "NaN is no JSON number", None),
        (b'{"no": "7", "items": {"sku": "A"}}', "items is no array of objects", "7"),
        (b'{"no": "7", "items": ["A"]}', "items is no array of objects", "7"),
        (b"[" * 100_000, "nested too deeply", None),
        (b'{"a":' * 100 + b"1" + b"}" * 100, "nested too deeply", None),
        (b'{"no": "\xff"}', "0xff", None),
        (b'{"no": "7", "items": [' + b"{}," * DOCUMENT_ROWS + b"{}]}", "20001 entries", "7"),
        (b'{"no": "' + b"x" * RECORD_BYTES + b'"}', "bytes", None),
    ],
    ids=lambda value: value[:20] if isinstance(value, bytes) else None,
)
def test_what_is_no_record_costs_only_itself(tmp_path: Path, line: bytes, words: str, key: str | None) -> None:
    chunk, [raw], _ = read(made(), tmp_path, b'{"no": "1"}\n' + line + b'\n{"no": "2"}\n')
    assert [row["no"] for row in rows([chunk])] == ["1", "2"]
    [broken] = chunk.broken
    assert (broken.file_line, broken.record, broken.key) == (2, 1, key)
    assert words in broken.problem.message
    assert raw[:1000] == line.replace(b"\xff", "\ufffd".encode())[:1000]


def test_an_array_in_place_of_a_value_is_told(tmp_path: Path) -> None:
    chunk, _, _ = read(made(), tmp_path, b'{"no": "1", "to": {"city": ["Ulm", "Bonn"]}, "items": [{"sku": []}]}\n')
    assert [(each.field, each.record) for each in chunk.problems] == [("to.city", 0), ("items.sku", 0)]
    assert rows([chunk])[0]["to.city"] is None


def test_an_object_in_place_of_a_value_is_told(tmp_path: Path) -> None:
    chunk, _, _ = read(made(), tmp_path, b'{"no": "1", "to": {"city": {"name": "Ulm"}}, "items": [{"sku": {}}]}\n')
    assert [(each.field, each.detail["found"]) for each in chunk.problems] == [
        ("to.city", "an object"),
        ("items.sku", "an object"),
    ]
    assert rows([chunk])[0]["to.city"] is None


def test_an_object_of_which_a_part_is_read_is_no_value_itself(tmp_path: Path) -> None:
    chunk, _, _ = read(made("no", "to", "to.city", lines=""), tmp_path, b'{"no": "1", "to": {"city": "Ulm"}}\n')
    assert [tuple(row.values()) for row in rows([chunk])] == [("1", None, "Ulm")]
    assert not chunk.problems


def test_a_lone_surrogate_is_no_text(tmp_path: Path) -> None:
    chunk, _, _ = read(made(), tmp_path, json.dumps({"no": "1", "to": {"city": "\ud800"}}).encode())
    assert [each.problem.code for each in chunk.broken] == ["UNDECODABLE"]


def test_unused_names_are_told_once_and_few(tmp_path: Path) -> None:
    line = json.dumps({"no": "1", **{f"k{number:02}": "x" for number in range(30)}}).encode()
    _, _, [told] = read(made(), tmp_path, line + b"\n" + line)
    assert told.startswith("30 columns are not used: ")
    assert told.endswith("…")
