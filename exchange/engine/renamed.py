"""Recognises a reject workbook that was saved under another name, so that it does not lie there without a word."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from exchange.kernel.endpoint import RefusedName
from exchange.kernel.errors import ExchangeError
from exchange.kernel.model import SourceFile
from exchange.kernel.returned import META, REJECTS

BOOK_BYTES = 32 * 1024 * 1024
"""A longer workbook is not opened for this."""
_ENDING, _SHEETS, _SHEETS_BYTES = ".xlsx", "xl/workbook.xml", 1024 * 1024
WHY = (
    "it is a workbook of rejects under a name that no pick-up takes: give it back its name (... .rejects.xlsx), or run "
    "`exchange rejects import FILE`"
)


def renamed_books(
    files: Iterable[SourceFile], read: Callable[[SourceFile, int], bytes | None]
) -> Iterator[RefusedName]:
    """Yield the reject workbooks among files that nobody takes; `read`: (file, most bytes) -> its content."""
    for source in files:
        if not source.name.lower().endswith(_ENDING) or source.size > BOOK_BYTES:
            continue
        try:
            content = read(source, BOOK_BYTES)
        except ExchangeError:
            continue  # it grows, or cannot be read: the next look tells
        if content is not None and is_reject_book(content):
            yield RefusedName(source.shown, WHY)


def is_reject_book(content: bytes) -> bool:
    """Tell whether a file is a workbook with the sheets of ours."""
    try:
        with ZipFile(BytesIO(content)) as archive, archive.open(_SHEETS) as part:
            sheets = part.read(_SHEETS_BYTES)
    except (BadZipFile, KeyError, OSError, EOFError, RuntimeError, ValueError, zlib.error):
        return False
    return all(f'name="{name}"'.encode() in sheets for name in (REJECTS, META))
