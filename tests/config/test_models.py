"""The models of the YAML files."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from exchange.config.models import Flow, PickUp, StepCall


@pytest.mark.parametrize(
    ("written", "step"),
    [
        ("strip", StepCall(name="strip")),
        ({"truncate": 30}, StepCall(name="truncate", argument=30)),
        ({"lookup": {"table": "t"}}, StepCall(name="lookup", argument={"table": "t"})),
        ({"strip": None}, StepCall(name="strip")),
    ],
)
def test_a_step_is_a_name_or_a_name_with_its_argument(written: object, step: StepCall) -> None:
    assert StepCall.model_validate(written) == step


@pytest.mark.parametrize("written", [5, ["strip"], {"a": 1, "b": 2}, {}])
def test_what_is_no_step(written: object) -> None:
    with pytest.raises(ValidationError, match="expected a step such as"):
        StepCall.model_validate(written)


def test_models_are_frozen_and_closed() -> None:
    flow = Flow.model_validate(
        {
            "flow": "x",
            "pick_up": [{"from": "a", "mapping": "m"}],
            "deliver": [{"to": "a", "mapping": "m", "name": "n"}],
        }
    )
    with pytest.raises(ValidationError, match="frozen"):
        flow.flow = "y"
    with pytest.raises(ValidationError, match="Extra inputs"):
        Flow.model_validate({**flow.model_dump(by_alias=True), "more": 1})


@pytest.mark.parametrize(
    ("match", "done_file", "alike"),
    [
        ("*.csv", "{name}.csv", True),
        ("*.CSV", "{stem}.csv", True),
        ("ok_*.csv", "ok_{name}", True),
        ("*.csv", "{name}.done", False),
        ("*", "{name}.done", False),
        ("*.csv", "ok_{name}", False),
        ("*.csv", "", False),
    ],
)
def test_not_every_file_can_be_a_done_file(match: str, done_file: str, *, alike: bool) -> None:
    """Nothing would ever be taken, and nobody told."""
    pick_up = {"from": "shop", "match": match, "mapping": "shop/orders", "done_file": done_file}
    if not alike:
        assert PickUp.model_validate(pick_up).done_file == done_file
        return
    with pytest.raises(ValidationError, match="every file that fits `match` would be a done file"):
        PickUp.model_validate(pick_up)
