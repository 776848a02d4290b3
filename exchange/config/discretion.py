"""Alone tells which lines of YAML may hold a secret, and takes out of a message what it repeats of such a line."""

from __future__ import annotations

import re
from collections.abc import Sequence

SECRET = re.compile(r"""(?i)(?P<key>[\w-]*(?:pas|pwd|secret|token|key|cred)[\w-]*["']?\s*:)(?P<value>.*)""")
"""Wider than what is told as a secret: a misspelt `pasword` holds one too."""
_MAYBE = re.compile(r"(?i)(pas|pwd|secret|token|key|cred)|://[^\s/:@]*:[^\s/@]+@|PRIVATE KEY")
"""Wider still: where the text is no YAML, a colon may be missing."""
_REPEATED = re.compile(r"`[^`]{3,}`|'[^']+'")


def may_hold_secret(lines: Sequence[str], number: int) -> bool:
    """Tell whether a line, or one that it stands below of, has a word in it that keys of secrets have."""
    depth = None
    for line in reversed(lines[: number + 1]):
        indent = len(line) - len(line.lstrip())
        if not line.strip() or (depth is not None and indent >= depth):
            continue
        if _MAYBE.search(line):
            return True
        if not indent:
            return False
        depth = indent
    return False


def without_text(message: str) -> str:
    """Return what is wrong without what it repeats of the line."""
    return _REPEATED.sub("this", message)


def without_example(advice: str) -> str:
    """Return advice without the text that it shows."""
    general = re.split(r"[\"'`]", advice, maxsplit=1)[0].rstrip(" :")
    return "correct the line" if general == "write" else general
