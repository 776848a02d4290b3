"""The rule of bundles as YAML says it."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from exchange.config.bundles import Bundles
from exchange.config.rules import Rules


def test_nothing_said_is_no_bundles_and_nothing_in_it_is_the_usual_tables() -> None:
    assert Rules().bundles is None
    assert Rules.model_validate({"bundles": {}}).bundles == Bundles(table="bundles", key="sku", items="items")
    assert Bundles(table="sets", items="goods").tables() == ("sets", "goods")


@pytest.mark.parametrize("said", [{"key": "gtin"}, {"price": "fair"}, {"tabel": "bundles"}])
def test_what_is_not_known_is_refused(said: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Bundles.model_validate(said)
