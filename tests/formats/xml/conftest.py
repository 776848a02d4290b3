"""Reads XML the way the product does, without a workspace."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from exchange.formats.delimited.flat import FlatReader
from exchange.formats.delimited.reader import DelimitedReader
from exchange.formats.xml.flatten import Check, XmlFlatten
from exchange.formats.xml.paths import compile_columns
from exchange.formats.xml.shape import Shape
from exchange.kernel.xmlpath import read_lines, read_path, read_record
from tests.formats.xml.book import Book


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Book]:
    """Return a function that reads a file of orders: `Number` is the key, `Lines/Line` are lines."""

    def book(
        content: bytes | str,
        *columns: str,
        record: str = "/Orders/Order",
        lines: str = "Lines/Line",
        key: str = "Number",
        namespaces: Mapping[str, str] | None = None,
        join: Mapping[str, str] | None = None,
        every_row: Sequence[str] = (),
        doctype: bool = False,
        keep_records: bool = False,
        check: Check | None = None,
    ) -> Book:
        spaces = namespaces or {}
        paths = {name: read_path(name, spaces) for name in (key, *columns)}
        joins = {read_path(name, spaces): separator for name, separator in (join or {}).items()}
        steps = read_lines(lines, spaces) if lines else ()
        compiled = compile_columns(paths, steps, joins, key, frozenset(every_row))
        shape = Shape(read_record(record, spaces), record, "m.yaml", doctype, keep_records)
        wanted = ("_record", *paths)
        rows = DelimitedReader("utf-8", ",", wanted, wanted, key, "m.yaml")
        flatten = XmlFlatten(shape, compiled, None if check is None else lambda: check)
        path = tmp_path / "source.xml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return Book(shape, FlatReader(flatten, rows, returned=False), path)

    return book
