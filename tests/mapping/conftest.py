"""Runs one chain of steps on given columns, the way a mapping does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from exchange.config.models import StepCall
from exchange.kernel.chunk import CellFailure
from exchange.kernel.table import Table
from exchange.mapping.binding import Scope
from exchange.mapping.chain import PlanMistake, compile_chain
from exchange.mapping.kinds import ARROW, Kind
from exchange.mapping.level import FieldPlan, LevelPlan
from exchange.mapping.mapper import apply

KINDS: dict[type, Kind] = {bool: "boolean", int: "integer", Decimal: "decimal", datetime: "datetime", str: "text"}
RunSteps = Callable[..., tuple[list[Any], list[CellFailure]]]


def kind_of(values: Sequence[object]) -> Kind:
    """Return the kind of the first value that is not blank; text where all are."""
    return next((KINDS[type(value)] for value in values if value is not None), "text")


@pytest.fixture
def run_steps() -> RunSteps:
    """Return a function: (steps, input columns, beside, tables) -> (values, failures)."""

    def run(
        steps: Sequence[object],
        *columns: Sequence[object],
        beside: Mapping[str, Sequence[object]] | None = None,
        tables: Sequence[Table] = (),
    ) -> tuple[list[Any], list[CellFailure]]:
        kinds = [kind_of(column) for column in columns]
        inputs = tuple((f"input{place}", kind) for place, kind in enumerate(kinds))
        others = {name: kind_of(column) for name, column in (beside or {}).items()}
        scope = Scope({**dict(inputs), **others}, is_open=False)
        mistakes: list[PlanMistake] = []
        calls = [(StepCall.model_validate(step), ("steps", place)) for place, step in enumerate(steps)]
        chain = compile_chain(calls, inputs, scope, {table.name: table for table in tables}, mistakes)
        assert mistakes == []
        assert chain.kinds is not None
        plan = FieldPlan("field", inputs, chain.steps, chain.kinds[0], required=False, max_length=None)
        given = {name: pa.array(cells, ARROW[kind]) for (name, kind), cells in zip(inputs, columns, strict=True)}
        given |= {name: pa.array(cells, ARROW[others[name]]) for name, cells in (beside or {}).items()}
        rows = len(next(iter(given.values()))) if given else 1
        out, failures = apply(LevelPlan((plan,), writes=False), given, rows)
        assert out["field"].type == ARROW[chain.kinds[0]]
        return out["field"].to_pylist(), failures

    return run
