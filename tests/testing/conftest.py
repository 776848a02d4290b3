"""The example distribution, found as an installed one is: a dist-info folder on the path, without pip."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

PLUGIN = Path(__file__).parent / "plugin"
Install = Callable[..., Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Return a function: (entry points, name) -> the folder of a distribution that is installed from now on."""

    def made(entry_points: str, name: str = "acme-exchange") -> Path:
        site = tmp_path / "site" / name
        info = site / f"{name.replace('-', '_')}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(entry_points, encoding="utf-8")
        monkeypatch.syspath_prepend(site)
        return site

    return made


@pytest.fixture
def acme(install: Install, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example distribution, installed."""
    monkeypatch.syspath_prepend(PLUGIN)
    return install((PLUGIN / "entry_points.txt").read_text(encoding="utf-8"))
