"""`exchange trace`."""

from __future__ import annotations

import pytest

from tests.flows.shop import Shop


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("1001", "order 1001 (shopify): sent to data/outbox/wms/orders/ORD_"),
        ("#1001", "order 1001 (shopify): sent to data/outbox/wms/orders/ORD_"),
        ("1002", "order 1002 (shopify): held: payment_status is pending\n"),
        ("1003", "order 1003 (shopify): rejected: Lineitem sku: 'NOT-SOLD' is not in the column 'sku' of table items"),
    ],
)
def test_the_answer_comes_first(busy: Shop, number: str, said: str) -> None:
    ran = busy.type("trace", "order", number)

    assert ran.exit == 0
    assert ran.out.startswith(said)
    assert "data/inbox/shopify/orders/day.csv line " in ran.out.splitlines()[1]
    assert "mapping shopify/orders" in ran.out.splitlines()[1]


def test_as_json(busy: Shop) -> None:
    [row] = busy.trace(1001)

    assert (row["document"], row["disposition"], row["file"], row["file_line"]) == (
        "order/shopify/1001",
        "out",
        "day.csv",
        2,
    )
    assert [(output["target"], output["state"]) for output in row["outputs"]] == [
        ("wms", "delivered"),
        ("erp", "delivered"),
    ]
    assert all((busy.root / output["path"]).is_file() for output in row["outputs"])
    [rejected] = busy.trace(1003)
    assert [problem["code"] for problem in rejected["problems"]] == ["LOOKUP_MISS"]
    assert [reject["state"] for reject in rejected["rejects"]] == ["open"]


def test_never_seen(busy: Shop) -> None:
    ran = busy.type("trace", "order", "9999")

    assert (ran.exit, ran.out) == (2, "")
    assert "no file that was taken so far has order 9999" in ran.err
