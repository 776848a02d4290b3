"""Steps on text, past their examples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given
from hypothesis import strategies as st

from exchange.kernel.chunk import CellFailure
from exchange.mapping.steps.text import strip

RunSteps = Callable[..., tuple[list[Any], list[CellFailure]]]


def test_join_keeps_rows_that_are_blank_throughout(run_steps: RunSteps) -> None:
    values, _ = run_steps([{"join": ", "}], ["a", None, None, "d"], ["b", None, "c", None])
    assert values == ["a, b", None, "c", "d"]


def test_a_chain_on_blank_cells_stays_blank(run_steps: RunSteps) -> None:
    steps = ["strip", "upper", {"remove_prefix": "#"}, {"extract": "^(A)"}, {"pad": 4}, {"add_suffix": "!"}]
    assert run_steps(steps, [None, "  ", "#", "#a"]) == ([None, None, None, "000A!"], [])


def test_extract_reads_groups_past_escapes_and_classes(run_steps: RunSteps) -> None:
    values, failures = run_steps([{"extract": r"[(]?\((?:x|y)(?P<n>\d+)\)"}], ["(x12)", "nothing", None])
    assert values == ["12", None, None]
    assert [(one.row, one.value, one.code) for one in failures] == [(1, "nothing", "PATTERN_MISMATCH")]


def test_split_by_part(run_steps: RunSteps) -> None:
    assert run_steps([{"split": {"by": "/", "part": -2}}], ["a/b/c", "a", None, "a//c"])[0] == ["b", None, None, None]


def test_prefixes_only_where_they_are(run_steps: RunSteps) -> None:
    assert run_steps([{"remove_prefix": "é#"}], ["é#1", "#2", None])[0] == ["1", "#2", None]
    assert run_steps([{"remove_suffix": "é"}], ["1é", "2", "é"])[0] == ["1", "2", None]


@given(st.lists(st.none() | st.text("a \t\n\u00a0\u2003é!", max_size=4)), st.integers(0, 2))
def test_strip_removes_what_arrow_takes_for_white_space(cells: list[str | None], skipped: int) -> None:
    values = pa.array(cells, pa.string()).slice(skipped)
    assert strip(values).to_pylist() == [cell or None for cell in pc.utf8_trim_whitespace(values).to_pylist()]
