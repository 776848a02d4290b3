"""Which cells of a workbook show something else than the number they hold: read from its styles, before the cells."""

from __future__ import annotations

import re
import zipfile
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from exchange.formats.xlsx.numberformat import NumberFormat, number_format
from exchange.kernel.limits import WORKBOOK_STYLES_BYTES
from exchange.kernel.xmlparser import xml_parser

_STYLES = "xl/styles.xml"
_BUILT_IN = {9: "0%", 10: "0.00%", 67: "0%", 68: "0.00%", **dict.fromkeys(range(71, 82), "e")}
"""Formats that are known by their number alone; 71 to 81 are dates of the Thai calendar."""
_STYLE = re.compile(rb'\ss="(\d+)"')
_KIND = re.compile(rb'\st="([a-zA-Z]+)"')


def shown_otherwise(archive: zipfile.ZipFile) -> Mapping[int, NumberFormat]:
    """Return the formats of numbers, by the style that cells name; raises ValueError where the styles are none."""
    try:
        size = archive.getinfo(_STYLES).file_size
    except KeyError:
        return {}
    if size > WORKBOOK_STYLES_BYTES:
        raise ValueError(f"its styles have {size} bytes, {WORKBOOK_STYLES_BYTES} are allowed")
    try:
        root = etree.fromstring(archive.read(_STYLES), xml_parser())
    except etree.XMLSyntaxError as fault:
        raise ValueError(f"its styles are no XML: {fault.msg}") from None
    codes = dict(_BUILT_IN)
    for each in root.iterfind("{*}numFmts/{*}numFmt"):
        codes[int(each.get("numFmtId", "0"))] = str(each.get("formatCode", ""))
    formats = {number: number_format(code) for number, code in codes.items()}
    styles = enumerate(root.iterfind("{*}cellXfs/{*}xf"))
    by_style = ((style, formats.get(int(each.get("numFmtId", "0")))) for style, each in styles)
    return {style: found for style, found in by_style if found is not None}


@dataclass(slots=True)
class ShownCells:
    """The cells of one sheet that hold a number under such a format, by row."""

    formats: Mapping[int, NumberFormat]
    _rows: array[int] = field(default_factory=lambda: array("I"))
    _columns: array[int] = field(default_factory=lambda: array("H"))
    _styles: array[int] = field(default_factory=lambda: array("I"))
    _sorted: bool = True

    def take(self, tag: bytes, column: int, row: int) -> None:
        """Take note of a cell, given its opening tag and its place, both from 1."""
        style = _STYLE.search(tag)
        number = int(style[1]) if style else 0
        kind = _KIND.search(tag)
        if number in self.formats and (kind is None or kind[1] == b"n"):
            self._sorted = self._sorted and (not self._rows or self._rows[-1] <= row)
            self._rows.append(row)
            self._columns.append(column)
            self._styles.append(number)

    def of(self, row: int) -> Iterator[tuple[int, NumberFormat]]:
        """Yield (column from 0, format) of the cells of a row."""
        if not self._sorted:
            self._sort()
        at = bisect_left(self._rows, row)
        while at < len(self._rows) and self._rows[at] == row:
            yield self._columns[at] - 1, self.formats[self._styles[at]]
            at += 1

    def _sort(self) -> None:
        order = sorted(range(len(self._rows)), key=self._rows.__getitem__)
        self._rows, self._columns, self._styles = (
            array(book.typecode, map(book.__getitem__, order)) for book in (self._rows, self._columns, self._styles)
        )
        self._sorted = True
