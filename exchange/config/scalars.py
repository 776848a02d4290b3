"""Alone decides what an unquoted YAML scalar is: text, a value a model may take, or something YAML would change."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_INTEGER = re.compile(r"-?(0|[1-9]\d{0,17})")
_DECIMAL = re.compile(r"-?(0|[1-9]\d{0,17})\.\d{1,18}")
NOTHING = "nothing"
"""What YAML makes of `null` and `~`."""
_QUOTED = re.compile(r'put quotes around it: (".*")')
_BOOLEANS = {"true": True, "false": False}
_CHANGED = (
    ("a number", re.compile(r"[-+]?(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)([eE][-+]?\d+)?")),
    ("a number", re.compile(r"[-+]?0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+")),
    ("a number", re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")),
    ("a number of seconds", re.compile(r"[-+]?\d+(:[0-5]?\d)+(\.\d*)?")),
    ("a date", re.compile(r"\d{4}-\d\d?-\d\d?([Tt ].*)?")),
    ("true or false", re.compile(r"(?i:true|false|yes|no|on|off)")),
    (NOTHING, re.compile(r"(?i:null)|~")),
)
"""How YAML 1.1 or 1.2 reads plain text; programs differ in the version they follow, so both count."""


@dataclass(frozen=True, slots=True)
class Unquoted:
    """A plain scalar that YAML programs read as something else than its text; no model takes it."""

    text: str
    kind: str
    """What YAML makes of it, for example `a number`."""

    def __str__(self) -> str:
        return self.text

    @property
    def instead(self) -> str:
        """What to type where the text is meant."""
        return quote_advice(self.text)


def quote_advice(text: str) -> str:
    """Return the advice to put quotes around `text`, with the result."""
    return f'put quotes around it: "{text}"'


def read_plain(text: str) -> object:
    """Return the value of an unquoted scalar: text, int, Decimal, bool, None where nothing stands, or `Unquoted`."""
    if not text:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text) and text != "-0":
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    for kind, pattern in _CHANGED:
        if pattern.fullmatch(text):
            return Unquoted(text, kind)
    return text


def kind_of(value: object) -> str | None:
    """Return what YAML makes of a value that was read from an unquoted scalar; None where it is plain text."""
    if isinstance(value, Unquoted):
        return value.kind
    if isinstance(value, bool):
        return "true or false"
    return "a number" if isinstance(value, int | Decimal) else None


def quoted(advice: str) -> str:
    """Return the result that the advice to put quotes around a text shows; blank for any other advice."""
    found = _QUOTED.fullmatch(advice)
    return found[1] if found else ""
