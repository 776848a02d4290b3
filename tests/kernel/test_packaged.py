"""The product's own YAML files mean the same to the fast reader and to the one of the users' files."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

import exchange
from exchange.kernel.packaged import packaged_yaml

FILES = sorted(Path(exchange.__file__).parent.rglob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_read_as_users_files_are(path: Path) -> None:
    """An unquoted NO, 012 or 12:30 is text for one of them, and no, 10 or 750 for the other."""
    assert packaged_yaml(path) == YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


def test_a_word_that_the_two_read_differently(tmp_path: Path) -> None:
    path = tmp_path / "countries.yaml"
    path.write_text("[NO, 'NO']", encoding="utf-8")

    assert packaged_yaml(path) == [False, "NO"]
    assert YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")) == ["NO", "NO"]
