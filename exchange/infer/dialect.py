"""Suggests how a delimited text is written: delimiter, quotes, where its header is and what stands around its rows."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

from exchange.infer.heading import doubts
from exchange.kernel.plural import many

_DELIMITERS = (",", ";", "\t", "|", "||", "~", "^")
_NAMED = {"\t": "a tab"}
_EXCEL = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_COMMENTS = ("#", ";", "//")
_ROWS = 500
"""Rows that are looked at."""
_FOOTER = 5

Rows = list[list[str]]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text is most probably written."""

    keys: dict[str, object]
    """Keys of `format:` beside the encoding."""
    reasons: tuple[str, ...]
    """Why, a sentence each."""
    warnings: tuple[str, ...] = ()
    """What a person has to look at before anything works."""


def suggest_dialect(text: str, *, whole: bool) -> Dialect | None:
    """Return the dialect of the front of a file, None where it has no columns; `whole`: nothing comes behind it."""
    lines = text.splitlines()
    excel = _EXCEL.fullmatch(lines[0]) if lines else None
    body = text.split("\n", 1)[-1] if excel else text
    found = _delimiter(body, excel[1] if excel else None)
    if found is None:
        return None
    delimiter, quoted, rows = found
    width = Counter(map(len, rows)).most_common(1)[0][0]
    keys: dict[str, object] = {"delimiter": delimiter}
    shown = _NAMED.get(delimiter, f'"{delimiter}"')
    fitting = sum(len(row) == width for row in rows)
    reasons = [f"delimiter: {shown} gives {many(width, 'column')} in {fitting} of the first {many(len(rows), 'row')}"]
    if not quoted:
        keys["quote"] = "none"
        reasons.append("quote: quotes stand inside of cells and mean nothing")
    at = _header(rows, width)
    _around(rows, at, width, keys, reasons)
    if whole:
        _footer(rows, width, keys, reasons)
    return Dialect(keys, tuple(reasons), tuple(doubts(rows[at])))


def _delimiter(text: str, excel: str | None) -> tuple[str, bool, Rows] | None:
    """Return the delimiter, whether quotes mean something, and the rows; the most regular reading wins."""
    found: list[tuple[float, int, str, bool, Rows]] = []
    for delimiter in (excel,) if excel else _DELIMITERS:
        rows = _rows(text, delimiter)
        quoted = bool(rows) or '"' not in text
        rows = rows or [line.split(delimiter) for line in text.splitlines()[:_ROWS] if line]
        if not rows:
            continue
        [(width, times)] = Counter(map(len, rows)).most_common(1)
        if width > 1 and (times > 1 or len(rows) == 1):
            found.append((round(times / len(rows), 1), width, delimiter, quoted, rows))
    doubled = text.count("||") and text.count("||") * 2 == text.count("|")
    found = [each for each in found if each[2] != "|" or not doubled]
    if not found:
        return None
    _, _, delimiter, quoted, rows = max(found, key=lambda each: (each[0] * each[1], each[3]))
    return delimiter, quoted, rows


def _rows(text: str, delimiter: str) -> Rows:
    """Return the first rows of a text, none where its quotes break; the last may be cut."""
    if len(delimiter) > 1:
        return [[cell.strip('"') for cell in line.split(delimiter)] for line in text.splitlines()[:_ROWS] if line]
    rows: Rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            if row:
                rows.append(row)
            if len(rows) == _ROWS:
                break
    except csv.Error:
        return rows if len(rows) > _ROWS // 5 else []
    return rows


def _header(rows: Rows, width: int) -> int:
    """Return the first row that is as wide as the others and mostly filled."""
    for at, row in enumerate(rows[:50]):
        if len(row) == width and sum(bool(cell.strip()) for cell in row) * 3 >= width * 2:
            return at
    return 0


def _around(rows: Rows, at: int, width: int, keys: dict[str, object], reasons: list[str]) -> None:
    before = ["".join(row).strip() for row in rows[:at]]
    others = [*before, *("".join(row).strip() for row in rows[at + 1 :] if len(row) != width)]
    mark = next((mark for mark in _COMMENTS if any(line.startswith(mark) for line in others)), None)
    if mark is not None:
        keys["comment"] = mark
        reasons.append(f'comment: lines begin with "{mark}"')
        before = [line for line in before if not line.startswith(mark)]
    if any(before):
        names = [cell.strip() for cell in rows[at] if cell.strip()][:3]
        keys["header_has"] = names
        reasons.append(f"header_has: {many(at, 'line')} before the header")


def _footer(rows: Rows, width: int, keys: dict[str, object], reasons: list[str]) -> None:
    """Find last lines that are no rows: cut short, or with nothing but a first cell."""
    found: list[str] = []
    for row in reversed(rows[1:][-_FOOTER:] if len(rows) < _ROWS else []):
        alone = width > 2 and bool(row[0].strip()) and not any(cell.strip() for cell in row[1:])
        if not alone and len(row) == width:
            break
        found.append(row[0])
    if found and len(found) < _FOOTER:
        patterns = [re.sub(r"[0-9]+", "[0-9]+", re.escape(text[:30])) for text in reversed(found)]
        keys["footer"] = list(dict.fromkeys(patterns))
        reasons.append(f'footer: the last lines are no rows, as "{found[-1][:40]}"')
