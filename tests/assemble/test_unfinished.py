"""What earlier runs left: told from the ledger's file and the work folders, and said to be there where nobody knows."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from exchange.assemble.unfinished import edited_for, is_left
from exchange.config.workspace import load_flows
from exchange.engine.shelves import Shelves
from tests.assemble.schedules import AT
from tests.flows.shop import Shop, order
from tests.samples.shopify import Line

LATER = AT + timedelta(days=100 * 365)
"""Beyond every moment of a test."""


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop with its ledger and nothing left to do."""
    shop = Shop(tmp_path / "ws")
    assert shop.take("day.csv", order(1001)).exit == 0
    assert not left(shop)
    assert edited(shop) == set()
    return shop


def left(shop: Shop, **held_before: datetime | None) -> bool:
    """Ask of the flow, or of those that are named."""
    return is_left(load_flows(shop.root).workspace.ledger, shop.root, held_before or {"orders": None})


def edited(shop: Shop) -> set[str] | None:
    """Ask of the flow."""
    return edited_for(load_flows(shop.root).workspace.ledger, shop.root, ["orders"], Shelves(shop.root))


def test_a_copy_in_a_work_folder_is_left_of_its_flow_alone(shop: Shop) -> None:
    (shop.root / "data/state/work/orders/0123456789ab").mkdir(parents=True)

    assert left(shop)
    assert not left(shop, others=None)


def test_held_too_long_by_the_limit_alone(shop: Shop) -> None:
    assert shop.take("held.csv", order(1002, status="pending")).exit == 0

    assert not left(shop)
    assert not left(shop, orders=AT)
    assert left(shop, orders=LATER)
    assert not left(shop, others=LATER)


def test_a_claim_that_is_not_over_is_left_of_its_flow_alone(shop: Shop) -> None:
    shop.edit("mappings/exchange.yaml", "wms: {type: local,", "wms: {type: local, mount_marker: .mounted,")
    assert shop.take("next.csv", order(1003)).exit == 6

    assert left(shop)
    assert not left(shop, others=None)


def test_a_table_that_was_edited_since_a_reject_waits_for_it(shop: Shop) -> None:
    assert shop.take("unknown.csv", order(1004, Line("NO-SUCH", "1"))).exit == 3
    assert edited(shop) == set()

    shop.edit("mappings/tables/items.csv", "TEA-MINT", "TEA-MINT-X")
    assert edited(shop) == {"orders"}
    assert edited_for(load_flows(shop.root).workspace.ledger, shop.root, ["others"], Shelves(shop.root)) == set()


def test_without_a_ledger_that_can_be_looked_at_nobody_knows(shop: Shop) -> None:
    (shop.root / "data/state/ledger.db").unlink()

    assert left(shop)
    assert edited(shop) is None
