"""Which rows belong together."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from exchange.infer.grouping import Grouping, nested, propose
from exchange.infer.sample import sample_of
from tests.infer.columns import looks, sample

Cells = dict[str, tuple[str | None, ...]]


def proposed(cells: Cells, **called: float) -> Grouping | None:
    return propose(sample(cells), looks(cells), called)


def test_a_key_that_repeats_while_others_stay_the_same() -> None:
    found = proposed(
        {
            "order": ("A", "A", "B", "C", "C"),
            "buyer": ("x", "x", "y", "z", "z"),
            "sku": ("1a", "2a", "1a", "3a", "4a"),
        },
        order=1.0,
    )

    assert found is not None
    assert (found.key, found.on_first_row, found.starts, found.documents, found.together) == (
        "order",
        False,
        (),
        3,
        True,
    )
    assert found.header == {"order", "buyer"}
    assert found.varying == {"sku"}


def test_columns_that_are_blank_below_start_a_document() -> None:
    found = proposed({"no": ("A", "A", "B"), "total": ("5x", None, "6x"), "sku": ("a", "b", "c")}, no=0.9)

    assert found is not None
    assert (found.key, found.starts) == ("no", ("total",))


def test_a_key_that_is_blank_below_itself() -> None:
    found = proposed({"ref": ("A", None, None, "B", None), "who": ("x", None, None, "y", None), "sku": tuple("abcde")})

    assert found is not None
    assert (found.key, found.on_first_row, found.starts) == ("ref", True, ("who",))
    assert "stands on the first row of each: 2 documents" in found.reason


def test_rows_may_lie_apart() -> None:
    found = proposed({"item": ("A", "B", "A"), "place": ("x", "y", "z")}, item=1.0)

    assert found is not None
    assert not found.together
    assert "in different places" in found.reason


def test_nothing_repeats() -> None:
    assert proposed({"no": ("A", "B", "C"), "shop": ("x", "x", "x"), "sku": ("a", "b", "c")}, no=1.0) is None


def test_records_that_hold_their_lines() -> None:
    cells = {"no": pa.array(["A", "A", "B"]), "items.sku": pa.array(["x", "y", "z"])}
    found = nested(sample_of(cells, np.arange(3), np.array([True, False, True])), "no")

    assert (found.key, found.documents, found.starts) == ("no", 2, ())
    assert found.reason == '"no" numbers the records: 2 documents, each with its lines in it'
