"""`exchange show MAPPING --resolved`: the mapping as it holds after `extends`, and where each key comes from."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from exchange.cli.context import Refused, print_json
from exchange.config.loader import load
from exchange.config.models import Mapping
from exchange.config.resolved import resolved
from exchange.config.suggest import suggest
from exchange.config.workspace import mapping_file, mapping_names
from exchange.kernel.exits import Exit

_WIDEST = 90


def show_resolved(root: Path, name: str, *, as_json: bool) -> Exit:
    """Print each key with the file and line it comes from; it can be pasted, as the places are comments."""
    if name not in mapping_names(root):
        raise Refused(f"there is no mapping {name!r}; {suggest(name, mapping_names(root))}")
    loaded = load(root, mapping_file(name), Mapping)
    keys = list(resolved(loaded))
    width = min(_WIDEST, max((len(key.text) for key in keys), default=0))
    for key in keys:
        if not as_json:
            click.echo(f"{key.text.ljust(width)}  # {key.file}:{key.line}")
        elif not key.holds:
            print_json({"key": list(key.path), "value": key.value, "file": key.file, "line": key.line})
    for mistake in loaded.mistakes:
        click.echo(str(mistake), err=True)
    return Exit.CONFIGURATION if loaded.mistakes else Exit.FINE
