"""The suite of a step: its examples hold, blank stays blank, and a batch comes to what its rows come to."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from exchange.kernel.catalogue import CATALOGUE
from exchange.kernel.plural import filled
from exchange.mapping.binding import Scope, bind
from exchange.mapping.decimals import narrowed
from exchange.mapping.kinds import ARROW, Kind, is_of
from exchange.mapping.spec import Built, Context, Example, Inputs, Outcome, Side, StepSpec

KINDS: dict[type, Kind] = {bool: "boolean", int: "integer", Decimal: "decimal", datetime: "datetime", str: "text"}
Row = tuple[object, str]
"""What comes out of one row: the value, and the code of the problem, where there is one instead."""


class StepSuite:
    """Subclass it as `TestSomething` and give it a fixture `step` that returns the step's declaration."""

    fills_blanks = False
    """True for a step that makes something of nothing, as `default` does."""

    @pytest.fixture
    def step(self) -> StepSpec:
        """Return the step; a subclass says which."""
        pytest.fail("give the suite a fixture `step` that returns an exchange.mapping.spec.StepSpec")

    def test_says_what_it_does(self, step: StepSpec) -> None:
        assert step.name.isidentifier(), "its name is a word of YAML: small letters, digits and _"
        assert step.name == step.name.lower()
        assert step.summary, "one sentence for the reference and the editor"
        assert not step.summary.endswith("."), "the reference adds the full stop"
        assert step.examples, "an example is its documentation, and its test"
        assert all(parameter.description for parameter in step.parameters)

    def test_its_examples_hold(self, step: StepSpec) -> None:
        for example in step.examples:
            [first, *_] = _rows(*_worked(step, example, [0]))
            assert first == (None if example.problem else example.expected, example.problem), example

    def test_what_it_refuses_can_be_told(self, step: StepSpec) -> None:
        """The catalogue has the code, and the step gives what its words need: in values that travel and can be kept."""
        for example in step.examples:
            built, outcome = _worked(step, example, [0])
            assert built.returns in ARROW
            for refused in outcome.refused:
                details = {name: values[0].as_py() for name, values in refused.per_row.items()}
                told = {"field": "field", "value": "value", **refused.detail, **details}
                assert filled(CATALOGUE[refused.code].message, told)
                assert filled(CATALOGUE[refused.code].remedy, told)
                assert pickle.dumps(told), "results travel between processes"

    def test_gives_as_many_values_as_rows_of_the_kind_it_says(self, step: StepSpec) -> None:
        for example in step.examples:
            for places in ([], [0], [1, 0, 1, 0, 0]):
                built, outcome = _worked(step, example, places)
                assert len(outcome.values) == len(places)
                assert is_of(outcome.values, built.returns)
                assert step.returns in {"same", "depends", built.returns}
                assert all(len(refused.rows) == len(places) for refused in outcome.refused)

    def test_blank_stays_blank(self, step: StepSpec) -> None:
        if self.fills_blanks or step.takes == "none":
            pytest.skip("it makes something of nothing")
        for example in step.examples:
            assert _rows(*_worked(step, example, [1, 1])) == [(None, "")] * 2, example

    def test_a_batch_comes_to_what_its_rows_come_to(self, step: StepSpec) -> None:
        """Also where the rows are a slice of others, and where another batch came before."""
        for example in step.examples:
            [filled], [blank] = (_rows(*_worked(step, example, [place])) for place in (0, 1))
            for _ in range(2):
                assert _rows(*_worked(step, example, [0, 1, 1, 0])) == [filled, blank, blank, filled]
            assert _rows(*_worked(step, example, [1, 0, 0, 1], skipped=1)) == [filled, filled, blank]


def _worked(step: StepSpec, example: Example, places: list[int], *, skipped: int = 0) -> tuple[Built, Outcome]:
    """Run a step on rows that are the example's (place 0) or blank (place 1)."""
    kinds = [_kind(value) for value in example.given]
    beside = {name: _kind(value) for name, value in example.beside.items()}
    scope = Scope(dict(beside), is_open=False)
    bound, wrongs = bind(step, example.argument, scope)
    assert wrongs == [], "the parameters of the example do not fit their declaration"
    tables = {table.name: table for table in example.tables}
    groups = [(kind,) for kind in kinds] if step.takes == "one" else [tuple(kinds)]
    built = step.build(bound, Context(groups[0], tables))
    rows = len(places) - skipped
    values = tuple(
        pa.array([(value, None)[place] for place in places], ARROW[kind]).slice(skipped)
        for value, kind in zip(example.given, kinds, strict=True)
    )
    sides = dict(_sides(bound, example, beside, rows))
    outcome = built.run(Inputs(values, rows, sides, {}))
    if built.returns != "decimal":
        return built, outcome
    leaves = narrowed(outcome.values)  # as every decimal does that leaves a mapping
    return built, Outcome(leaves.values, (*outcome.refused, *leaves.refused))


def _sides(
    bound: dict[str, Any], example: Example, kinds: dict[str, Kind], rows: int
) -> Iterator[tuple[Side, pa.Array]]:
    for value in bound.values():
        if isinstance(value, Side):
            yield value, pa.array([example.beside[value.name]] * rows, ARROW[kinds[value.name]])


def _rows(built: Built, outcome: Outcome) -> list[Row]:
    del built
    codes = [""] * len(outcome.values)
    for refused in outcome.refused:
        for row, is_refused in enumerate(refused.rows.tolist()):
            codes[row] = codes[row] or (refused.code if is_refused else "")
    values = outcome.values.to_pylist()
    return [(None if code else value, code) for value, code in zip(values, codes, strict=True)]


def _kind(value: object) -> Kind:
    return KINDS.get(type(value), "text")
