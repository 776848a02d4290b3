"""A ledger of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange.state.ledger import SqlLedger, open_ledger
from tests.state.book import URL


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqlLedger]:
    """A new ledger in `tmp_path`."""
    opened = open_ledger(URL, tmp_path)
    yield opened
    opened.close()
