"""The line on top of a YAML file that names its schema."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.config.modelines import editable, modeline, schema_for, with_modeline

LINE = "# yaml-language-server: $schema=../.schemas/flow.json\n"


@pytest.mark.parametrize(
    ("file", "schema"),
    [
        ("mappings/exchange.yaml", "exchange.json"),
        ("mappings/flows/orders.yaml", "flow.json"),
        ("mappings/flows/orders_test.yaml", "flow_cases.json"),
        ("mappings/schemas/shop.yaml", "schema.json"),
        ("mappings/shop/orders.yaml", "mapping.json"),
        ("mappings/shop/eu/orders.yaml", "mapping.json"),
        ("mappings/shop/known.yaml", "mappings/shop/known.json"),
        ("mappings/shop/known_test.yaml", "cases.json"),
    ],
)
def test_each_kind_of_file_has_its_schema(file: str, schema: str) -> None:
    assert schema_for(file, {"mappings/.schemas/mappings/shop/known.json"}) == f"mappings/.schemas/{schema}"


def test_the_line_leads_from_the_file_to_the_schema() -> None:
    assert modeline("mappings/exchange.yaml", ()) == "# yaml-language-server: $schema=.schemas/exchange.json\n"
    assert modeline("mappings/flows/a.yaml", ()) == LINE
    assert modeline("mappings/shop/eu/a.yaml", ()).endswith("=../../.schemas/mapping.json\n")
    assert modeline("mappings/tables/a.yaml", ()) == ""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"flow: a\n", LINE.encode() + b"flow: a\n"),
        (b"", LINE.encode()),
        (b"flow: a\r\n", LINE.encode().replace(b"\n", b"\r\n") + b"flow: a\r\n"),
        (b"\xef\xbb\xbfflow: a\n", b"\xef\xbb\xbf" + LINE.encode() + b"flow: a\n"),
        (b"# yaml-language-server: $schema=../.schemas/old.json\nflow: a\n", LINE.encode() + b"flow: a\n"),
        (b"#yaml-language-server: $schema=mappings/.schemas/flow.json\nflow: a\n", LINE.encode() + b"flow: a\n"),
        (LINE.encode() + b"flow: a\n", LINE.encode() + b"flow: a\n"),
        (b"# yaml-language-server: $schema=https://x.example/a.json\n", None),
        (b"# yaml-language-server: $schema=none\nflow: a\n", None),
    ],
)
def test_the_line_is_put_right_and_one_of_another_kind_stays(before: bytes, after: bytes | None) -> None:
    assert with_modeline(before, LINE) == (before if after is None else after)


def test_what_can_have_a_line(tmp_path: Path) -> None:
    for file in ("exchange.yaml", "flows/a.yaml", "tables/a.yaml", "shop/b.yaml", "shop/b.yml"):
        (tmp_path / "mappings" / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "mappings" / file).write_text("a: b\n", encoding="utf-8")
    assert editable(tmp_path) == ["mappings/exchange.yaml", "mappings/flows/a.yaml", "mappings/shop/b.yaml"]
