"""Steps on addresses: what their examples do not show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from exchange.config.models import StepCall
from exchange.kernel.chunk import CellFailure
from exchange.mapping.binding import Scope
from exchange.mapping.chain import PlanMistake, compile_chain

RunSteps = Callable[..., tuple[list[Any], list[CellFailure]]]


def test_each_row_has_its_own_country(run_steps: RunSteps) -> None:
    values, failures = run_steps(
        [{"postcode": {"country": "land"}}],
        ["d-20095", "sw1a1aa", "12", "12", None],
        beside={"land": ["Germany", "GB", "US", "Atlantis", "US"]},
    )

    assert values == ["20095", "SW1A 1AA", None, "12", None]
    assert [(each.row, each.code, each.value, each.detail) for each in failures] == [
        (2, "POSTCODE_FORMAT", "12", {"country": "US", "example": "95014"})
    ]


def test_refusals_of_several_kinds_keep_their_own_words(run_steps: RunSteps) -> None:
    _, failures = run_steps([{"phone": {"country": "DE"}}], ["12", "0171 (Maria)", "040 123456"])

    assert [(each.row, "letters" in str(each.detail["reason"])) for each in failures] == [(0, False), (1, True)]


def test_all_lines_of_an_address_that_fits_nowhere_are_told_once(run_steps: RunSteps) -> None:
    for line, told in ((1, ["ADDRESS_TOO_LONG"]), (2, [])):
        wrap = {"wrap_address": {"line": line, "lines": 2, "length": 10}}
        values, failures = run_steps([wrap], ["Donaudampfschiff 3"], ["Apt 4"])
        assert values == [None]
        assert [each.code for each in failures] == told


@pytest.mark.parametrize(
    ("call", "what"),
    [
        ({"postcode": {"country": "Germani"}}, "Germani is neither a column nor a country code"),
        ({"postcode": {}}, "postcode needs country"),
        ({"wrap_address": {"line": 3, "lines": 2, "length": 10}}, "there is no line 3 of 2"),
        ({"wrap_address": {"line": 1, "lines": 0, "length": 10}}, "lines is 0"),
        ({"transliterate": "ebcdic"}, "keep cannot be ebcdic"),
    ],
)
def test_mistakes(call: dict[str, Any], what: str) -> None:
    mistakes: list[PlanMistake] = []
    scope = Scope({"line": "text"}, is_open=False)
    compile_chain([(StepCall.model_validate(call), ("steps", 0))], [("line", "text")], scope, {}, mistakes)

    assert what in [mistake.what for mistake in mistakes]


def test_a_country_may_be_its_number(run_steps: RunSteps) -> None:
    assert run_steps([{"postcode": {"country": "land"}}], ["sw1a1aa"], beside={"land": [826]})[0] == ["SW1A 1AA"]
