"""Names as a batch would make them."""

from __future__ import annotations

import pytest

from exchange.config.models import Delivery
from exchange.config.sample_names import done_names, sample_names
from exchange.kernel.naming import claim_id

_CLAIM = claim_id("orders", "", 1)


def delivery(name: str, **more: object) -> Delivery:
    return Delivery.model_validate({"to": "a", "mapping": "m", "name": name, **more})


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("A_{claim}.CSV", {f"a_{_CLAIM}.csv"}),
        ("{flow}_{part:03}", {"orders_001", "orders_002", "orders_010", "orders_100", "orders_1000"}),
        ("{date}.csv", {"20260304.csv"}),
        ("{unknown}", set()),
        ("{claim", set()),
        ("{part:x%}", set()),
    ],
)
def test_names(name: str, made: set[str]) -> None:
    assert sample_names(delivery(name), "orders") == made


def test_each_field_has_a_text_of_its_own() -> None:
    names = [sample_names(delivery("{" + name + "}", file_per=[name]), "orders") for name in ("currency", "channel")]
    assert len({*names[0], *names[1]}) == 2


def test_done_files() -> None:
    assert done_names(delivery("A.xml", done_file="{stem}.ok"), "orders") == {"a.ok"}
    assert done_names(delivery("A.xml"), "orders") == frozenset()
