"""Figures of lines add up exactly, whatever their digits and states."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from exchange.engine.facts import FILTERED, OUT, REJECTED, VOID, SpanFacts
from exchange.engine.prepared import Prepared
from exchange.engine.stocktaking import BLOCKED, Taken, millionths, take_down
from exchange.kernel.pipeline import StockRules

RULES = StockRules("snapshot", ("HAM",), "keep", settles=True, sells=True)
QUANTITY = st.decimals(-(10**9), 10**9, places=4)
STATE = st.sampled_from([None, "available", "reserved", *BLOCKED])
LINES = st.lists(st.tuples(st.integers(0, 3), QUANTITY, STATE), min_size=1, max_size=12)


def prepared(lines: list[tuple[int, Decimal, str | None]]) -> Prepared:
    """Return four items whose lines are these."""
    lines = sorted(lines, key=lambda line: line[0])
    header = pa.table({"_number": ["A", "B", "C", "D"]})
    columns = {
        "quantity": pa.array([quantity for _, quantity, _ in lines], pa.decimal128(38, 4)),
        "status": pa.array([state for *_, state in lines], pa.string()),
        "_owner": pa.array([owner for owner, *_ in lines], pa.int64()),
    }
    return Prepared(header, pa.table(columns), (), ())


@given(LINES)
def test_no_piece_is_lost_and_none_is_made(lines: list[tuple[int, Decimal, str | None]]) -> None:
    taken = Taken()
    facts = SpanFacts(np.full(4, OUT), [""] * 4)

    take_down(taken, prepared(lines), facts, RULES)

    [levels] = taken.levels
    told = sum(levels.column("on_hand").to_pylist()) + sum(levels.column("blocked").to_pylist())
    assert told == sum(int(quantity * 10**6) for _, quantity, _ in lines)
    promised = sum(int(quantity * 10**6) for _, quantity, state in lines if state == "reserved")
    assert sum(levels.column("reserved").to_pylist()) == promised
    assert set(levels.column("location").to_pylist()) == {"HAM"}


def test_what_is_rejected_or_filtered_for_another_reason_does_not_count() -> None:
    taken = Taken()
    facts = SpanFacts(np.array([OUT, REJECTED, FILTERED, VOID]), ["", "", "superseded", ""])

    take_down(taken, prepared([(place, Decimal(1), None) for place in range(4)]), facts, RULES)

    assert taken.levels[0].column("item").to_pylist() == ["A"]
    assert taken.refused == {"B", "C"}


def test_whole_numbers_and_missing_columns() -> None:
    table = pa.table({"quantity": pa.array([3, None], pa.int64())})

    assert millionths(table, "quantity").to_pylist() == [3_000_000, 0]
    assert millionths(table, "reserved", none=None).to_pylist() == [None, None]
