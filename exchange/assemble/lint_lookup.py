"""The check of `exchange check` for look-ups whose key stands on several lines that agree: it may not be meant."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow.compute as pc

from exchange.assemble.lint_ways import arguments, steps_of
from exchange.config.files import Files
from exchange.config.tables import load_table
from exchange.kernel.errors import Mistake
from exchange.mapping.crosswalk import joined, shown_key


def repeated(files: Files) -> Iterator[Mistake]:
    """Yield the look-ups of all mappings whose key is not unique in its table; lines that disagree are an error."""
    for loaded in files.mappings.values():
        for path, calls in steps_of(loaded.value) if loaded.value else ():
            for number, call in enumerate(calls):
                if call.name != "lookup":
                    continue
                said = arguments(call)
                key = said.get("key")
                names = (key,) if isinstance(key, str) else tuple(key) if isinstance(key, list) else ()
                if twice := _twice(files.root, str(said.get("table")), names):
                    what = f"table {said['table']} has {twice} in {', '.join(names)} on several lines"
                    instead = "remove the lines that say the same, or add the column that tells them apart to `key`"
                    yield loaded.mistake(
                        (*path, number, "lookup", "key"), what, instead, key=False, code="LOOKUP_REPEATED"
                    )


def _twice(root: Path, name: str, key: tuple[str, ...]) -> str:
    """Return the first key that stands on several lines; blank where none does or the table cannot be asked."""
    table = load_table(root, name)[0]
    if table is None or not key or not set(key) <= set(table.columns):
        return ""
    cells = joined([table.rows[column] for column in key])
    counted = pc.value_counts(cells.filter(cells.is_valid()))
    often = counted.field("values").filter(pc.greater(counted.field("counts"), 1))
    return shown_key(often[0].as_py()) if len(often) else ""
