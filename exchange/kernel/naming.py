"""Names that are functions of the claim: claim ids, reject ids, temporary and local file names."""

from __future__ import annotations

import fnmatch
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from exchange.kernel.limits import NAME_LENGTH

CLAIM_LENGTH = 12
_UNSAFE = re.compile(r"[^\w.+=@,()\[\] -]+")
PLACEHOLDERS = ("claim", "part", "date", "flow")


def claim_id(flow: str, sha256: str, attempt: int) -> str:
    """Return the identity of one piece of work: 12 hexadecimal digits of hash(flow, sha256, attempt)."""
    return hashlib.sha256(f"{flow}\0{sha256}\0{attempt}".encode()).hexdigest()[:CLAIM_LENGTH]


def reject_id(claim: str, number: int) -> str:
    """Return the identity of the claim's n-th reject, counted from 1 in file order."""
    return f"{claim}-{number:04}"


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


def artifact_name(pattern: str, *, claim: str, part: int, as_of: datetime, flow: str) -> str:
    """Fill a delivery's name pattern, for example `ORD_{claim}_{part:03}.xml`; nothing in it reads the clock."""
    return pattern.format(claim=claim, part=part, date=as_of.strftime("%Y%m%d"), flow=flow)


def matching(names: Iterable[str], match: str) -> list[str]:
    """Return the names that match the pattern, without regard to case, never hidden or temporary ones."""
    return [name for name in names if is_wanted(name) and fnmatch.fnmatch(name.lower(), match.lower())]


def is_wanted(name: str) -> bool:
    """Tell whether a name is one that a finished file would have."""
    return not name.startswith((".", "~")) and not name.lower().endswith((".part", ".tmp", ".filepart", ".writing"))
