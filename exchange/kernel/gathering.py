"""Puts small pieces of a file together, because to write and hash them one by one costs more than to make them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import AnyStr


def gathered(pieces: Iterable[AnyStr], empty: AnyStr, least: int) -> Iterator[AnyStr]:
    """Yield the pieces joined to blocks of at least so many bytes or characters; the last block may be shorter.

    There is always one, be it `empty`.
    """
    waiting: list[AnyStr] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= least:
            yield empty.join(waiting)
            waiting.clear()
            size = 0
    yield empty.join(waiting)
