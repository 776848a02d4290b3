"""Refuses to run a flow whose files `exchange check` refuses; asked after each edit (`checked`), not at each run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from exchange.assemble.checked import digest_of, mark_sound
from exchange.assemble.deeper import DEEPER
from exchange.assemble.sources import files_of_format, tables_of
from exchange.config.endpoint_references import endpoint_mistakes
from exchange.config.extending import bases
from exchange.config.inspection import inspect
from exchange.config.loader import load
from exchange.config.locating import FLOWS, SETTINGS
from exchange.config.models import Flow, Mapping
from exchange.config.workspace import mapping_file, read_settings, schema_file, table_file
from exchange.kernel.errors import ConfigurationError, Mistake
from exchange.kernel.load import load as load_row


def ensure_sound(root: Path, flow: Flow) -> None:
    """Raise ConfigurationError with the mistakes in the files that a flow depends on; others do not stop it."""
    digest = digest_of(root)
    found = inspect(root, [load_row(row) for row in DEEPER]).errors
    own, elsewhere = set(_files_of(root, flow)), set(_other_partners(root, flow))
    mine = [m for m in found if m.file in own and m not in elsewhere and (not m.via or m.via in own)]
    if mine:
        raise ConfigurationError(mine)
    if not found:
        mark_sound(root, digest)


def _other_partners(root: Path, flow: Flow) -> Iterator[Mistake]:
    """Yield the mistakes of endpoints that the flow does not use: one partner's trouble never stops another."""
    used = {*(pick_up.from_ for pick_up in flow.pick_up), *(delivery.to for delivery in flow.deliver)}
    for found in endpoint_mistakes(root, read_settings(root)):
        if found.endpoint not in used:
            yield found.mistake


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
