"""The example distribution's own tests: the shipped suites, one subclass for each thing that it adds."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.mapping.spec import StepSpec
from exchange.testing.endpoints import EndpointSuite
from exchange.testing.formats import FormatSuite
from exchange.testing.places import FolderPlace, Place
from exchange.testing.steps import StepSuite
from tests.testing.plugin.acme_exchange.endpoints import LoggedFolder
from tests.testing.plugin.acme_exchange.steps import BETWEEN


class TestBetween(StepSuite):
    """The step."""

    @pytest.fixture
    def step(self) -> StepSpec:
        """Return it."""
        return BETWEEN


class TestBlocks(FormatSuite):
    """The format."""

    format = '{type: blocks, sign: "="}'
    suffix = ".blocks"
    texts = ("plain", 'Größe 5, "quoted"; <&>', "two  spaces", "a = b", "")
    broken = b"number=1\nsku=A\n\nnumber 2\n\nnumber=3\n"


class TestLogged(EndpointSuite):
    """The endpoint."""

    @pytest.fixture
    def place(self, tmp_path: Path) -> Place:
        """An empty folder, and how it goes away."""
        folder = tmp_path / "place"

        def away() -> None:
            folder.rename(tmp_path / "elsewhere")
            folder.write_text("a file where a folder is expected", encoding="utf-8")

        return FolderPlace(LoggedFolder("wms", folder, tmp_path, log=tmp_path / "log"), folder, away)
