"""A held document is released from its own rows, as a batch of its own."""

from __future__ import annotations

import pytest

from exchange.engine.release import release_document
from exchange.kernel.claim_rows import HeldDocument
from exchange.kernel.errors import Stop
from exchange.kernel.model import Disposition, Origin
from tests.engine.desk import AS_OF, Desk, Line, order


@pytest.fixture
def held(desk: Desk) -> HeldDocument:
    """Order 1002 of three, held."""
    pending = (order(1002, Line("POT-CAST"), Line("TEA-MINT"), status="pending"), order(1003, status="pending"))
    desk.run("day.csv", order(1001), *pending)
    [found] = desk.house.ledger.documents.held("order", "1002")
    return found


def test_its_own_rows_go_out_linked_to_the_claim_that_held_them(desk: Desk, held: HeldDocument) -> None:
    report = release_document(desk.house, held)

    assert report is not None
    assert (report.documents.total, report.documents.out, report.records.out) == (1, 1, 2)
    claim = desk.house.ledger.claims.sealed(report.claim).claim
    assert (claim.origin, claim.parent, claim.as_of) == (Origin.RELEASE, held.claim.id, AS_OF)
    [path] = [output["path"] for output in report.outputs if output["endpoint"] == "wms"]
    assert b"<OrderNumber>1002<" in (desk.house.root / str(path)).read_bytes()
    rows = desk.house.ledger.documents.trace("order", "1002")
    assert [row.row.disposition for row in rows] == [Disposition.HELD, Disposition.OUT]
    assert desk.house.ledger.documents.held("order", "1002") == []
    assert [found.row.number for found in desk.house.ledger.documents.held("order", "1003")] == ["1003"]
    assert desk.tree("data/state/work") == {}


def test_rows_that_are_gone_are_an_integrity_fault(desk: Desk, held: HeldDocument) -> None:
    for path in (desk.house.root / "data/state/held").rglob("*.csv"):
        path.unlink()

    with pytest.raises(Stop, match="1002 cannot be released from it; export the order again"):
        release_document(desk.house, held)


def test_a_document_without_kept_rows_cannot_be_released(desk: Desk, held: HeldDocument) -> None:
    bare = HeldDocument(held.claim, held.kind, held.channel, held.row, None)

    with pytest.raises(Stop, match="does not say where the rows of 1002 are kept"):
        release_document(desk.house, bare)
