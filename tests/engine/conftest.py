"""A desk in a fresh starter workspace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange.transports.memory import MemoryEndpoint
from tests.engine.desk import Desk, desk_in
from tests.engine.hall import Hall
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


@pytest.fixture
def hall(desk: Desk) -> Hall:
    """Two targets in memory: the WMS far away, the ERP here."""
    made = Hall(desk.house, {"wms": MemoryEndpoint("wms", remote=True), "erp": MemoryEndpoint("erp")})
    made.next_run()
    return made
