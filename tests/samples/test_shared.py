"""The shared collections are found beside the project, and where the variable names them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.samples.shared import VARIABLE, shared


def test_a_variable_names_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert shared("ubl") == tmp_path / "ubl"
    monkeypatch.delenv(VARIABLE)
    assert shared("ubl") == Path(__file__).parents[3] / "shared/data/ubl"
