"""Names that are functions of the claim: claim ids, reject ids, temporary and local file names."""

from __future__ import annotations

import fnmatch
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from string import Formatter

from exchange.kernel.limits import NAME_LENGTH, REMOTE_NAME_BYTES

CLAIM_LENGTH = 12
_UNSAFE = re.compile(r"[^\w.+=@,()\[\] -]+")
PLACEHOLDERS = ("claim", "part", "date", "flow")
NUMBER = "number"
"""Placeholder of the business key, in the name of a file that holds one document."""
_MARK_BYTES = 60
_OVERDUE = "-held-"
_RETURNED = re.compile(r"(.+?)\.[0-9a-f]{12}\.rejects.*\.(?:csv|xlsx)", re.IGNORECASE)


def claim_id(flow: str, sha256: str, attempt: int) -> str:
    """Return the identity of one piece of work: 12 hexadecimal digits of hash(flow, sha256, attempt)."""
    return hashlib.sha256(f"{flow}\0{sha256}\0{attempt}".encode()).hexdigest()[:CLAIM_LENGTH]


def reject_id(claim: str, number: int) -> str:
    """Return the identity of the claim's n-th reject, counted from 1 in file order."""
    return f"{claim}-{number:04}"


def overdue_id(claim: str, position: int) -> str:
    """Return the identity of the reject of a document that is held for too long since this claim."""
    return f"{claim}{_OVERDUE}{position:04}"


def is_overdue(reject: str) -> bool:
    """Tell whether a reject is of a document that is held for too long, and stays held."""
    return _OVERDUE in reject


def is_row_rejects(name: str) -> bool:
    """Tell whether a file of rejects holds rows as they came, and not problems or a workbook."""
    return name.endswith(".rejects.csv")


def returned_name(name: str) -> str:
    """Return the name of the source whose rejects a file is that people got and send back; blank for another file.

    `day.csv.0123456789ab.rejects.xlsx` is one of `day.csv`, `day.csv.0123456789ab.rejects (2).xlsx` too.
    """
    found = _RETURNED.fullmatch(name)
    return found.group(1) if found else ""


def temporary_name(final: str, claim: str) -> str:
    """Return the name under which an artifact lies on its target until it is revealed."""
    return f".{final}.{claim}"


def safe_name(name: str) -> str:
    """Return a file name for local use that keeps what a person recognises of a partner's name.

    Path separators, control characters and anything else unusual become `_`; a leading dot and an overlong name
    are cut. Never empty.
    """
    cleaned = _UNSAFE.sub("_", unicodedata.normalize("NFC", name)).strip(" .")
    return cleaned.encode()[:NAME_LENGTH].decode(errors="ignore") or "file"


def artifact_name(
    pattern: str, *, claim: str, part: int, as_of: datetime, flow: str, marks: Mapping[str, str] | None = None
) -> str:
    """Fill a delivery's name pattern, for example `ORD_{claim}_{part:03}.xml`; nothing in it reads the clock.

    `marks`: placeholder -> text of a document. It is made safe, and cut where it is long; two texts can so become one.
    """
    safe = {name: _mark(text) for name, text in (marks or {}).items()}
    made = pattern.format(claim=claim, part=part, date=as_of.strftime("%Y%m%d"), flow=flow, **safe)
    return made if not safe or is_wanted(made) else f"_{made}_"


def _mark(text: str) -> str:
    cleaned = _UNSAFE.sub("_", unicodedata.normalize("NFC", text)).strip(" .")
    return cleaned.encode()[:_MARK_BYTES].decode(errors="ignore") or "none"


def placeholders(pattern: str) -> list[str]:
    """Return the placeholders of a name pattern; ValueError where it is none."""
    return [name for _, name, _, _ in Formatter().parse(pattern) if name is not None]


def placeholder(field: str) -> str:
    """Return the placeholder that stands for a document field in a name pattern: `ship_to_country`."""
    return field.replace(".", "_")


def told_apart(name: str, number: int) -> str:
    """Return the n-th name for files that would all be called `name`: `A_1.xml`, `A_1-2.xml`."""
    stem, dot, suffix = name.rpartition(".")
    if number == 1:
        return name
    return f"{stem}-{number}{dot}{suffix}" if stem else f"{name}-{number}"


def matching(names: Iterable[str], match: str) -> list[str]:
    """Return the names that match the pattern, without regard to case, never hidden or temporary ones."""
    return [name for name in names if is_wanted(name) and fnmatch.fnmatch(name.lower(), match.lower())]


def is_wanted(name: str) -> bool:
    """Tell whether a name is one that a finished file would have."""
    return not name.startswith((".", "~")) and not name.lower().endswith((".part", ".tmp", ".filepart", ".writing"))


def shown_name(raw: bytes) -> str:
    """Return a name as it can be printed: what is no UTF-8 or not printable is written as escapes."""
    text = raw.decode("utf-8", "backslashreplace")
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


def why_refused(raw: bytes) -> str:
    """Say why a name that a partner's server tells may not be joined to a path there; empty where it may be."""
    if not raw or raw in {b".", b".."} or b"/" in raw or b"\\" in raw:
        return "it is no name of a file in this folder but a path"
    if len(raw) > REMOTE_NAME_BYTES:
        return f"it is longer than {REMOTE_NAME_BYTES} bytes"
    if any(unicodedata.category(letter) == "Cc" for letter in raw.decode("utf-8", "replace")):
        return "it holds control characters"
    return ""


def in_the_way(name: str, stamp: str, number: int) -> str:
    """Return the name under which an older file makes room: `day.20260102T030405.csv`, `day.20260102T030405-2.csv`."""
    stem, dot, suffix = name.rpartition(".")
    made = stamp if number == 1 else f"{stamp}-{number}"
    return f"{stem}.{made}{dot}{suffix}" if stem else f"{name}.{made}"


def final_names(name: str, claim: str, exists: str) -> tuple[str, ...]:
    """Return the names an artifact may get: its own, and with `exists: unique` one that holds the claim besides."""
    return (name, in_the_way(name, claim, 1)) if exists == "unique" else (name,)
