"""The one place that turns a "module:name" row into the thing it names, when it is first needed."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def load(row: str) -> Any:
    """Import and return the object that `row` names, for example `exchange.cli.check:check`."""
    module, _, name = row.partition(":")
    return getattr(import_module(module), name)
