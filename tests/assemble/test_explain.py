"""A document of a file on its way: what is decided, what is written, and which of its lines are told."""

from __future__ import annotations

import pytest

from exchange.assemble.explain import show
from exchange.assemble.explain_choice import way_of
from exchange.assemble.explain_document import Unread, Wanted
from exchange.assemble.explain_shown import Way
from tests.assemble.conftest import SAMPLES
from tests.flows.shop import Shop

FILE = SAMPLES / "01_clean_day.csv"


def way(shop: Shop, mapping: str, key: str = "", line: int = 0) -> Way:
    made = show(shop.root, way_of(shop.root, mapping, FILE), FILE, Wanted(key, line))
    assert isinstance(made, Way)
    return made


@pytest.mark.parametrize(
    ("number", "decision"),
    [
        ("1001", "goes out by flow orders"),
        ("1008", "held by flow orders: payment_status is pending"),
        ("1013", "filtered by flow orders: payment_status is voided"),
    ],
)
def test_what_the_rules_say_is_told(delivered: Shop, number: str, decision: str) -> None:
    assert way(delivered, "shopify/orders", key=number).decision == decision


def test_what_is_written_is_what_stands_in_the_file(delivered: Shop) -> None:
    [wms] = delivered.files("data/outbox/wms/orders")

    made = way(delivered, "wms/orders", key="1002")

    assert made.rendered
    assert made.rendered in wms.read_text(encoding="utf-8")
    assert (made.kind, made.document, made.lines) == ("order", "1002", (4, 5, 6))


def test_of_a_line_only_its_own_fields_are_told(delivered: Shop) -> None:
    made = way(delivered, "erp/orders", line=5)

    assert {shown.line for shown in made.fields if shown.block == "lines"} == {5}
    assert {shown.block for shown in made.fields} == {"fields", "lines"}


def test_what_is_not_there_is_none(delivered: Shop) -> None:
    choice = way_of(delivered.root, "shopify/orders", FILE)

    assert show(delivered.root, choice, FILE, Wanted(key="nope")) is None
    assert isinstance(show(delivered.root, choice, SAMPLES / "08_missing_column.csv", Wanted()), Unread)
