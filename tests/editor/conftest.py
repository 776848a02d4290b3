"""A starter workspace, and the real yaml-language-server that edits it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange.assemble.schema_files import export
from exchange.config.scaffold import write_starter
from tests.editor.language_server import LanguageServer

PACKAGE = "yaml-language-server@1.25.0"
WANTED = "EXCHANGE_TEST_NPM"
"""Where this is set, a test that cannot have the language server fails."""


@pytest.fixture(scope="session")
def installed(pytestconfig: pytest.Config) -> Path:
    """Return the language server, installed by npm into pytest's own cache the first time."""
    assert pytestconfig.cache is not None
    home = Path(pytestconfig.cache.mkdir("yaml_language_server")) / PACKAGE
    if not home.exists():
        beside = home.with_name(f"{PACKAGE}.{os.getpid()}")
        _install(beside)
        try:
            beside.rename(home)
        except OSError:  # another process was quicker
            shutil.rmtree(beside)
    return home / "node_modules/yaml-language-server/bin/yaml-language-server"


def _install(folder: Path) -> None:
    command = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", str(folder), PACKAGE]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        said = ended.stderr.strip()[-300:] if ended.returncode else ""
    except (OSError, subprocess.TimeoutExpired) as fault:
        said = str(fault)
    if said:
        shutil.rmtree(folder, ignore_errors=True)
        assert WANTED not in os.environ, said
        pytest.skip(f"npm cannot install the language server here: {said}")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A starter workspace with its schemas."""
    root = tmp_path / "ws"
    write_starter(root)
    export(root)
    return root


@pytest.fixture
def server(installed: Path, workspace: Path) -> Iterator[LanguageServer]:
    """The language server, told of the workspace what VS Code reads in `.vscode/settings.json`."""
    said = json.loads((workspace / ".vscode/settings.json").read_text(encoding="utf-8"))
    told = {"validate": True, "hover": True, "completion": True, "schemas": said["yaml.schemas"]}
    settings = {"yaml": {**told, "schemaStore": {"enable": said["yaml.schemaStore.enable"]}}}
    running = LanguageServer(["node", str(installed), "--stdio"], workspace, settings)
    yield running
    running.close()
