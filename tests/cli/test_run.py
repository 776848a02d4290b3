"""`exchange run`: what was asked for, and what is said where there is nothing to do."""

from __future__ import annotations

import pytest

from tests.flows.shop import Shop, order


def test_nothing_to_do_and_still_settling_are_said(shop: Shop) -> None:
    idle = shop.type("run")
    assert (idle.exit, idle.out, idle.err) == (0, "", "nothing to do: no file is ready\n")
    shop.drop("day.csv", order(1001)).touch()
    waiting = shop.type("run")
    assert (waiting.exit, waiting.out) == (0, "")
    assert waiting.err.startswith("1 file still settling: day.csv (ready in ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "ordrs"], "orders"),
        (["run", "--settle", "soon"], "expected a duration such as 10s"),
    ],
)
def test_what_cannot_be_asked_for(shop: Shop, words: list[str], said: str) -> None:
    ran = shop.type(*words)

    assert ran.exit == 2
    assert said in ran.err


def test_a_file_needs_a_flow_where_there_are_several(shop: Shop) -> None:
    text = (shop.root / "mappings/flows/orders.yaml").read_text(encoding="utf-8")
    (shop.root / "mappings/flows/other.yaml").write_text(text.replace("flow: orders", "flow: other"), encoding="utf-8")

    (shop.root / "x.csv").touch()

    ran = shop.type("run", "--file", str(shop.root / "x.csv"))

    assert ran.exit == 2
    assert "say which flow takes the file: exchange run FLOW --file PATH" in ran.err
