"""The shape of what is known about a problem code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scope = Literal["record", "document", "file"]
Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known about one problem code, independent of where it occurred."""

    code: str
    scope: Scope
    title: str
    message: str
    remedy: str
    severity: Severity = "error"
    why: str = ""
    """More for `exchange explain`: why the product refuses this."""
