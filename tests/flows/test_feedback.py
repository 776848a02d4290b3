"""What a partner is told of his own file, in a folder of his own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.shop import Line, Ran, Shop, order, read_csv

FLOW = "mappings/flows/orders.yaml"
PICK_UP = "mapping: shopify/orders, settle: 10s, then: archive"


@pytest.fixture
def told(shop: Shop) -> Shop:
    """A shop whose partner is told."""
    shop.edit(FLOW, PICK_UP, f"{PICK_UP}, feedback: {{to: erp, folder: answers}}")
    return shop


def answer(shop: Shop, name: str) -> list[dict[str, str]]:
    """Return the rows of a feedback file."""
    return read_csv((shop.root / "data/outbox/erp/answers" / name).read_text(encoding="utf-8"))


def test_counts_first_then_one_line_for_each_problem(told: Shop) -> None:
    ran = told.take("day 1.csv", [order(1), order(2, Line("NOPE")), order(3, status="pending")])
    assert ran.exit == 3
    summary, problem = answer(told, "day 1.csv.feedback.csv")
    assert (summary["kind"], summary["file"]) == ("summary", "day 1.csv")
    assert summary["message"] == "3 records: 1 taken, 1 rejected, 0 not needed, 1 waiting"
    assert (problem["kind"], problem["line"], problem["document"], problem["field"], problem["value"]) == (
        "error",
        "3",
        "2",
        "Lineitem sku",
        "NOPE",
    )
    assert problem["code"] == "LOOKUP_MISS"
    assert problem["remedy"]
    assert {out["endpoint"] for out in ran.row["outputs"]} == {"wms", "erp"}, "it is no output of the flow"


def test_file_rejected_whole_is_told_too(told: Shop) -> None:
    assert told.take("bad.csv", "nothing,of,this\n1,2,3\n").exit == 3
    summary, *problems = answer(told, "bad.csv.feedback.csv")
    assert "0 taken, 1 rejected" in summary["message"]
    assert problems
    assert {row["document"] for row in problems} == {""}


def test_same_name_again_takes_another_name(told: Shop) -> None:
    told.take("day.csv", order(1))
    told.take("day.csv", order(2))
    assert len(list((told.root / "data/outbox/erp/answers").iterdir())) == 2


def test_without_the_key_nobody_is_told(shop: Shop) -> None:
    shop.take("day.csv", order(1))
    assert not (shop.root / "data/outbox/erp/answers").exists()


@pytest.mark.parametrize(
    ("key", "said"), [("to: erpp", "erpp"), ("to: erp, folder: ../up", "folder"), ("to: erp, name: fixed.csv", "name")]
)
def test_mistake_in_it_is_found(shop: Shop, key: str, said: str) -> None:
    shop.edit(FLOW, PICK_UP, f"{PICK_UP}, feedback: {{{key}}}")
    ran: Ran = shop.type("check")
    assert ran.exit == 5
    assert any("orders.yaml" in line and said in line for line in ran.out.splitlines())


def test_dry_run_tells_nobody(told: Shop) -> None:
    told.drop("day.csv", order(1))
    assert told.type("run", "orders", "--dry-run").exit == 0
    assert not Path(told.root / "data/outbox/erp/answers").exists()
