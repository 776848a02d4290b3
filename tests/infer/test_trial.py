"""The flow that tries a draft."""

from __future__ import annotations

from ruamel.yaml import YAML

from exchange.documents.loader import document
from exchange.infer.matching import match
from exchange.infer.trial import flow_text, review_text
from tests.infer.columns import looks


def test_orders_wait_only_where_the_file_says_what_is_paid() -> None:
    kind = document("order")
    waits = YAML(typ="safe").load(flow_text("f", "p/orders", ("p", "*.csv"), kind, waits=True))
    goes = YAML(typ="safe").load(flow_text("f", "p/orders", ("p", "*.csv"), kind, waits=False))

    assert waits["rules"]["release"] == {"when": {"payment_status": ["paid"]}, "otherwise": "hold"}
    assert goes["rules"]["release"] == {"otherwise": "release"}
    assert waits["deliver"] == [{"to": "p_review", "mapping": "p/orders_review", "name": "orders_{claim}.csv"}]
    assert "rules" not in YAML(typ="safe").load(flow_text("f", "p/s", ("p", "*"), document("stock"), waits=False))


def test_everything_that_was_read_is_written() -> None:
    kind = document("shipment")
    cells: dict[str, tuple[str | None, ...]] = {"Shipment": ("S1",), "Order": ("7",), "Ship date": ("2026-03-04",)}
    made = YAML(typ="safe").load(review_text(kind, match(kind, looks(cells), None)))

    assert made["fields"]["shipped_at"]["steps"] == [{"format_datetime": "%Y-%m-%dT%H:%M:%SZ"}]
    assert set(made["lines"]) >= {"quantity", "line_number"}
