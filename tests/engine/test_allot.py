"""Stock is given in the order of the file, never twice, and what is not given waits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.documents.packs import PackSizes
from exchange.engine.allot import allot, of_one_seal
from exchange.engine.facts import HELD, OUT, REJECTED, SpanFacts
from exchange.engine.pieces import Piece
from exchange.engine.prepared import Prepared
from exchange.kernel.model import Claim, Origin
from exchange.kernel.pipeline import Allotting, Life
from exchange.kernel.stock_rows import Available, StockLevel
from tests.engine.desk import claim_of

NOW = datetime(2026, 3, 4, tzinfo=UTC)
PACKS = PackSizes({"tea": {"XCS": 12}})
Order = list[tuple[str, str, int]]
"""Lines of (warehouse, item, quantity)."""


@dataclass(frozen=True)
class Told:
    """Stock as somebody told it."""

    free: dict[tuple[str, str], int]

    def available(
        self, locations: Collection[str] | None = None, items: Iterable[str] | None = None
    ) -> list[Available]:
        nothing = Decimal(0)
        return [
            Available("wms", place, item, Decimal(many), nothing, nothing, "EA", NOW, "c")
            for (place, item), many in self.free.items()
            if (locations is None or place in locations) and (items is None or item in set(items))
        ]

    def levels(self, locations: Collection[str] | None = None) -> list[StockLevel]:
        zero = Decimal(0)
        return [
            StockLevel("wms", place, item, zero, zero, zero, "EA", NOW, NOW, "c")
            for place, item in self.free
            if locations is None or place in locations
        ]


@dataclass(frozen=True)
class Read:
    """Spans that are read once and for all."""

    all: Sequence[Prepared]

    def get(self, index: int) -> Prepared:
        return self.all[index]


def span(orders: Sequence[Order], first: int = 0, unit: str = "EA") -> Prepared:
    lines = [(document, *line) for document, order in enumerate(orders) for line in order]
    count = len(lines)
    header = {
        "_first": pa.array(range(first, first + len(orders)), pa.int64()),
        "_ships": pa.array([True] * len(orders)),
        "_number": pa.array([str(first + place) for place in range(len(orders))]),
    }
    table = {
        "warehouse": pa.array([line[1] for line in lines], pa.string()),
        "item_number": pa.array([line[2] for line in lines], pa.string()),
        "quantity": pa.array([line[3] for line in lines], pa.int64()),
        "unit": pa.array([unit] * count, pa.string()),
        "_owner": pa.array([line[0] for line in lines], pa.int64()),
        "_keep": pa.array([True] * count),
        "_line": pa.array(range(2, count + 2), pa.int64()),
        "_record": pa.array(range(count), pa.int64()),
    }
    return Prepared(pa.table(header), pa.table(table), (), ())


def rules(short: str, *, by_location: bool = True) -> Allotting:
    return Allotting(short, by_location, PACKS.size)


def run(
    spans: Sequence[Prepared], free: dict[tuple[str, str], int], how: Allotting, claim: Claim | None = None
) -> list[SpanFacts]:
    facts = [SpanFacts(np.full(len(each.header), OUT), [""] * len(each.header)) for each in spans]
    allot(Read(spans), facts, (claim or claim_of(), how), Told(free))
    return facts


def sent(prepared: Prepared, facts: SpanFacts) -> dict[int, int]:
    """Return how much of each line goes out."""
    pieces = {} if facts.pieces is None else dict(zip(facts.pieces.lines, facts.pieces.pieces, strict=True))
    owner = prepared.lines.column("_owner").to_pylist()
    return {
        line: sum(piece.quantity for piece in pieces.get(line, (Piece(0, many),)))
        for line, many in enumerate(prepared.lines.column("quantity").to_pylist())
        if facts.disposition[owner[line]] == OUT
    }


ORDERS = st.lists(
    st.lists(
        st.tuples(st.sampled_from(["HAM", "LYO"]), st.sampled_from(["tea", "cup"]), st.integers(1, 6)),
        min_size=1,
        max_size=4,
    ),
    min_size=1,
    max_size=6,
)
STOCK = st.fixed_dictionaries(
    {}, optional={(place, item): st.integers(-2, 12) for place in ("HAM", "LYO") for item in ("tea", "cup")}
)


@given(ORDERS, STOCK, st.sampled_from(["backorder", "hold", "reject"]), st.integers(0, 5))
def test_nothing_is_given_twice_and_ordered_is_sent_and_waiting(
    orders: list[Order], stock: dict[tuple[str, str], int], short: str, border: int
) -> None:
    spans = [span(orders[:border]), span(orders[border:], min(border, len(orders)))]
    facts = run(spans, stock, rules(short))
    told = {place for place, _ in stock}

    given_away: dict[tuple[str, str], int] = {}
    for prepared, found in zip(spans, facts, strict=True):
        lines = prepared.lines.to_pylist()
        for line, many in sent(prepared, found).items():
            key = (lines[line]["warehouse"], lines[line]["item_number"])
            given_away[key] = given_away.get(key, 0) + many
        for document in range(len(prepared.header)):
            ordered = sum(line["quantity"] for line in lines if line["_owner"] == document)
            out = sum(many for line, many in sent(prepared, found).items() if lines[line]["_owner"] == document)
            waits = sum(want.quantity for want in found.waits.get(document, ()))
            assert found.disposition[document] in {OUT, HELD, REJECTED}
            if found.disposition[document] == OUT:
                assert out + waits == ordered
                assert out > 0
            elif short != "reject":
                assert (out, waits) == (0, ordered)
    for (place, item), many in given_away.items():
        if place in told:
            assert many <= max(stock.get((place, item), 0), 0)


@given(ORDERS, STOCK)
def test_who_comes_first_gets_what_there_is(orders: list[Order], stock: dict[tuple[str, str], int]) -> None:
    """However the file is cut, the same goes out; and an order that comes short leaves nothing of its items there."""
    [whole] = run([span(orders)], stock, rules("backorder"))
    spans = [span([order], place) for place, order in enumerate(orders)]
    facts = run(spans, stock, rules("backorder"))
    assert [int(found.disposition[0]) for found in facts] == whole.disposition.tolist()
    assert [found.reason[0] for found in facts] == whole.reason


def test_a_case_takes_its_pieces_and_an_unknown_unit_is_never_there() -> None:
    free = {("HAM", "tea"): 30, ("HAM", "cup"): 99}
    cases = span([[("HAM", "tea", 3)], [("HAM", "cup", 1)]], unit="CS")
    [facts] = run([cases], free, rules("backorder"))
    assert sent(cases, facts) == {0: 2}
    assert facts.reason == ["waits for stock: 1 CS of tea at HAM", "waits for stock: 1 CS of cup at HAM"]


def test_stock_of_all_places_is_one() -> None:
    free = {("HAM", "tea"): 1, ("LYO", "tea"): 2}
    orders = span([[("HAM", "tea", 3)], [("LYO", "tea", 1)]])
    [facts] = run([orders], free, rules("hold", by_location=False))
    assert facts.disposition.tolist() == [OUT, HELD]


def test_send_and_reject_say_what_there_is() -> None:
    for short, code in (("send", "SENT_SHORT"), ("reject", "OUT_OF_STOCK")):
        [facts] = run([span([[("HAM", "tea", 3)]])], {("HAM", "tea"): 2}, rules(short))
        [problem] = facts.problems[0]
        assert (problem.code, problem.detail["there"], problem.file_line) == (code, 2, 2)
        assert problem.message.startswith("3 of tea ordered at HAM, 2 there")


@pytest.mark.parametrize("origin", [Origin.RELEASE, Origin.BASELINE])
def test_a_person_s_release_and_a_baseline_ask_nobody(origin: Origin) -> None:
    [facts] = run([span([[("HAM", "tea", 3)]])], {("HAM", "tea"): 0}, rules("hold"), claim_of(origin=origin))
    assert (facts.disposition.tolist(), facts.waits) == ([OUT], {})


def test_files_of_one_seal_share_what_there_is() -> None:
    life = of_one_seal(Life(allot=rules("hold")))
    assert life.allot is not None
    seen = [run([span([[("HAM", "tea", 3)]])], {("HAM", "tea"): 4}, life.allot)[0] for _ in range(2)]
    assert [found.disposition.tolist() for found in seen] == [[OUT], [HELD]]
    assert of_one_seal(replace(life, allot=None)).allot is None
