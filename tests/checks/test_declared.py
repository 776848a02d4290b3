"""What pandera is told of the rules is what the masks of a run find: the same cells, for the same reason."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from pandera.errors import SchemaErrors

from exchange.checks.declared import declared
from exchange.checks.rules import RuleSet, longest, one_of, pattern, required, shortest
from exchange.kernel.chunk import frame

RULES = RuleSet(
    {
        "one": [required(), longest(2), pattern("[ab]*")],
        "two": [shortest(1), one_of(["a", "b1"]), longest(1)],
        "absent": [required()],
    }
)
cells = st.lists(st.one_of(st.none(), st.text("ab1\n", max_size=4)), min_size=1, max_size=20)


def by_pandera(columns: dict[str, pa.Array]) -> set[tuple[int, str]]:
    """Return (row, column) of the cells that pandera refuses."""
    try:
        declared(RULES).validate(frame(columns), lazy=True)
    except SchemaErrors as fault:
        found = fault.failure_cases
        return set(zip(found["index"].astype(int).tolist(), found["column"].tolist(), strict=True))
    return set()


@given(cells, cells)
@settings(max_examples=60, deadline=None)
def test_pandera_and_the_masks_refuse_the_same_cells(one: list[str | None], two: list[str | None]) -> None:
    count = min(len(one), len(two))
    columns = {"one": pa.array(one[:count], pa.string()), "two": pa.array(two[:count], pa.string())}
    assert by_pandera(columns) == {(failure.row, failure.field) for failure in RULES.failures(columns)}


def test_a_clean_frame_passes_as_it_is() -> None:
    columns = {"one": pa.array(["a", "b"]), "two": pa.array(["a", None])}
    assert RULES.failures(columns) == []
    validated = declared(RULES).validate(frame(columns), lazy=True)
    assert validated["one"].tolist() == ["a", "b"]
