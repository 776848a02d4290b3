"""Rows of text cells as the XML of a sheet, made by joining: less than a microsecond a cell.

What each cell of a column begins with is put together once; a row is one join. Format: ECMA-376 part 1, 18.3.1.73
(row), 18.3.1.4 (cell), 18.3.1.53 (inline string), 22.4.2.4 (characters that XML lacks, as `_x000D_`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name

_ODD = re.compile("[\x00-\x08\x0b-\x1f&<>\ufffe\uffff]")
_UNSPELT = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_SPELT = re.compile("_(?=x[0-9A-Fa-f]+_)")
"""Four digits it is by the book; LibreOffice takes fewer."""
_TEXT, _SPACED = '" t="inlineStr"><is><t>', '" t="inlineStr"><is><t xml:space="preserve">'
_END = "</t></is></c>"


def is_odd(text: str) -> bool:
    """Tell whether something may not stand in a cell as it is, or may mean something else there."""
    return "_x" in text or _ODD.search(text) is not None


def escaped(text: str) -> str:
    """Return a text as it stands in a cell or a comment; what looks like the spelling of a character stays as it is."""
    if not is_odd(text):
        return text
    text = _SPELT.sub("_x005F_", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _UNSPELT.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


@dataclass(frozen=True, slots=True)
class TextRows:
    """Makes the rows of one sheet; the texts of cells are `escaped` by the caller, who knows which need it."""

    begins: tuple[str, ...]
    """What the cell of each column begins with, its column's letters last."""
    styles: Mapping[tuple[bool, bool], str]
    """(bad, begins a document) -> number of the style."""

    @classmethod
    def of(cls, columns: int, styles: Mapping[tuple[bool, bool], str]) -> TextRows:
        """Return what makes rows of so many columns."""
        return cls(tuple(f'<c r="{xl_col_to_name(column)}' for column in range(columns)), styles)

    def row(
        self, number: int, cells: Sequence[str], bad: Collection[int] = (), *, first: bool = False, spaced: bool = True
    ) -> str:
        """Return row `number` (1-based); blank cells of a first row have its style too.

        `bad`: columns of bad cells. `spaced`: whether a cell may begin or end with a blank; said where it matters
        alone, for with it in each cell a million rows do not fit into an archive.
        """
        style = f'{number}" s="{self.styles[False, first]}'
        kind = _SPACED if spaced else _TEXT
        text, blank = style + kind, style + '"/>'
        pairs = zip(self.begins, cells, strict=False)
        if first:
            made = [f"{begin}{text}{cell}{_END}" if cell else begin + blank for begin, cell in pairs]
        else:
            made = [f"{begin}{text}{cell}{_END}" if cell else "" for begin, cell in pairs]
        for column in bad:
            style = f'{self.begins[column]}{number}" s="{self.styles[True, first]}'
            made[column] = f"{style}{kind}{cells[column]}{_END}" if cells[column] else f'{style}"/>'
        return f'<row r="{number}">{"".join(made)}</row>'
