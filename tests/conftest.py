"""What all tests share: `--update` writes files that are made by the product (golden files, references) anew."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update`."""
    parser.addoption("--update", action="store_true", help="write golden files anew instead of comparing with them")


@pytest.fixture(scope="session")
def update(pytestconfig: pytest.Config) -> bool:
    """Whether files made by the product are to be written anew."""
    return bool(pytestconfig.getoption("--update"))
