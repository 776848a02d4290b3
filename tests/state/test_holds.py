"""What is held for too long: found once, told or let go in one step; from outside: tests/flows/test_held_limit.py."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from exchange.kernel.model import Disposition
from exchange.kernel.naming import is_overdue, overdue_id
from exchange.kernel.reject_rows import ProblemRow
from exchange.state.glance import holds_too_long
from exchange.state.ledger import SqlLedger
from tests.state.book import URL, at, document, reject, sealed

HELD = Disposition.HELD


def test_held_since_the_first_file_in_a_row_that_held_it(ledger: SqlLedger) -> None:
    first = sealed(ledger, "a", [document("1", HELD), document("2", HELD), document("3")], minutes=0)
    sealed(ledger, "b", [document("1", HELD, minutes=5), document("2", minutes=5)], minutes=5)

    [found] = ledger.holds.overdue("orders", at(9))

    assert (found.held.row.number, found.since, found.first_claim, found.position) == ("1", at(0), first.id, 0)
    assert ledger.holds.overdue("orders", at(-1)) == []
    assert ledger.holds.overdue("others", at(9)) == []


def test_each_file_is_looked_at_once(ledger: SqlLedger, tmp_path: Path) -> None:
    assert not ledger.holds.crossed("orders", at(9))
    sealed(ledger, "a", [document("1", HELD)], minutes=1)
    assert not ledger.holds.crossed("orders", at(0))
    assert ledger.holds.crossed("orders", at(1))
    assert holds_too_long(URL, tmp_path, "orders", at(1)) is True

    ledger.holds.settle("orders", at(1))

    assert not ledger.holds.crossed("orders", at(9))
    assert holds_too_long(URL, tmp_path, "orders", at(9)) is False
    assert ledger.holds.overdue("orders", at(9)) == []
    sealed(ledger, "b", [document("1", HELD, minutes=5)], minutes=5)
    assert [each.since for each in ledger.holds.overdue("orders", at(9))] == [at(1)]
    ledger.holds.settle("orders", at(9))
    ledger.holds.settle("orders", at(3))
    assert ledger.holds.crossed("orders", at(5))


def test_told_once_for_each_wait(ledger: SqlLedger) -> None:
    claim = sealed(ledger, "a", [document("1", HELD)], minutes=1)
    [found] = ledger.holds.overdue("orders", at(2))
    identity = overdue_id(found.first_claim, found.position)
    opened = replace(
        reject(claim, 1, "1"), reject_id=identity, codes=("HELD_TOO_LONG",), opened_at=at(3), channel="shopify"
    )
    told = (opened, ProblemRow("HELD_TOO_LONG", "error", "m", number="1", reject_id=identity))

    ledger.holds.settle("orders", at(2), told=[told])

    assert is_overdue(identity)
    assert ledger.rejects.find("orders") == [opened]
    assert [problem.code for problem in ledger.rejects.problems(identity)] == ["HELD_TOO_LONG"]
    sealed(ledger, "b", [document("1", HELD, minutes=4)], minutes=4)
    assert ledger.holds.overdue("orders", at(9)) == []
    sealed(ledger, "c", [document("1", minutes=5)], minutes=5)
    sealed(ledger, "d", [document("1", HELD, minutes=6)], minutes=6)
    assert [each.since for each in ledger.holds.overdue("orders", at(9))] == [at(6)]


def test_let_go_is_filtered_from_then_on(ledger: SqlLedger) -> None:
    sealed(ledger, "a", [document("1", HELD), document("2", HELD)], minutes=1)
    first, _ = ledger.holds.overdue("orders", at(2))

    ledger.holds.settle("orders", at(2), let_go=[(first, "held for too long")])

    assert ledger.documents.held("order", "1") == []
    assert [held.row.number for held in ledger.documents.held("order", "2")] == ["2"]
    assert ledger.summary().held_documents == {"orders": 1}
    assert [(row.row.disposition, row.row.reason) for row in ledger.documents.trace("order", "1")] == [
        (HELD, "pending"),
        (Disposition.FILTERED, "held for too long"),
    ]
    assert ledger.documents.filtered("orders", "held for too long") == 1


def test_older_export_that_came_later_says_nothing(ledger: SqlLedger) -> None:
    sealed(ledger, "a", [document("1", HELD, minutes=5)], minutes=5)
    sealed(ledger, "b", [document("1", Disposition.FILTERED, minutes=1)], minutes=6)

    assert [each.since for each in ledger.holds.overdue("orders", at(9))] == [at(5)]
