"""The comments of a sheet as the two parts that a workbook keeps them in: their texts, and where they are drawn.

Format: ECMA-376 part 1, 18.7 (comments); part 4, 19.4.2 (VML). A comment takes some five microseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from xlsxwriter.utility import xl_rowcol_to_cell

from exchange.formats.xlsx.textrows import escaped

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TEXTS = (
    f'{_HEAD}<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<authors><author></author></authors><commentList>"
)
_FONT = '<rPr><sz val="8"/><color indexed="81"/><rFont val="Tahoma"/><family val="2"/></rPr>'
_SHAPES = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" '
    'data="{blocks}"/></o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/>'
    "</v:shapetype>"
)
_DRAWN = (
    ';visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
    '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>'
)
_BLOCK = 1024
"""Shapes are numbered in blocks of so many, the first of which belongs to nobody."""
_WIDE, _ROWS_HIGH, _ROW, _COLUMN = 320, 6, 20, 64
"""Size of a box: pixels, rows of so many pixels; pixels of a column of which nothing is said."""


class Comment(NamedTuple):
    """What is said beside one cell."""

    row: int
    """0-based."""
    column: int
    text: str


def comment_texts(comments: Iterable[Comment]) -> Iterator[bytes]:
    """Yield the part with the texts; the comments come row by row."""
    yield _TEXTS.encode()
    for each in comments:
        text = f'<t xml:space="preserve">{escaped(each.text)}</t>'
        place = xl_rowcol_to_cell(each.row, each.column)
        made = f'<comment ref="{place}" authorId="0"><text><r>{_FONT}{text}</r></text></comment>'
        yield made.encode(errors="backslashreplace")
    yield b"</commentList></comments>"


def comment_shapes(comments: Sequence[Comment], widths: Sequence[int]) -> Iterator[bytes]:
    """Yield the part with the boxes, each right of its cell. `widths`: pixels of the columns."""
    blocks = ",".join(str(number + 1) for number in range(len(comments) // _BLOCK + 1))
    yield _SHAPES.format(blocks=blocks).encode()
    across = {column: _across(column, widths) for column in {each.column for each in comments}}
    size = f"width:{_WIDE * 3 // 4}pt;height:{_ROWS_HIGH * _ROW * 3 // 4}pt"
    for order, (row, column, _) in enumerate(comments, start=1):
        (left, right), top = across[column], max(0, row - 1)
        yield (
            f'<v:shape id="_x0000_s{_BLOCK + order}" type="#_x0000_t202" '
            f'style="position:absolute;{size};z-index:{order}{_DRAWN}'
            f"{left}, {top}, 10, {right}, {top + _ROWS_HIGH}, 1</x:Anchor><x:AutoFill>False</x:AutoFill>"
            f"<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
        ).encode()
    yield b"</xml>"


def _across(column: int, widths: Sequence[int]) -> tuple[str, str]:
    """Return where a box begins and where it ends: the column, and how many pixels in it."""
    left, place = 15 + _WIDE, column + 1
    while left >= (wide := widths[place] if place < len(widths) else _COLUMN):
        left -= wide
        place += 1
    return f"{column + 1}, 15", f"{place}, {left}"
