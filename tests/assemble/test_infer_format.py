"""What kind of file a sample is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from exchange.assemble.infer_format import Suggested, suggest_format
from exchange.assemble.infer_rows import NotInferred


def suggested(folder: Path, content: bytes | str) -> Suggested:
    path = folder / "sample"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return suggest_format(path, whole=True)


@pytest.mark.parametrize(
    ("content", "form"),
    [
        ("a,b\n1,2\n", {"type": "csv", "encoding": "utf-8", "delimiter": ","}),
        ("a\tb\n1\t2\n", {"type": "csv", "encoding": "utf-8", "delimiter": "\t"}),
        ("é;b\n1;2\n".encode("cp1252"), {"type": "csv", "encoding": "cp1252", "delimiter": ";"}),
        ("a;b\n1;2\n".encode("utf-16"), {"type": "csv", "encoding": "utf-16", "delimiter": ";"}),
        ('{"a": 1, "l": [{"b": 2}]}\n{"a": 2}\n', {"type": "jsonl", "lines": "l"}),
        ("<r><o><a>1</a></o><o><a>2</a></o></r>", {"type": "xml", "record": "/r/o"}),
        (
            '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd"><r xmlns="urn:r"><o><a>1</a></o><o/></r>',
            {"type": "xml", "record": "/r/o", "namespaces": {"": "urn:r"}, "doctype": "allow"},
        ),
    ],
)
def test_formats(tmp_path: Path, content: bytes | str, form: dict[str, Any]) -> None:
    found = suggested(tmp_path, content)

    assert found.form == form
    assert found.reasons


def test_a_workbook(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "x.xlsx")) as book:
        book.add_worksheet().write_row(0, 0, ["a", "b"])

    assert suggest_format(tmp_path / "x.xlsx", whole=True).form == {"type": "xlsx"}


def test_fixed_width_is_guessed_with_a_ruler(tmp_path: Path) -> None:
    found = suggested(tmp_path, "ITEM   QTY\nSKU-1   12\nSKU-22   7\nSKU-3    1\n")

    assert found.names == ("ITEM", "QTY")
    assert found.form["records"] == [
        {"name": "heading", "code": "ITEM", "role": "ignore"},
        {
            "name": "row",
            "fields": [{"name": "ITEM", "start": 1, "length": 7}, {"name": "QTY", "start": 8, "length": 3}],
        },
    ]
    assert found.shown[1] == "1234567890"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "it is empty"),
        ("H20260304SHOP1\nK00000120260304\nP000001SKU0000010\n" * 3, "here is the ruler:\n        10        20"),
        ("[\n1,\n2\n]\n", "not JSON Lines"),
        ('{\n"a": 1\n}\n', "not JSON Lines"),
        ("<a><b></a>", "no well-formed XML"),
        ("<a/>", "no element of it holds values"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old format (.xls)"),
        (b"PK\x03\x04 and so on", "it is damaged"),
        (b"a,b\n\0\0,1\n", "NUL"),
        ("one\nor two words\nand more of them\n", "no delimiter makes columns"),
    ],
)
def test_what_cannot_be_inferred_says_why(tmp_path: Path, content: bytes | str, why: str) -> None:
    with pytest.raises(NotInferred) as refused:
        suggested(tmp_path, content)

    assert why in str(refused.value)
    assert str(refused.value).startswith("nothing can be inferred from sample: ")


def test_a_bomb_of_entities_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY e{number} "{f"&e{number - 1};" * 10}">' for number in range(1, 9))
    bomb = f'<!DOCTYPE r [<!ENTITY e0 "bomb">{entities}]><r><o><a>&e8;</a><b>1</b></o><o><a>2</a></o></r>'

    with pytest.raises(NotInferred, match="it declares entities, and files that do are always refused"):
        suggested(tmp_path, bomb)
