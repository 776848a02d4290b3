"""Recognises a workbook of rejects by what its sheets say, whatever it is called and whoever saved it."""

from __future__ import annotations

import struct
import zlib
from itertools import islice
from lzma import LZMAError
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile

from exchange.kernel.layout import REJECT_COLUMNS

_LOOKED_AT = 1024 * 1024
"""Bytes of each member among which the header is looked for."""
_MEMBERS = 100
"""Most members that are looked at."""
_TEXTS = ("xl/worksheets/", "xl/sharedStrings")
_DAMAGE = (BadZipFile, KeyError, OSError, EOFError, RuntimeError, ValueError, zlib.error, LZMAError, struct.error)


def is_reject_book(file: Path | IO[bytes]) -> bool:
    """Tell whether a file is a workbook that says `_reject_id` near the top of a sheet.

    Ours does, and so does that of a CSV file of rejects which a person saved as a workbook: there the sheet has another
    name. A damaged file is none.
    """
    try:
        with ZipFile(file) as archive:
            texts = (name for name in archive.namelist() if name.startswith(_TEXTS))
            return any(_says_so(archive, name) for name in islice(texts, _MEMBERS))
    except _DAMAGE:
        return False


def _says_so(archive: ZipFile, name: str) -> bool:
    with archive.open(name) as member:
        return REJECT_COLUMNS[0].encode() in member.read(_LOOKED_AT)
