"""Every transport runs the suite that is shipped for endpoints."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange.assemble.endpoints import ENDPOINTS
from exchange.testing.endpoints import EndpointSuite
from exchange.testing.places import Place
from tests.contracts.places import PLACES


class TestEndpoints(EndpointSuite):
    """What any endpoint does, whatever lies behind it."""

    @pytest.fixture(params=PLACES)
    def place(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
        """An empty place."""
        with PLACES[request.param](tmp_path) as made:
            yield made


def test_every_transport_runs_this_suite() -> None:
    assert {name.partition(":")[0] for name in PLACES} >= set(ENDPOINTS)
