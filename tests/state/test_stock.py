"""Stock in the ledger: levels and streams at the seal, what was handed over since, what can be sold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.kernel.ledger import FactsChanged
from exchange.kernel.model import Claim, ClaimState, Receipt
from exchange.kernel.stock_rows import LevelColumns, StockMove, StockRecord, StockStream
from exchange.state.ledger import SqlLedger, open_ledger
from tests.state.book import URL, artifact, at, sealing, taken

HAM = "HAM"


def told(
    ledger: SqlLedger,
    content: str,
    levels: Mapping[str, int],
    *,
    minutes: int,
    mode: str = "snapshot",
    change: Callable[[StockRecord], StockRecord] = lambda record: record,
) -> Claim:
    """Seal figures of HAM, in pieces, as old as `minutes`."""
    owner = taken(ledger, content, flow="stock", minutes=minutes)
    scaled = [pieces * 10**6 for pieces in levels.values()]
    nothing = [0] * len(scaled)
    columns = LevelColumns([HAM] * len(scaled), list(levels), scaled, nothing, nothing, ["EA"] * len(scaled))
    known = ledger.stock.streams("wms").get(HAM)
    since = at(minutes) if mode == "snapshot" else None
    stream = StockStream("wms", HAM, mode, at(minutes), since, None, owner.id)
    record = StockRecord(
        "wms", mode, at(minutes), since, levels=columns, streams=(stream,), expected=(known,) if known else ()
    )
    ledger.claims.seal(replace(sealing(owner, ledger.documents.version()), stock=change(record)))
    return owner


def handed(ledger: SqlLedger, content: str, moves: Mapping[str, int], *, delivered: int | None) -> Claim:
    """Seal an order's claim that takes stock of HAM; delivered after so many minutes, or not yet."""
    owner = taken(ledger, content)
    record = StockRecord(
        moves=tuple(StockMove(HAM, item, Decimal(taken)) for item, taken in moves.items()), endpoints=("wms",)
    )
    made = artifact(owner, 1)
    ledger.claims.seal(replace(sealing(owner, ledger.documents.version(), artifacts=[made]), stock=record))
    if delivered is not None:
        ledger.claims.finish(owner.id, ClaimState.DONE, {1: Receipt("x", made.size)}, at(delivered))
    return owner


def free(ledger: SqlLedger) -> dict[str, Decimal]:
    return {row.item: row.free for row in ledger.stock.available([HAM])}


def test_the_newest_figure_counts_and_is_whole(ledger: SqlLedger) -> None:
    told(ledger, "monday", {"TEA": 10, "CUP": 3}, minutes=0)
    second = told(ledger, "tuesday", {"TEA": 7}, minutes=10)

    [cup, tea] = ledger.stock.levels()
    assert (tea.source, tea.location, tea.item, tea.on_hand, tea.as_of, tea.since, tea.claim) == (
        "wms",
        HAM,
        "TEA",
        Decimal(7),
        at(10),
        at(10),
        second.id,
    )
    assert (cup.on_hand, cup.as_of) == (Decimal(3), at(0))
    assert ledger.stock.levels(["MUC"]) == []
    assert ledger.stock.streams("wms")[HAM] == StockStream("wms", HAM, "snapshot", at(10), at(10), None, second.id)


def test_an_older_figure_takes_no_newer_ones_place(ledger: SqlLedger) -> None:
    told(ledger, "tuesday", {"TEA": 7}, minutes=10)
    told(ledger, "corrected", {"TEA": 99, "CUP": 3}, minutes=5, change=lambda record: replace(record, streams=()))

    assert {level.item: level.on_hand for level in ledger.stock.levels()} == {"TEA": 7, "CUP": 3}


def test_changes_add_up_and_leave_orders_subtracted(ledger: SqlLedger) -> None:
    told(ledger, "monday", {"TEA": 10}, minutes=0)
    handed(ledger, "order", {"TEA": 2}, delivered=5)
    told(ledger, "delta", {"TEA": -1, "NEW": 4}, minutes=10, mode="delta")

    assert free(ledger) == {"TEA": Decimal(7), "NEW": Decimal(4)}
    told(
        ledger,
        "delta that knows",
        {"TEA": -2},
        minutes=11,
        mode="delta",
        change=lambda record: replace(record, since=at(11)),
    )
    assert free(ledger)["TEA"] == Decimal(7)


@pytest.mark.parametrize(("delivered", "left"), [(5, 10), (10, 10), (15, 8), (None, 8)])
def test_what_the_warehouse_got_after_the_snapshot_is_subtracted(
    ledger: SqlLedger, delivered: int | None, left: int
) -> None:
    """An order that was sealed before the snapshot but lay undelivered is not in the snapshot either."""
    handed(ledger, "order", {"TEA": 2}, delivered=delivered)
    told(ledger, "snapshot", {"TEA": 10}, minutes=10)

    assert free(ledger) == {"TEA": Decimal(left)}
    assert ledger.stock.committed(HAM, at(10)) == ({} if left == 10 else {"TEA": Decimal(2)})
    assert ledger.stock.committed("MUC", at(10)) == {}


def test_what_is_taken_back_is_free_again(ledger: SqlLedger) -> None:
    told(ledger, "snapshot", {"TEA": 10, "CUP": 1}, minutes=0)
    handed(ledger, "order", {"TEA": 5, "CUP": 1}, delivered=5)
    handed(ledger, "cancelled", {"TEA": -5}, delivered=6)

    assert free(ledger) == {"TEA": Decimal(10), "CUP": Decimal(0)}
    assert [row.item for row in ledger.stock.available(items=["CUP"])] == ["CUP"]


def test_other_units_are_told_apart(ledger: SqlLedger) -> None:
    told(ledger, "snapshot", {"TEA": 10}, minutes=0)
    owner = taken(ledger, "cases")
    record = StockRecord(moves=(StockMove(HAM, "TEA", Decimal("1.5"), "CS"),), endpoints=("wms",))
    ledger.claims.seal(replace(sealing(owner, ledger.documents.version()), stock=record))

    [tea] = ledger.stock.available()
    assert (tea.free, tea.elsewise) == (Decimal(10), {"CS": Decimal("1.5")})


def test_figures_that_are_only_compared_are_not_sold(ledger: SqlLedger) -> None:
    told(ledger, "erp", {"TEA": 10}, minutes=0, change=lambda record: replace(record, sells=False))

    assert ledger.stock.available() == []
    assert len(ledger.stock.levels(sources=["wms"])) == 1


def test_a_stream_that_moved_on_meanwhile_is_decided_again(ledger: SqlLedger) -> None:
    told(ledger, "monday", {"TEA": 10}, minutes=0)

    with pytest.raises(FactsChanged):
        told(ledger, "tuesday", {"TEA": 7}, minutes=10, change=lambda record: replace(record, expected=()))
    assert free(ledger) == {"TEA": Decimal(10)}


def test_a_repeated_snapshot_is_newer(ledger: SqlLedger) -> None:
    first = told(ledger, "monday", {"TEA": 10}, minutes=0)
    handed(ledger, "order", {"TEA": 2}, delivered=5)

    assert ledger.stock.advance(first.id, at(10)) == 1
    assert free(ledger) == {"TEA": Decimal(10)}
    assert ledger.stock.streams("wms")[HAM].as_of == at(10)
    assert ledger.stock.advance(first.id, at(1)) == 0


def test_what_is_not_sealed_counts_for_nothing(ledger: SqlLedger) -> None:
    assert (ledger.stock.levels(), ledger.stock.available(), ledger.stock.streams("wms")) == ([], [], {})


STEPS = st.lists(
    st.tuples(st.sampled_from(["snapshot", "delta", "order", "cancel"]), st.integers(1, 9), st.booleans()),
    min_size=1,
    max_size=8,
)


@settings(max_examples=15, deadline=None)
@given(STEPS)
def test_what_is_free_is_what_was_told_less_what_went_since(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, bool]]
) -> None:
    """Snapshots, changes and orders in any order, some of them not delivered: against the sum done by hand."""
    ledger = open_ledger(URL, tmp_path_factory.mktemp("stock"))
    level: int | None = None
    since = 0
    gone: list[tuple[int, int]] = []
    for moment, (what, number, delivered) in enumerate(steps):
        if what in {"snapshot", "delta"}:
            told(ledger, f"{moment}", {"TEA": number}, minutes=moment, mode=what)
            since = moment if what == "snapshot" or level is None else since
            level = number if what == "snapshot" or level is None else level + number
        else:
            signed = number if what == "order" else -number
            handed(ledger, f"{moment}", {"TEA": signed}, delivered=moment if delivered else None)
            gone.append((moment if delivered else 1000, signed))
    expected = {} if level is None else {"TEA": Decimal(level - sum(taken for at_, taken in gone if at_ > since))}

    assert free(ledger) == expected
    ledger.close()
