"""The schema of steps takes what the compiler takes, and is closed where it is."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from exchange.assemble.schema_steps import Named, step_schema
from exchange.mapping.spec import StepSpec
from exchange.mapping.steps import STEPS


def validator(named: Named | None = None) -> Draft202012Validator:
    """Return the schema of one step."""
    return Draft202012Validator({**step_schema(STEPS.values(), named or Named())["Step"]})


@pytest.mark.parametrize("spec", STEPS.values(), ids=STEPS)
def test_every_example_of_every_step_is_taken(spec: StepSpec) -> None:
    check = validator()
    for example in spec.examples:
        step = spec.name if example.argument is None else {spec.name: example.argument}
        assert [error.message for error in check.iter_errors(step)] == [], step


@pytest.mark.parametrize(
    "step",
    [
        "stripp",
        "lookup",
        {"lookup": {"tabel": "items", "key": "a", "value": "b"}},
        {"lookup": {"table": "items", "key": "a"}},
        {"strip": "a"},
        {"strip": None, "upper": None},
        {},
        {"remove_prefix": 12},
        {"to_timezone": ["UTC"]},
        {"pad": {"width": "5"}},
        12,
    ],
)
def test_what_check_refuses_is_refused(step: object) -> None:
    assert not validator().is_valid(step)


def test_a_step_without_parameters_may_be_written_as_a_key() -> None:
    assert validator().is_valid({"strip": None})


def test_tables_and_their_columns_are_those_of_the_workspace() -> None:
    check = validator(Named({"items": ("sku", "name"), "packs": ("unit",)}))
    good: dict[str, Any] = {"table": "items", "key": "sku", "value": "name"}
    assert check.is_valid({"lookup": good})
    assert not check.is_valid({"lookup": {**good, "table": "item"}})
    assert not check.is_valid({"lookup": {**good, "key": "unit"}}), "a column of the other table"
    assert check.is_valid({"lookup": {"table": "packs", "key": ["unit"], "value": "unit"}})


def test_each_step_is_explained_with_its_examples() -> None:
    [_, called] = [step_schema(STEPS.values(), Named())["Step"][part] for part in ("else", "then")]
    for name, said in called["properties"].items():
        assert said["description"].startswith(STEPS[name].summary)
        assert "becomes" in said["markdownDescription"]
