"""Text columns made fit for XML: characters that are escaped, and characters that can not be written at all."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.kernel.chunk import CellFailure, Ints, Mask, cells_of

# The order matters: `&` first. The spellings are those of Jinja2's autoescape. A carriage return would come out of
# an XML parser as a line feed, so it is written as a reference.
_ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&#34;"), ("'", "&#39;"), ("\r", "&#13;"))
_SPECIAL = "[&<>\"'\r]"
_ILLEGAL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{FFFE}\x{FFFF}]"
_TAG = re.compile(r"<[^/!?<>](?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*>")
_TAB, _FEED = b"\t\n"
_ATTRIBUTE = re.compile(r"\"[^\"]*\"|'[^']*'")
_ILLEGAL_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def escaped(column: pa.Array) -> pa.Array:
    """Return the text column with XML's special characters escaped; nulls stay null."""
    special = pc.fill_null(pc.match_substring_regex(column, _SPECIAL), fill_value=False)
    if not pc.any(special, min_count=0).as_py():
        return column
    cells = column.filter(special)
    for character, reference in _ESCAPES:
        cells = pc.replace_substring(cells, character, reference)
    return pc.replace_with_mask(column, special, cells)


def with_returns(column: pa.Array) -> bool:
    """Tell whether any cell holds a carriage return."""
    return bool(pc.any(pc.match_substring(column, "\r"), min_count=0).as_py())


def with_breaks(column: pa.Array) -> Mask:
    """Return the rows that hold a tab or a line feed."""
    offsets, data = cells_of(column)
    here = data[offsets[0] : offsets[-1]]
    if not ((here == _TAB) | (here == _FEED)).any():  # most columns: looking into each cell takes ten times as long
        return np.zeros(len(column), np.bool_)
    found: Mask = pc.fill_null(pc.match_substring_regex(column, "[\t\n]"), fill_value=False).to_numpy(
        zero_copy_only=False
    )
    return found


def attributes_kept(texts: pa.Array, rows: Mask) -> pa.Array:
    """Return records as they are rendered, in the given rows with references for tabs and line feeds in attributes.

    An XML parser makes a blank of each one that stands there as it is. In the text of an element they stay.
    """
    if not rows.any():
        return texts
    made = [_TAG.sub(_referred, text) for text in texts.filter(pa.array(rows)).to_pylist()]
    return pc.replace_with_mask(texts, pa.array(rows), pa.array(made, texts.type))


def _referred(tag: re.Match[str]) -> str:
    return _ATTRIBUTE.sub(lambda value: value[0].replace("\t", "&#9;").replace("\n", "&#10;"), tag[0])


def illegal(name: str, column: pa.Array, owner: Ints | None, target: str) -> list[CellFailure]:
    """Return a failure for each cell with a character XML forbids; `owner` maps its rows to header rows."""
    found = pc.fill_null(pc.match_substring_regex(column, _ILLEGAL), fill_value=False)
    if not pc.any(found, min_count=0).as_py():
        return []
    failures = []
    for row in np.flatnonzero(found.to_numpy(zero_copy_only=False)).tolist():
        value = column[row].as_py()
        first = _ILLEGAL_CHARACTER.search(value)
        shown = f"U+{ord(first[0]):04X}" if first else ""
        at = row if owner is None else int(owner[row])
        failures.append(CellFailure(at, name, None, value, "ILLEGAL_CHARACTER", {"character": shown, "target": target}))
    return failures
