"""The worked example: a distribution that adds a step, a format and an endpoint type passes the shipped suites."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.testing.plugin.acme_suites import TestBetween, TestBlocks, TestLogged

__all__ = ["TestBetween", "TestBlocks", "TestLogged"]


@pytest.fixture(autouse=True)
def installed(acme: Path) -> None:
    """Its format is found by name, as the suite writes mappings that name it."""
    del acme
