"""The suite of an endpoint: whatever fulfils `kernel.endpoint.Endpoint` passes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.testing.delivering import DeliveringSuite
from exchange.testing.places import Place
from exchange.testing.taking import TakingSuite


class EndpointSuite(TakingSuite, DeliveringSuite):
    """Subclass it as `TestSomething` and give it a fixture `place` that yields an empty `Place`."""

    @pytest.fixture
    def place(self) -> Place:
        """Return an empty place; a subclass says which."""
        pytest.fail("give the suite a fixture `place` that yields an empty exchange.testing.places.Place")

    @pytest.fixture
    def sealed(self, tmp_path: Path) -> Path:
        """Bytes in the work folder."""
        path = tmp_path / "sealed"
        path.write_bytes(b"sealed")
        return path
