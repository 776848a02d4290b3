"""Loads what addresses are written with in other languages; the words are data, in the YAML files beside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FOLDER = Path(__file__).parent


@cache
def wordlist(name: str) -> Any:
    """Return the content of `<name>.yaml`, read once."""
    return YAML(typ="safe").load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
