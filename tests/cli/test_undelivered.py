"""What `status` says of deliveries that wait, and whether `--check` minds."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests.flows.shop import Shop, order
from tests.flows.test_deliver_targets import bring_back, take_away

FLOW, SETTINGS = "mappings/flows/orders.yaml", "mappings/exchange.yaml"


def said(shop: Shop) -> tuple[int, str]:
    """Return how `status --check` ends, and what it says of the first delivery that waits."""
    ran = shop.type("status", "--check")
    return ran.exit, next(line for line in ran.out.splitlines() if " (delivery " in line).partition("): ")[2]


def killed(shop: Shop, point: str) -> None:
    """Run until a point, and die there."""
    script = "from exchange.cli.main import main; main()"
    command = [sys.executable, "-c", script, "--workspace", str(shop.root), "run"]
    ran = subprocess.run(command, env={**os.environ, "EXCHANGE_CRASH_AT": point}, capture_output=True, check=False)
    assert ran.returncode == -signal.SIGKILL


def test_a_target_that_is_away_is_minded(shop: Shop) -> None:
    take_away(shop, "erp")
    shop.take("a.csv", order(1))

    assert said(shop) == (3, "the next run that reaches erp delivers it")

    bring_back(shop, "erp")
    shop.type("run")
    assert shop.type("status", "--check").exit == 0


def test_a_limit_of_a_target_that_is_away_is_no_excuse(shop: Shop) -> None:
    shop.edit(SETTINGS, "path: data/outbox/erp", "path: data/outbox/erp, max_in_flight: 1")
    take_away(shop, "erp")
    shop.take("a.csv", order(1))

    assert said(shop) == (3, "the next run that reaches erp delivers it")


@pytest.mark.parametrize(("kind", "name"), [("endpoint", "erp"), ("flow", "orders")])
def test_what_somebody_paused_is_named_and_not_minded(shop: Shop, kind: str, name: str) -> None:
    take_away(shop, "erp")
    shop.take("a.csv", order(1))
    shop.type("pause", name)

    assert said(shop) == (0, f"{kind} {name} is paused; `exchange resume {name}` lets it go on")
    [waits] = shop.type("status", "--json").row["undelivered"]
    assert waits["why"].startswith(f"{kind} {name} is paused")


def test_the_pause_of_another_target_is_no_excuse(shop: Shop) -> None:
    take_away(shop, "erp")
    shop.take("a.csv", order(1))
    shop.type("pause", "wms")

    assert said(shop) == (3, "the next run that reaches erp delivers it")


def test_a_limit_that_is_reached_is_named_and_not_minded(shop: Shop) -> None:
    shop.edit(SETTINGS, "path: data/outbox/erp", "path: data/outbox/erp, max_in_flight: 1")
    for number in (1, 2, 3):
        shop.take(f"{number}.csv", order(number))
    limit = (
        "erp has as many delivered files as it may that it has neither taken nor acknowledged (max_in_flight: 1); "
        "later runs deliver the rest"
    )

    assert said(shop) == (0, limit)
    assert shop.type("status").out.count(limit) == 2

    for path in shop.files("data/outbox/erp"):
        path.unlink()
    ran = shop.type("status", "--check")
    assert (ran.exit, ran.out.count("the next run that reaches erp"), ran.out.count(limit)) == (3, 1, 1)


def test_what_is_in_view_already_only_has_to_be_noted(shop: Shop) -> None:
    shop.drop("a.csv", order(1))
    killed(shop, "publish.revealed:2")
    [path] = shop.files("data/outbox/erp/orders")
    shown = path.relative_to(shop.root)

    lines = shop.type("status").out
    assert f"{shown} is in view already; the next run notes that it is delivered" in lines
    assert shop.type("status", "--check").exit == 0

    path.write_text("something else")
    lines = shop.type("status").out
    assert f"{shown} exists with other content; once it is gone, the next run delivers it" in lines
    assert shop.type("status", "--check").exit == 3


def test_a_target_that_is_not_configured_any_more(shop: Shop) -> None:
    take_away(shop, "erp")
    shop.take("a.csv", order(1))
    shop.edit(FLOW, "to: erp", "to: wms")
    shop.edit(SETTINGS, "  erp:", "  crm:")

    assert said(shop) == (3, "endpoint erp is not there any more; bring it back in mappings/exchange.yaml, then run")
