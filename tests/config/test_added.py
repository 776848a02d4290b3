"""Types of formats and endpoints that other distributions add; tests/testing/test_workbench.py uses them."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from exchange.config import added
from exchange.config.added import added_type
from exchange.config.formats import FormatType
from exchange.kernel.plugins import FORMATS, PluginError


def test_nobody_adds_it() -> None:
    assert added_type(FORMATS, "edifact", FormatType) is None


def test_a_broken_one_is_a_mistake_at_its_type(monkeypatch: pytest.MonkeyPatch) -> None:
    def find(*_: object) -> None:
        raise PluginError("format 'odd' of acme 1.0 cannot be loaded", "mend acme")

    monkeypatch.setattr(added, "find", find)
    with pytest.raises(ValidationError) as caught:
        added_type(FORMATS, "odd", FormatType)
    [detail] = caught.value.errors()
    assert detail["loc"] == ("type",)
    assert str(detail["ctx"]["error"]) == "format 'odd' of acme 1.0 cannot be loaded; mend acme"
