"""The step `between`: what stands between two texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from exchange.mapping.spec import (
    ArgumentError,
    Built,
    Context,
    Example,
    Inputs,
    Outcome,
    Parameter,
    Refused,
    StepSpec,
    Wrong,
)


def _between(arguments: Mapping[str, Any], context: Context) -> Built:
    """Check the parameters once, and return what works on whole columns."""
    del context  # kinds of the inputs and tables: this step needs neither
    start, end = arguments["start"], arguments["end"]
    if not start or not end:
        raise ArgumentError(Wrong("start", "a text to look for is empty", 'write {start: "(", end: ")"}'))

    def run(inputs: Inputs) -> Outcome:
        cells: list[str | None] = inputs.value.to_pylist()
        found = [cell and _cut(cell, start, end) for cell in cells]
        missed = [cell is not None and made is None for cell, made in zip(cells, found, strict=True)]
        detail = {"why": f"it has no {start} ... {end}", "advice": "write both"}
        refused = (Refused(pa.array(missed).to_numpy(zero_copy_only=False), "STEP_REFUSED", detail),)
        return Outcome(pa.array(found, pa.string()), refused if any(missed) else ())

    return Built(run, "text")


def _cut(cell: str, start: str, end: str) -> str | None:
    _, opened, rest = cell.partition(start)
    inside, closed, _ = rest.partition(end)
    return inside if opened and closed else None


BETWEEN = StepSpec(
    "between",
    "Takes what stands between two texts",
    _between,
    parameters=(
        Parameter("start", "text", "What stands before it", required=True),
        Parameter("end", "text", "What stands behind it", required=True),
    ),
    examples=(
        Example({"start": "(", "end": ")"}, ("Tea (250 g)",), "250 g"),
        Example({"start": "(", "end": ")"}, ("Tea",), problem="STEP_REFUSED"),
        Example({"start": "(", "end": ")"}, (None,), None),
    ),
)
