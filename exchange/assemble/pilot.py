"""Reads what `only:` of a flow lets through: the lists it writes and the tables it names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from exchange.config.models import Flow
from exchange.config.only import KEYS, Listed
from exchange.config.suggest import suggest
from exchange.config.tables import load_tables
from exchange.kernel.errors import ConfigurationError
from exchange.rules.only import Pilot


def load_pilot(root: Path, flow: Flow, pick_up: int) -> Pilot | None:
    """Return what a flow lets through of one pick-up's files, None where it has no `only:`.

    Raises ConfigurationError where a table or its column is not there.
    """
    if flow.only is None:
        return None
    tables = load_tables(root, list(flow.only.tables()))
    found: dict[str, Any] = {}
    for key in KEYS:
        written = getattr(flow.only, key)
        if isinstance(written, Listed):
            columns = tables[written.table].columns
            if written.column not in columns:
                known = suggest(written.column, columns)
                where = f"mappings/flows/{flow.flow}.yaml: only.{key}"
                raise ConfigurationError(f"{where}: {written.file} has no column {written.column!r}; {known}")
            written = [value for value in tables[written.table].rows[written.column].to_pylist() if value is not None]
        if written is not None:
            found[key] = tuple(dict.fromkeys(_plain(key, value) for value in written))
    chosen = flow.pick_up[pick_up]
    return Pilot(**found, channel=chosen.channel or chosen.from_)


def _plain(key: str, value: str) -> str:
    return value.strip().lower() if key == "customers" else value.strip()
