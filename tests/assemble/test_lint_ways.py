"""The ways of the data through a workspace."""

from __future__ import annotations

from pathlib import Path

from exchange.assemble.lint_ways import arguments, filled, steps_of, ways
from exchange.config.files import read_files
from exchange.config.models import Mapping, StepCall
from tests.assemble.edits import edit


def test_each_pick_up_with_each_delivery(root: Path) -> None:
    found = [(way.inbound, way.outbound, way.delivery) for way in ways(read_files(root))]
    assert found == [("shopify/orders", "wms/orders", 0), ("shopify/orders", "erp/orders", 1)]


def test_only_mappings_that_fit_each_other(root: Path) -> None:
    edit(root, "mappings/flows/orders.yaml", "mapping: shopify/orders, settle", "mapping: erp/orders, settle")
    assert list(ways(read_files(root))) == []


def test_what_has_a_value(root: Path) -> None:
    way, _ = ways(read_files(root))
    assert {"order_number", "ship_to.line1", "channel", "part"} <= way.provided("fields")
    assert {"sku", "line_number"} <= way.provided("lines")
    assert "tips" not in way.provided("fields")
    assert list(way.blank("fields")) == []


def test_fields_steps_and_arguments() -> None:
    mapping = Mapping.model_validate(
        {
            "reads": "order",
            "format": {"type": "csv"},
            "fields": {"a": {"from": "A", "steps": ["strip"]}, "b": {"address": {"city": {"from": "B", "steps": []}}}},
        }
    )
    assert list(filled(mapping.fields)) == ["a", "b.city"]
    assert [path for path, _ in steps_of(mapping)] == [
        ("fields", "a", "steps"),
        ("fields", "b", "steps"),
        ("fields", "b", "address", "city", "steps"),
    ]
    assert arguments(StepCall(name="truncate", argument=3)) == {"length": 3}
    assert arguments(StepCall(name="map_values", argument={"a": "b"})) == {"values": {"a": "b"}}
    assert arguments(StepCall(name="strip")) == arguments(StepCall(name="nonsense", argument=1)) == {}
