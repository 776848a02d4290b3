"""A fresh starter workspace for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.shop import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop whose workspace was just made by `exchange init`."""
    return Shop(tmp_path / "ws")
