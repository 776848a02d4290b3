"""A starter workspace, and its one flow."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.config.models import Flow
from exchange.config.scaffold import write_starter
from exchange.config.workspace import Setup, load_flows
from tests.flows.shop import Shop

SAMPLES = Path(__file__).parents[2] / "samples/orders"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A starter workspace."""
    write_starter(tmp_path / "ws")
    return tmp_path / "ws"


@pytest.fixture
def setup(root: Path) -> Setup:
    """Its settings and flows."""
    return load_flows(root)


@pytest.fixture
def scheduled(tmp_path: Path) -> Setup:
    """Those of a starter workspace that has a ledger; its flow runs every five minutes."""
    shop = Shop(tmp_path / "ws")
    assert shop.type("run").exit == 0
    return load_flows(shop.root)


@pytest.fixture
def flow(setup: Setup) -> Flow:
    """Its flow."""
    return setup.flows["orders"]


@pytest.fixture(scope="session")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A shop that has delivered the first sample; tests only look at it."""
    shop = Shop(tmp_path_factory.mktemp("delivered") / "ws")
    assert shop.take("01_clean_day.csv", (SAMPLES / "01_clean_day.csv").read_bytes()).exit == 0
    return shop
