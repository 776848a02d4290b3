"""One YAML file into its model."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from exchange.config.loader import load, load_bytes
from exchange.config.models import Flow, Mapping, StepCall
from exchange.kernel.errors import ConfigurationError, Mistake

_FLOW = b"""
flow: orders
pick_up: [{from: shop, mapping: shop/orders, settle: 1m 30s}]
rules: {money: {tolerance: 0.05}}
deliver: [{to: erp, mapping: erp/orders, name: "{claim}.csv", documents_per_file: 500}]
"""


def steps(text: str) -> list[str]:
    head = "reads: order\nformat: {type: csv}\nfields:\n  x:\n    steps:\n"
    return [str(mistake) for mistake in load_bytes(f"{head}      - {text}\n".encode(), "m.yaml", Mapping).mistakes]


def test_a_sound_file_gives_its_model() -> None:
    flow = load_bytes(_FLOW, "mappings/flows/orders.yaml", Flow).required()
    assert flow.pick_up[0].from_ == "shop"
    assert flow.pick_up[0].settle == timedelta(seconds=90)
    assert flow.rules.money.tolerance == Decimal("0.05")
    assert flow.deliver[0].documents_per_file == 500


def test_steps_keep_whole_numbers_booleans_and_text() -> None:
    text = b"""
reads: order
format: {type: csv}
fields:
  x:
    from: A
    steps:
      - strip
      - truncate: 30
      - {remove_prefix: "00"}
      - {lookup: {table: items, keep: true}}
      - title:
      - {split: {by: "|", part: -1}}
"""
    mapping = load_bytes(text, "m.yaml", Mapping).required()
    assert mapping.fields["x"].from_ == ("A",)
    assert mapping.fields["x"].steps == (
        StepCall(name="strip"),
        StepCall(name="truncate", argument=30),
        StepCall(name="remove_prefix", argument="00"),
        StepCall(name="lookup", argument={"table": "items", "keep": True}),
        StepCall(name="title"),
        StepCall(name="split", argument={"by": "|", "part": -1}),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{remove_prefix: 00}", 'm.yaml:6:25: 00 is a number to YAML; put quotes around it: "00"'),
        ("{constant: NO}", 'm.yaml:6:20: NO is true or false to YAML; put quotes around it: "NO"'),
        ("{scale: 0.10}", 'm.yaml:6:17: 0.10 is a number to YAML; put quotes around it: "0.10"'),
        (
            "{map_values: {a: 2026-01-01}}",
            'm.yaml:6:26: 2026-01-01 is a date to YAML; put quotes around it: "2026-01-01"',
        ),
        (
            "{when: {column: X, is: [~]}}",
            'm.yaml:6:33: ~ is nothing to YAML; write "" where nothing is meant, "~" where the text is',
        ),
        (
            "{replace: {text: a, with: }}",
            'm.yaml:6:29: nothing is written here; write the text, or "" where none is meant',
        ),
    ],
)
def test_step_parameters_that_yaml_would_change_are_mistakes(text: str, expected: str) -> None:
    assert steps(text) == [expected]


def test_keys_are_text_as_they_stand() -> None:
    assert steps("{map_values: {1: a, NO: b, yes: c}}") == []
    assert steps('{boolean: {yes: ["true"], no: ["false"]}}') == []


def test_a_file_with_mistakes_has_no_model(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_bytes(_FLOW.replace(b"to: erp", b"too: erp"))
    loaded = load(tmp_path, "f.yaml", Flow)
    assert loaded.value is None
    with pytest.raises(ConfigurationError) as raised:
        loaded.required()
    assert [mistake.what for mistake in raised.value.mistakes] == ["unknown key 'too'"]


def test_an_empty_or_unreadable_file_is_a_mistake(tmp_path: Path) -> None:
    assert str(load_bytes(b"# nothing\n", "f.yaml", Flow).mistakes[0]).startswith("f.yaml:1:1: the file is empty")
    [missing] = load(tmp_path, "none.yaml", Flow).mistakes
    assert missing == Mistake(
        "none.yaml", 0, 0, "cannot be read: No such file or directory", "correct the path or its permissions"
    )


def test_mistakes_found_later_are_placed_at_keys_or_values() -> None:
    loaded = load_bytes(_FLOW.lstrip(), "f.yaml", Flow)
    assert loaded.mistake(("pick_up", 0, "mapping"), "x", "y") == Mistake("f.yaml", 2, 24, "x", "y")
    assert loaded.mistake(("pick_up", 0, "mapping"), "x", key=False) == Mistake("f.yaml", 2, 33, "x", "")
