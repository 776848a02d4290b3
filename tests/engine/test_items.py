"""Items of a file: each once, the sum of its quantities and the middle one of its prices, by currency and unit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from exchange.engine.facts import OUT, VOID, SpanFacts
from exchange.engine.items import observed
from exchange.engine.prepared import Prepared, Spool


def spooled(folder: Path, *spans: tuple[Mapping[str, object], Mapping[str, object]]) -> Spool:
    spool = Spool(folder)
    for header, lines in spans:
        spool.add(Prepared(pa.table(dict(header)), pa.table(dict(lines)), (), ()))
    return spool


def facts(*dispositions: int) -> SpanFacts:
    return SpanFacts(np.array(dispositions), [""] * len(dispositions))


def test_lines_of_orders(tmp_path: Path) -> None:
    header = {"order_number": ["1", "2"], "currency": ["EUR", "USD"]}
    lines = {
        "_owner": [0, 0, 0, 1],
        "sku": ["TEA", "TEA", None, "TEA"],
        "item_number": ["100", "100", "200", "100"],
        "quantity": [1, 2, 3, 4],
        "unit_price": [4.9, 5.1, None, 6.0],
    }
    spool = spooled(tmp_path, (header, lines), (header, lines))

    found = observed(spool, [facts(OUT, OUT), facts(OUT, VOID)])

    assert found.to_pylist() == [
        {"item": "TEA / EUR", "quantity": 6, "price": 4.9, "fresh": True},
        {"item": "200 / EUR", "quantity": 6, "price": None, "fresh": True},
        {"item": "TEA / USD", "quantity": 4, "price": 6.0, "fresh": True},
    ]


def test_documents_that_are_items(tmp_path: Path) -> None:
    header = {"item_number": ["100", "200"]}
    lines = {"_owner": [0, 0, 1], "quantity": [1, 2, None], "unit": [None, None, "CS"]}

    found = observed(spooled(tmp_path, (header, lines)), [facts(OUT, OUT)])

    assert [(row["item"], row["quantity"]) for row in found.to_pylist()] == [("100", 3), ("200 / CS", None)]


@pytest.mark.parametrize("spans", [0, 1])
def test_files_without_items(tmp_path: Path, spans: int) -> None:
    nothing = ({"order_number": pa.array([], pa.string())}, {"_owner": pa.array([], pa.int64())})

    assert observed(spooled(tmp_path, *[nothing] * spans), [facts()] * spans).num_rows == 0
