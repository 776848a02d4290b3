"""The check of `exchange check` that hands a mapping's table schema to pandera."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from exchange.checks.declared import refusal
from exchange.checks.table import TableCheck, schema_mistakes
from exchange.config.models import Mapping
from exchange.config.workspace import load_schema, schema_file, schema_names
from exchange.kernel.errors import Mistake


def declares(root: Path, name: str, mapping: Mapping) -> Iterator[Mistake]:
    """Yield what keeps the table schema of a mapping from being one that pandera can validate frames with."""
    del name
    if mapping.schema_ is None or mapping.schema_ not in schema_names(root):
        return  # the check of references names it
    schema = load_schema(root, mapping.schema_)
    if schema_mistakes(schema):
        return  # told where they stand
    check = TableCheck(schema)
    for why in map(refusal, (check.every, check.first)):
        if why is not None:
            what = f"pandera refuses it: {why}"
            yield Mistake(schema_file(mapping.schema_), 0, 0, what, "simplify its constraints", "SCHEMA_REFUSED")
