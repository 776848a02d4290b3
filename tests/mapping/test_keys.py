"""The prepared index answers as Arrow's own look-up does, whatever the texts look like."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.mapping import keys as module
from exchange.mapping.keys import Keys

texts = st.text("aA0\x00é漢😀 ", max_size=70)


@given(st.lists(texts, max_size=40, unique=True), st.lists(st.one_of(st.none(), texts), max_size=40), st.booleans())
@settings(max_examples=150, deadline=None)
def test_places_are_those_of_an_arrow_look_up(known: list[str], wanted: list[str | None], sliced: bool) -> None:
    asked = [*wanted, *known[::2]]
    column = pa.array(["", *asked], pa.string()).slice(1) if sliced else pa.array(asked, pa.string())
    expected = pc.index_in(column, value_set=pa.array(known, pa.string()), skip_nulls=True).fill_null(-1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_FEW", 0)
        assert Keys(pa.array(known, pa.string())).find(column).tolist() == expected.to_pylist()


def test_texts_that_differ_in_trailing_zero_bytes_only_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FEW", 0)
    assert Keys(pa.array(["a", "a\0"])).find(pa.array(["a\0", "a", "a\0\0", None])).tolist() == [1, 0, -1, -1]


def test_two_texts_of_one_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FEW", 0)
    monkeypatch.setattr(module, "_MIX", (0, 0))
    assert Keys(pa.array(["one"])).find(pa.array(["two", "one"])).tolist() == [-1, 0]
    assert Keys(pa.array(["one", "two"])).find(pa.array(["two", "six", "one"])).tolist() == [1, -1, 0]


def test_many_keys_and_few_keys_answer_alike() -> None:
    many = Keys(pa.array([f"SKU-{number:06}" for number in range(5_000)]))
    assert many.find(pa.array(["SKU-004999", "SKU-5000", None, "SKU-000000"])).tolist() == [4999, -1, -1, 0]
    assert Keys(pa.array([], pa.string())).find(pa.array(["x", None])).tolist() == [-1, -1]
