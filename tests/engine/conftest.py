"""A desk in a fresh starter workspace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.desk import Desk, desk_in
from tests.flows.shop import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop whose workspace was just made by `exchange init`."""
    return Shop(tmp_path / "ws")


@pytest.fixture
def desk(shop: Shop, tmp_path: Path) -> Iterator[Desk]:
    """A desk in the shop's workspace."""
    with desk_in(shop.root, tmp_path) as made:
        yield made
