"""Writes values as the YAML that a person would write: on one line, in quotes only where YAML would misread them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

WIDTH = 120
_PLAIN = re.compile(r"[A-Za-z_ÄÖÜäöüßéèà/](?:[\w .()/@-]*[\w()./@])?")
_DURATION = re.compile(r"[0-9]+(ms|s|m|h|d)")
_OTHER = {"true", "false", "yes", "no", "on", "off", "null", "y", "n", "none"}
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def flow(value: Any) -> str:
    """Return a value as flow YAML: a scalar, a list or a mapping."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(name)}: {flow(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return scalar(str(value))


def scalar(text: str) -> str:
    """Return a text as a scalar that is read back as the same text."""
    if _DURATION.fullmatch(text) or (_PLAIN.fullmatch(text) and text.casefold() not in _OTHER):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def comment(text: str) -> str:
    """Return a text as it can stand in a comment: on one line, without characters that cannot be seen."""
    return _UNSEEN.sub(" ", text).strip()


def commented(line: str, told: str) -> list[str]:
    """Return a line with its comment behind it, or above it where both are too long."""
    indent = line[: len(line) - len(line.lstrip())]
    whole = f"{line}  # {comment(told)}"
    return [whole] if len(whole) <= WIDTH else [*_wrapped(told, indent), line]


def _wrapped(told: str, indent: str) -> list[str]:
    made = [f"{indent}#"]
    for word in comment(told).split():
        if len(made[-1]) + len(word) + 1 > WIDTH:
            made.append(f"{indent}#  ")
        made[-1] += f" {word}"
    return made


def note(told: str, indent: str = "") -> list[str]:
    """Return a comment of its own."""
    return _wrapped(told, indent)
