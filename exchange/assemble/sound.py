"""Refuses to run a flow whose files `exchange check` refuses; looked at once after each edit, not at each run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from exchange.assemble.deeper import DEEPER
from exchange.assemble.sources import files_of_format, tables_of
from exchange.config.endpoint_references import endpoint_mistakes
from exchange.config.extending import bases
from exchange.config.inspection import inspect
from exchange.config.loader import load
from exchange.config.modelines import FOLDER as EDITOR_SCHEMAS
from exchange.config.models import Flow, Mapping
from exchange.config.workspace import (
    FLOWS,
    SETTINGS,
    mapping_file,
    read_settings,
    schema_file,
    table_file,
)
from exchange.kernel.atomic import make_folder
from exchange.kernel.errors import ConfigurationError, Mistake
from exchange.kernel.load import load as load_row

MARK = "data/state/checked"
"""Holds the hash of the configuration that was found without a mistake."""


def ensure_sound(root: Path, flow: Flow) -> None:
    """Raise ConfigurationError with the mistakes in the files that a flow depends on; others do not stop it."""
    digest = digest_of(root)
    mark = root / MARK
    if mark.is_file() and mark.read_text(encoding="ascii") == digest:
        return
    found = inspect(root, [load_row(row) for row in DEEPER]).errors
    own, elsewhere = set(_files_of(root, flow)), set(_other_partners(root, flow))
    mine = [m for m in found if m.file in own and m not in elsewhere and (not m.via or m.via in own)]
    if mine:
        raise ConfigurationError(mine)
    if not found:
        _write(mark, digest)


def digest_of(root: Path) -> str:
    """Return what the configuration comes to as it is now; taken before it is looked at."""
    digest = hashlib.sha256()
    for folder in ("mappings", "templates"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and not path.is_relative_to(root / EDITOR_SCHEMAS):
                content = path.read_bytes()
                digest.update(f"{path.relative_to(root)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _other_partners(root: Path, flow: Flow) -> Iterator[Mistake]:
    """Yield the mistakes of endpoints that the flow does not use: one partner's trouble never stops another."""
    used = {*(pick_up.from_ for pick_up in flow.pick_up), *(delivery.to for delivery in flow.deliver)}
    for found in endpoint_mistakes(root, read_settings(root)):
        if found.endpoint not in used:
            yield found.mistake


def mark_sound(root: Path, digest: str) -> None:
    """Remember that this configuration has no mistakes, so that the next run need not look again."""
    with suppress(OSError):  # a hint only: who may read the workspace may check it
        _write(root / MARK, digest)


def _write(mark: Path, digest: str) -> None:
    # A torn or lost one costs another look, so it is not synced.
    make_folder(mark.parent)
    mark.write_text(digest, encoding="ascii")


def _files_of(root: Path, flow: Flow) -> Iterator[str]:
    yield SETTINGS
    yield f"{FLOWS}/{flow.flow}.yaml"
    yield from (table_file(table) for table in (flow.only.tables() if flow.only else ()))
    for name in {*(pick_up.mapping for pick_up in flow.pick_up), *(delivery.mapping for delivery in flow.deliver)}:
        yield mapping_file(name)
        yield from bases(root, name)
        mapping = load(root, mapping_file(name), Mapping).value
        if mapping is None:
            continue
        if mapping.schema_:
            yield schema_file(mapping.schema_)
        yield from files_of_format(mapping)
        yield from (table_file(table) for table in tables_of(mapping))
