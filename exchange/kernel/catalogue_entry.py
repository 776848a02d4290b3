"""The shape of what is known about a problem code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scope = Literal["record", "document", "file", "configuration"]
Severity = Literal["error", "warning", "note"]
"""note: of the configuration only; it is told on request."""


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


def of_workspace(
    code: str, title: str, message: str, remedy: str, severity: Severity = "error", why: str = ""
) -> Entry:
    """Return what is known about a code that `exchange check` finds in the files of a workspace."""
    return Entry(code, "configuration", title, message, remedy, severity, why)
