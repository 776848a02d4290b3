"""YAML as a person would write it, and as it is read back."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from exchange.infer.written import comment, commented, flow, note


def read(text: str) -> Any:
    return YAML(typ="safe").load(text)


def test_quotes_stand_only_where_they_must() -> None:
    assert flow({"from": "Created at", "steps": ["strip", {"lookup": {"key": "no"}}]}) == (
        '{from: Created at, steps: [strip, {lookup: {key: "no"}}]}'
    )
    assert flow(["10s", "1e5", "0123", "", "a, b", "Order #", True, 7]) == (
        '[10s, "1e5", "0123", "", "a, b", "Order #", true, 7]'
    )


@settings(max_examples=50)
@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_every_text_is_read_back(text: str) -> None:
    assert read(f"a: {flow({text: [text]})}\n") == {"a": {text: [text]}}


def test_comments_stay_comments() -> None:
    assert comment("a\nb: 1\u2028c") == "a b: 1 c"
    assert commented("  a: 1", "why") == ["  a: 1  # why"]
    assert commented("  a: 1", "w " * 70)[-1] == "  a: 1"
    assert all(line.startswith("#") and len(line) <= 120 for line in note("long words " * 40))
