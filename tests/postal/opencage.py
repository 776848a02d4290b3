"""The addresses of the OpenCage collection: parts and the lines that they make, from all over the world."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from ruamel.yaml import YAML

from tests.samples.shared import shared

FOLDER = shared("address") / "opencage" / "testcases" / "countries"
needs_opencage = pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared collection of addresses is not here")


@cache
def cases() -> tuple[tuple[dict[str, str], tuple[str, ...]], ...]:
    """Return (parts, lines) of the addresses of every third country; `country_code` is in capitals."""
    return tuple(_read())


def _read() -> Iterator[tuple[dict[str, str], tuple[str, ...]]]:
    for path in sorted(FOLDER.glob("*.yaml"))[::3]:
        for case in YAML(typ="safe", pure=False).load_all(path.read_text(encoding="utf-8")):
            if case:
                parts = {name: str(text) for name, text in case["components"].items()}
                yield (
                    {**parts, "country_code": parts.get("country_code", "").upper()},
                    tuple(case["expected"].splitlines()),
                )
