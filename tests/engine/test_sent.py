"""Documents are recalled as they were sent, whatever was added to their kind since."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from exchange.engine.prepared import Prepared
from exchange.engine.sent import Recalled, kept, recall
from exchange.kernel.sent_rows import SentBlock


class Blocks:
    """Blocks by claim."""

    def __init__(self, **blocks: list[SentBlock]) -> None:
        self._blocks = blocks

    def blocks(self, claim: str) -> Iterator[SentBlock]:
        """Yield the blocks of a claim."""
        yield from self._blocks.get(claim, [])


def span(*numbers: str, extra: dict[str, list[str]] | None = None) -> Prepared:
    """Return documents of two lines each."""
    header = pa.table(
        {"order_number": numbers, **(extra or {}), "_number": numbers, "_ships": [True] * len(numbers), "_bad": numbers}
    )
    skus = [f"{number}{end}" for number in numbers for end in "ab"]
    owner = np.repeat(np.arange(len(numbers)), 2)
    lines = pa.table({"sku": skus, "_keep": [True] * len(skus), "_owner": owner, "_record": owner})
    return Prepared(header, lines, (), ())


def block(prepared: Prepared, *which: bool) -> SentBlock:
    """Return the block of some documents of which the first target has those with an even place."""
    places = np.arange(len(which))
    made = kept(
        prepared,
        np.array(which),
        np.tile([1, 2], len(which)),
        {"wms": places % 2 == 0, "erp": np.ones(len(which), bool)},
    )
    assert made is not None
    return made


def told(recalled: Recalled | None) -> list[tuple[int, str, str, list[str], list[int]]]:
    """Return (row, number, targets, skus, parts) of each recalled document."""
    if recalled is None:
        return []
    owner = recalled.lines.column("_owner").to_numpy()
    lines = recalled.lines.to_pylist()
    return [
        (
            int(recalled.document[place]),
            head["_number"],
            head["_targets"],
            [lines[at]["sku"] for at in np.flatnonzero(owner == place)],
            [lines[at]["_part"] for at in np.flatnonzero(owner == place)],
        )
        for place, head in enumerate(recalled.header.to_pylist())
    ]


def test_nothing_sent_is_nothing_kept() -> None:
    assert kept(span("1"), np.array([False]), np.array([1, 1]), {}) is None


def test_documents_come_back_in_the_order_of_the_span_that_asks() -> None:
    first, second = block(span("1", "2", "3"), True, False, True), block(span("4"), True)
    blocks = Blocks(x=[first, second], y=[block(span("5"), True)])

    made = recall(blocks, {"3": "x", "5": "y", "4": "x", "1": "x"}, [{7: "4", 2: "5"}, {0: "9"}, {5: "3", 6: "1"}])

    assert [told(each) for each in made] == [
        [(2, "5", "wms,erp", ["5a", "5b"], [1, 2]), (7, "4", "wms,erp", ["4a", "4b"], [1, 2])],
        [],
        [(5, "3", "wms,erp", ["3a", "3b"], [1, 2]), (6, "1", "wms,erp", ["1a", "1b"], [1, 2])],
    ]


def test_document_that_was_not_kept_is_left_out() -> None:
    blocks = Blocks(x=[block(span("1", "2"), True, False)])

    assert [told(each) for each in recall(blocks, {"2": "x", "8": "z"}, [{0: "2", 1: "8"}])] == [[]]


def test_field_that_was_added_since_is_blank_in_what_is_older() -> None:
    blocks = Blocks(x=[block(span("1"), True)], y=[block(span("2", extra={"notes": ["ring"]}), True)])

    [made] = recall(blocks, {"1": "x", "2": "y"}, [{0: "1", 1: "2"}])

    assert made is not None
    assert made.header.column("notes").to_pylist() == [None, "ring"]
    assert "_bad" not in made.header.column_names
