"""The models of the YAML files."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import TypeAdapter, ValidationError

from exchange.config.models import Character, Duration, Flow, Names, Percent, StepCall


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("10s", 10), ("5m", 300), ("2h", 7200), ("1d", 86400), ("1h 30m", 5400), ("250ms", 0.25)],
)
def test_durations(text: str, seconds: float) -> None:
    assert TypeAdapter(Duration).validate_python(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["10", "soon", "10 s x", "", "-5s", "1.5h"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValidationError, match="expected a duration such as 10s"):
        TypeAdapter(Duration).validate_python(text)


def test_percentages() -> None:
    assert TypeAdapter(Percent).validate_python("20%") == 0.2
    assert TypeAdapter(Percent).validate_python("2.5 %") == 0.025
    for wrong in ("20", "120%", "-1%", 0.2):
        with pytest.raises(ValidationError, match="expected a percentage such as 20%"):
            TypeAdapter(Percent).validate_python(wrong)


def test_one_name_is_a_list_of_one() -> None:
    assert TypeAdapter(Names).validate_python("Name") == ("Name",)
    assert TypeAdapter(Names).validate_python(["a", "b"]) == ("a", "b")


def test_a_delimiter_is_one_character() -> None:
    assert TypeAdapter(Character).validate_python("\t") == "\t"
    for wrong in ("", ";;", '"', "\n"):
        with pytest.raises(ValidationError, match="expected one character"):
            TypeAdapter(Character).validate_python(wrong)


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
