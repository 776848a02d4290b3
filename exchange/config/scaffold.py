"""Alone writes a starter workspace: from the installed wheel, or from the repository in a checkout."""

from __future__ import annotations

import json
import shutil
from importlib.resources import files
from pathlib import Path

from exchange.config.endpoints import LocalEndpoint
from exchange.config.locating import SETTINGS
from exchange.config.modelines import FOLDER
from exchange.config.workspace import load_flows

_PARTS = ("templates", "samples", "cron", "mappings")
"""Mappings come last: where they stand, the workspace is complete."""
_IGNORED = "data/\n"
_EDITOR: dict[str, dict[str, object]] = {
    "settings.json": {
        "yaml.schemas": {
            f"{FOLDER}/{name}.json": [f"/{pattern}" for pattern in patterns]
            for name, patterns in (
                ("exchange", ["mappings/exchange.yaml"]),
                ("flow", ["mappings/flows/!(*_test).yaml"]),
                ("flow_cases", ["mappings/flows/*_test.yaml"]),
                ("schema", ["mappings/schemas/*.yaml"]),
                ("mapping", ["mappings/!(flows|schemas|tables)/**/!(*_test).yaml"]),
                ("cases", ["mappings/!(flows|schemas|tables)/**/*_test.yaml"]),
            )
        },
        "yaml.schemaStore.enable": False,
        "[yaml]": {"editor.insertSpaces": True, "editor.tabSize": 2},
    },
    "extensions.json": {"recommendations": ["redhat.vscode-yaml"]},
}
"""What an editor is told of the workspace; a modeline in a file says more exactly which schema is its own."""
_UNFINISHED = ".exchange-init"


def starter() -> Path:
    """Return the folder that holds the starter's parts; raises FileNotFoundError where the installation lacks it."""
    package = Path(str(files("exchange")))
    for folder in (package / "starter", package.parent):
        if (folder / SETTINGS).is_file():
            return folder
    raise FileNotFoundError(f"the starter workspace is neither in {package / 'starter'} nor in {package.parent}")


def in_the_way(target: Path) -> list[Path]:
    """Return what stands in `target` that a starter workspace would overwrite."""
    return [target / part for part in _PARTS if (target / part).exists()]


def write_starter(target: Path) -> list[Path]:
    """Write the starter workspace into `target` (made where missing) and return its inboxes.

    Nothing that exists is touched: raises FileExistsError where `in_the_way` finds anything.
    """
    if in_the_way(target):
        raise FileExistsError(f"{target} holds a workspace already")
    source = starter()
    unfinished = target / _UNFINISHED
    if unfinished.exists():
        shutil.rmtree(unfinished)
    unfinished.mkdir(parents=True)
    for part in _PARTS:
        if (source / part).is_dir():
            shutil.copytree(source / part, unfinished / part, ignore=shutil.ignore_patterns("__pycache__", ".*"))
            (unfinished / part).rename(target / part)
    unfinished.rmdir()
    _write_new(target / ".gitignore", _IGNORED)
    for name, said in _EDITOR.items():
        _write_new(target / ".vscode" / name, json.dumps(said, indent=2) + "\n")
    return _inboxes(target)


def _write_new(path: Path, text: str) -> None:
    """Write a file that belongs to whoever edits it: one that exists is left alone."""
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        path.write_text(text, encoding="utf-8")


def _inboxes(target: Path) -> list[Path]:
    setup = load_flows(target)
    pick_ups = [pick_up for flow in setup.flows.values() for pick_up in flow.pick_up]
    found = {
        target / endpoint.path / pick_up.folder
        for pick_up in pick_ups
        if isinstance(endpoint := setup.workspace.endpoints.get(pick_up.from_), LocalEndpoint)
    }
    for folder in found:
        folder.mkdir(parents=True, exist_ok=True)
    return sorted(found)
