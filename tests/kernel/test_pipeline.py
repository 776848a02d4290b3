"""A machine is built once per process, version and workspace."""

from __future__ import annotations

from typing import Any

from exchange.kernel.pipeline import machine_of
from exchange.kernel.plan import Plan


def test_built_once_for_each_version() -> None:
    built = []

    def build(sources: Any) -> Any:
        built.append(sources)
        return object()

    first = machine_of(Plan("test-1", "a", build, "shopify"))

    assert machine_of(Plan("test-1", "a", build, "shopify")) is first
    assert machine_of(Plan("test-2", "b", build, "shopify")) is not first
    assert machine_of(Plan("test-1", "a", build, "shopify", root="/other")) is not first
    assert built == ["a", "b", "a"]
