"""Work is done once for each different value."""

from __future__ import annotations

import pyarrow as pa

from exchange.postal.columns import per_value, text_of
from exchange.postal.refusal import Refusal


def test_each_different_row_once() -> None:
    calls = []

    def work(one: str | None, other: str | None) -> str | Refusal | None:
        calls.append((one, other))
        return Refusal("X") if one == "bad" else f"{one}/{other}"

    columns = (pa.array(["a", "b", "a", None, "bad"]), pa.array(["1", None, "1", None, "1"]))
    made = per_value(work, columns)

    assert len(calls) == 4
    assert made.texts(text_of).to_pylist() == ["a/1", "b/None", "a/1", "None/None", None]
    assert made.rows(lambda result: isinstance(result, Refusal)).tolist() == [False, False, False, False, True]


def test_no_rows() -> None:
    made = per_value(lambda text: text, (pa.array([], pa.string()),))

    assert made.texts(text_of).to_pylist() == []
    assert made.rows(lambda _result: True).tolist() == []
