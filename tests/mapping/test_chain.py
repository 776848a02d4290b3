"""Kinds flow from step to step; what does not fit is said at its place."""

from __future__ import annotations

import pytest

from exchange.config.models import StepCall
from exchange.mapping.binding import Scope
from exchange.mapping.chain import READERS, Chain, PlanMistake, compile_chain
from exchange.mapping.kinds import ARROW, Kind
from exchange.mapping.steps import STEPS


def chain(*steps: object, kinds: tuple[Kind, ...] = ("text",)) -> tuple[Chain, list[PlanMistake]]:
    """Compile steps over columns of these kinds."""
    inputs = [(f"c{place}", kind) for place, kind in enumerate(kinds)]
    mistakes: list[PlanMistake] = []
    calls = [(StepCall.model_validate(step), ("steps", place)) for place, step in enumerate(steps)]
    return compile_chain(calls, inputs, Scope(dict(inputs), is_open=False), {}, mistakes), mistakes


def test_kinds_follow_the_steps() -> None:
    assert chain("strip", "integer")[0].kinds == ("integer",)
    assert chain("decimal", {"round": 2}, "to_text")[0].kinds == ("text",)
    assert chain("strip", kinds=("text", "text"))[0].kinds == ("text", "text")
    assert chain({"join": " "}, kinds=("text", "text"))[0].kinds == ("text",)
    assert chain({"constant": 1}, kinds=())[0].kinds == ("integer",)


@pytest.mark.parametrize(
    ("steps", "path", "what", "instead"),
    [
        (["strp"], ("steps", 0), "there is no step strp", "strip"),
        ([{"remove_prefx": "#"}], ("steps", 0, "remove_prefx"), "there is no step remove_prefx", "remove_prefix"),
        (
            ["strip", {"round": 2}],
            ("steps", 1, "round"),
            "round needs decimal or integer, and gets text",
            "decimal or integer",
        ),
        (
            ["integer", "upper"],
            ("steps", 1),
            "upper needs text, and gets integer",
            "before the step that makes integer",
        ),
        (
            [{"split": {"by": ",", "part": 0}}],
            ("steps", 0, "split", "part"),
            "parts are counted from 1",
            "-1 for the last",
        ),
    ],
)
def test_mistakes_know_their_place(steps: list[object], path: tuple[str | int, ...], what: str, instead: str) -> None:
    made, [mistake] = chain(*steps)

    assert (mistake.path, mistake.what) == (path, what)
    assert instead in mistake.instead
    assert made.kinds is None


def test_steps_behind_a_mistake_are_looked_at_too() -> None:
    _, mistakes = chain("strp", {"pad": "8"})

    assert [mistake.path for mistake in mistakes] == [("steps", 0), ("steps", 1, "pad")]


def test_a_text_is_filled_up_to_what_fits_into_the_memory() -> None:
    _, [mistake] = chain({"pad": 20_000})

    assert "20,000 characters" in mistake.what
    assert mistake.instead == "write 10,000 or less"
    assert chain({"pad": 10_000})[1] == []


def test_equal_chains_are_computed_once_and_those_that_read_other_columns_never() -> None:
    one, two = chain("strip", "upper")[0], chain("strip", "upper")[0]
    other = chain("strip", {"when": {"column": "c0", "is": "a", "then": "b"}})[0]

    assert [step.share for step in one.steps] == [step.share for step in two.steps]
    assert len({step.share for step in one.steps}) == 2
    assert other.steps[1].share is None


def test_every_kind_has_a_step_that_makes_it() -> None:
    assert set(READERS) == set(ARROW)
    assert set(READERS.values()) <= set(STEPS)
