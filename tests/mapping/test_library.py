"""A step by its name: ours as they are, added ones under guard; tests/testing/test_workbench.py uses them."""

from __future__ import annotations

import pyarrow as pa
import pytest

from exchange.kernel.errors import ConfigurationError
from exchange.kernel.plugins import STEPS as GROUP
from exchange.kernel.plugins import Added, PluginError
from exchange.mapping.library import guarded, sound_step, step, step_names
from exchange.mapping.spec import ArgumentError, Built, Context, Inputs, Outcome, StepSpec, Wrong
from exchange.mapping.steps import STEPS

WHOSE = Added(GROUP, "shout", "acme:SHOUT", "acme 1.0", lambda: None)
CONTEXT = Context(("text",), {})


def shout(outcome: Outcome | Exception) -> StepSpec:
    def run(_inputs: Inputs) -> Outcome:
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return StepSpec("shout", "Shouts", lambda _arguments, _context: Built(run, "text"))


def test_ours_are_found_as_they_are() -> None:
    assert step("strip") is STEPS["strip"]
    assert step("nobody's") is None
    assert sound_step("nobody's") is None
    assert list(step_names())[: len(STEPS)] == list(STEPS)


def test_a_guarded_step_does_what_it_did() -> None:
    values = pa.array(["A", None])
    built = guarded(shout(Outcome(values)), WHOSE).build({}, CONTEXT)
    assert built.run(Inputs((values,), 2, {}, {})).values is values


@pytest.mark.parametrize(
    "outcome",
    [ValueError("no"), Outcome(pa.array(["A"])), Outcome(pa.array([1, 2])), Outcome(None)],
    ids=["fault", "text", "numbers", "nothing"],
)
def test_a_guarded_step_that_fails_says_whose_it_is(outcome: Outcome | Exception) -> None:
    built = guarded(shout(outcome), WHOSE).build({}, CONTEXT)
    with pytest.raises(
        ConfigurationError, match=r"step 'shout' of acme 1.0 \(acme:SHOUT\).*; mend acme, or uninstall it"
    ):
        built.run(Inputs((pa.array(["a", "b"]),), 2, {}, {}))


def test_one_that_cannot_be_built_is_a_mistake_of_the_plan() -> None:
    def wrong(_arguments: object, _context: object) -> Built:
        raise ArgumentError(Wrong("by", "it is blank", "write one"))

    def broken(_arguments: object, _context: object) -> Built:
        raise KeyError("by")

    with pytest.raises(ArgumentError, match="it is blank"):
        guarded(StepSpec("shout", "", wrong), WHOSE).build({}, CONTEXT)
    with pytest.raises(ArgumentError, match=r"step 'shout' of acme 1.0 .* failed: KeyError"):
        guarded(StepSpec("shout", "", broken), WHOSE).build({}, CONTEXT)


def test_one_of_another_name_is_refused() -> None:
    with pytest.raises(PluginError, match="calls itself 'shuot'"):
        guarded(StepSpec("shuot", "", lambda *_: Built(lambda _: Outcome(None), "text")), WHOSE)
