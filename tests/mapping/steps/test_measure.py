"""Conversion of measures, past its examples."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from exchange.config.models import StepCall
from exchange.documents.units import units
from exchange.kernel.chunk import CellFailure
from exchange.mapping.binding import Scope
from exchange.mapping.chain import PlanMistake, compile_chain

RunSteps = Callable[..., tuple[list[Any], list[CellFailure]]]
MEASURES = [each.code for each in units() if each.factor is not None]


def test_each_row_by_its_own_units(run_steps: RunSteps) -> None:
    beside = {"from": ["kg", "LBR", "in", None, "KGM", "g"], "to": ["GRM", "GRM", "CMT", "GRM", "LTR", "TON"]}
    given = [Decimal("1.5"), Decimal(100), Decimal(3), Decimal(1), Decimal(1), None]
    values, failures = run_steps([{"convert_unit": {"from": "from", "to": "to"}}], given, beside=beside)
    assert values == [Decimal("1500.0000"), Decimal("45359.2370"), Decimal("7.6200"), None, None, None]
    assert [(one.row, one.code) for one in failures] == [(3, "UNIT_NOT_KNOWN"), (4, "UNIT_KINDS")]
    assert failures[1].detail == {"from_unit": "KGM", "to_unit": "LTR", "from_kind": "mass", "to_kind": "volume"}


def test_nothing_is_rounded_unless_the_mapping_says_how(run_steps: RunSteps) -> None:
    pounds = {"from": "GRM", "to": "LBR"}
    grams = [Decimal(1000), Decimal("453.59237"), Decimal(0)]
    values, failures = run_steps([{"convert_unit": pounds}], grams[2:] + grams[:1])
    assert (values, [one.code for one in failures]) == ([Decimal(0), None], ["NOT_EXACT"])
    for mode, expected in (("half_up", "2.2046"), ("down", "2.2046"), ("up", "2.2047")):
        said = {"convert_unit": {**pounds, "places": 4, "mode": mode}}
        assert run_steps([said], grams[:1]) == ([Decimal(expected)], [])
    half = {"convert_unit": {"from": "DZN", "to": "GRO", "places": 0}}
    assert run_steps([half], [6, -6, 18]) == ([1, -1, 2], [])
    even = {"convert_unit": {"from": "DZN", "to": "GRO", "places": 0, "mode": "half_even"}}
    assert run_steps([even], [6, -6, 18]) == ([0, 0, 2], [])


def test_what_is_too_large(run_steps: RunSteps) -> None:
    values, failures = run_steps([{"convert_unit": {"from": "TNE", "to": "MGM"}}], [Decimal("99999999999999")])
    assert (values, [one.code for one in failures]) == ([None], ["OUT_OF_RANGE"])


def test_codes_of_units(run_steps: RunSteps) -> None:
    values, failures = run_steps(["unit_code"], ["lbs", None, "XPX", "pcs", "TON"])
    assert values == ["LBR", None, "XPX", "H87", None]
    assert [(one.row, one.code, one.value) for one in failures] == [(4, "UNIT_CODE", "TON")]


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"from": "KGM", "to": "LTR"}, "kilogram is mass, litre is volume"),
        ({"from": "KGM", "to": "TON"}, "'TON' is no unit that can be converted without knowing the item"),
        ({"from": "CS", "to": "EA"}, "'CS' is no unit that can be converted without knowing the item"),
        ({"from": "KGM", "to": "GRM", "places": 5}, "5 decimal places cannot be held"),
    ],
)
def test_mistakes_that_no_row_is_needed_for(said: dict[str, object], what: str) -> None:
    mistakes: list[PlanMistake] = []
    call = StepCall.model_validate({"convert_unit": said})
    compile_chain([(call, ("steps", 0))], (("weight", "decimal"),), Scope({}, is_open=False), {}, mistakes)
    assert [mistake.what for mistake in mistakes] == [what]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    value=st.decimals(-(10**6), 10**6, places=4),
    pair=st.sampled_from([(one, two) for one in units() for two in units() if one.factor and one.kind == two.kind]),
)
def test_there_and_back_gives_the_same_number(run_steps: RunSteps, value: Decimal, pair: tuple[Any, Any]) -> None:
    """What goes there without a problem comes back as it was; what does not is a problem, and never another number."""
    first, second = (each.code for each in pair)
    [there], failures = run_steps([{"convert_unit": {"from": first, "to": second}}], [value])
    assert (there is None) == bool(failures)
    assume(there is not None)
    assert run_steps([{"convert_unit": {"from": second, "to": first}}], [there]) == ([value], [])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(grams=st.integers(0, 10**7), places=st.integers(0, 4))
def test_rounding_is_that_of_the_exact_number(run_steps: RunSteps, grams: int, places: int) -> None:
    [made], _ = run_steps([{"convert_unit": {"from": "GRM", "to": "LBR", "places": places}}], [Decimal(grams)])
    exact = Decimal(grams) / Decimal("453.59237")
    assert made == exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
