"""Alone lists a mapping key by key as it holds after `extends`, each with the file and line it comes from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from exchange.config.loader import Loaded
from exchange.config.models import Mapping
from exchange.config.scalars import Unquoted, read_plain
from exchange.config.yamltext import Elsewhere, Path

_PLAIN = re.compile(r"[A-Za-z_][\w./ -]*(?<! )")


@dataclass(frozen=True, slots=True)
class Resolved:
    """One key."""

    path: tuple[str, ...]
    value: Any
    """What stands there; None for a key that others stand below."""
    holds: bool
    """Whether other keys stand below it."""
    file: str
    line: int

    @property
    def text(self) -> str:
        """The key as a line of YAML."""
        key = f"{'  ' * (len(self.path) - 1)}{as_yaml(self.path[-1])}:"
        return key if self.holds else f"{key} {as_yaml(self.value)}"


def resolved(loaded: Loaded[Mapping]) -> Iterator[Resolved]:
    """Yield every key of a mapping in the order in which it counts; none where its text is no YAML."""
    if isinstance(loaded.parsed.data, dict):
        yield from _keys(loaded, loaded.parsed.data, ())


def as_yaml(value: object) -> str:
    """Return plain data as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{as_yaml(key)}: {as_yaml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_yaml, value)) + "]"
    return _scalar(value)


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return (
            value if _PLAIN.fullmatch(value) and read_plain(value) == value else json.dumps(value, ensure_ascii=False)
        )
    if isinstance(value, bool) or value is None:
        return "null" if value is None else str(value).lower()
    return value.text if isinstance(value, Unquoted) else str(value)


def _keys(loaded: Loaded[Mapping], data: dict[str, Any], path: Path) -> Iterator[Resolved]:
    for key, value in data.items():
        at = (*path, key)
        place = loaded.parsed.place(at, key=True)
        file = place.file if isinstance(place, Elsewhere) else loaded.file
        holds = isinstance(value, dict) and bool(value)
        yield Resolved(tuple(map(str, at)), None if holds else value, holds, file, place[0])
        if holds:
            yield from _keys(loaded, value, at)
