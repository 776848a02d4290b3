"""Loads what addresses are written with in other languages; the words are data, in the YAML files beside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from exchange.kernel.packaged import packaged_yaml

FOLDER = Path(__file__).parent


@cache
def wordlist(name: str) -> Any:
    """Return the content of `<name>.yaml`, read once."""
    return packaged_yaml(FOLDER / f"{name}.yaml")
