"""Texts that occur more than once are found with all their places, whatever the spans are."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from exchange.engine.repeated import Place, repeated

_TEXTS = st.lists(st.lists(st.one_of(st.none(), st.sampled_from(["", "1", "#1", "2", "é"])), max_size=6), max_size=4)


@given(_TEXTS)
def test_it_is_what_a_plain_count_says(texts: list[list[str | None]]) -> None:
    places: dict[str, list[Place]] = {}
    for span, part in enumerate(texts):
        for row, text in enumerate(part):
            if text:
                places.setdefault(text, []).append((span, row))

    found = repeated([pa.array(part, pa.string()) for part in texts])

    assert found == {text: where for text, where in places.items() if len(where) > 1}


def test_places_that_do_not_count_are_left_out() -> None:
    parts = [pa.array(["a", "b"]), pa.array(["a", "b"])]

    assert repeated(parts, lambda span, row: (span, row) != (1, 0)) == {"b": [(0, 1), (1, 1)]}
