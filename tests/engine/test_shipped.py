"""Which orders shipments name. The whole way: tests/flows/test_shipped.py."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from exchange.engine.facts import HELD, OUT, SpanFacts
from exchange.engine.prepared import Prepared
from exchange.engine.shipped import Reported
from exchange.kernel.document_rows import KnownDocument, Shipped
from tests.engine.desk import AS_OF


class Documents:
    """A ledger that sent order 1 of each shop, and holds order 2."""

    def known(self, kind: str, channel: str, numbers: list[str]) -> dict[str, KnownDocument]:
        """Return what is known."""
        assert kind == "order"
        known = {"1": KnownDocument("1", "c", 1, AS_OF, AS_OF, "c", None, sent_action="new")}
        known["2"] = KnownDocument("2", None, None, None, AS_OF, "c", "c")
        return {number: known[number] for number in numbers if number in known and channel in {"shop", "outlet"}}


def test_lines_name_orders_and_so_do_shipments() -> None:
    header = pa.table(
        {
            "_number": ["S-1", "S-2", "S-3"],
            "_line": [2, 4, 5],
            "_first": [0, 2, 3],
            "order_number": ["1", None, "9"],
            "order_channel": pa.array([None, "outlet", None], pa.string()),
        }
    )
    lines = pa.table({"_owner": [0, 0, 1, 2], "order_number": pa.array([None, "2", "1", None], pa.string())})
    reported, documents = Reported(), Documents()
    ledger: Any = documents

    reported.add(
        Prepared(header, lines, (), ()), SpanFacts(np.array([OUT, OUT, HELD]), [""] * 3), ("order", "shop"), ledger
    )

    assert list(reported.orders) == [
        Shipped("order", "shop", "1"),
        Shipped("order", "shop", "2"),
        Shipped("order", "outlet", "1"),
    ]
    assert [(number, problem.value, problem.file_line) for number, problem in reported.warnings] == [("S-1", "2", 2)]


def test_baseline_counts_as_accepted_and_a_shipment_without_an_order_names_none() -> None:
    header = pa.table({"_number": ["S-1"], "_line": [2], "_first": [0], "order_number": ["1"]})
    nameless = header.drop_columns(["order_number"])
    lines = pa.table({"_owner": [0]})
    reported = Reported()
    ledger: Any = Documents()
    baseline = SpanFacts(np.array([HELD]), [""], sent=np.array([True]))

    reported.add(Prepared(nameless, lines, (), ()), baseline, ("order", "shop"), ledger)
    assert reported.orders == {}
    reported.add(Prepared(header, lines, (), ()), baseline, ("order", "shop"), ledger)
    assert list(reported.orders) == [Shipped("order", "shop", "1")]
