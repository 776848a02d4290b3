"""Recognises a reject workbook that was saved under another name, so that it does not lie there without a word."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from io import BytesIO

from exchange.kernel.endpoint import RefusedName
from exchange.kernel.errors import ExchangeError
from exchange.kernel.load import load
from exchange.kernel.model import SourceFile

_IS_BOOK = "exchange.kernel.reject_workbook:is_reject_book"
ROWS = (_IS_BOOK,)
"""Loaded when a workbook lies there."""
BOOK_BYTES = 32 * 1024 * 1024
"""A longer workbook is not opened for this."""
_ENDING = ".xlsx"
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
        if content is not None and load(_IS_BOOK)(BytesIO(content)):
            yield RefusedName(source.shown, WHY)
