"""Sent and acknowledged are different: the target's answer is looked for, kept, and settles what nobody was sure of."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.shop import Shop, order

FLOW = "mappings/flows/orders.yaml"
ACKS = "data/outbox/erp/acks"


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """A shop whose ERP acknowledges what it gets."""
    shop.edit(FLOW, '"SO_{claim}.csv"', '"SO_{claim}.csv", ack: {folder: acks}')
    return shop


def answer(shop: Shop, name: str, text: str = "thank you") -> Path:
    """Let the ERP answer."""
    path = shop.root / ACKS / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def unacknowledged(shop: Shop) -> list[str]:
    """Return the deliveries that `status` shows as not acknowledged."""
    return [delivery["delivery"] for delivery in shop.type("status", "--json").row["unacknowledged"]]


def state_of(shop: Shop, number: int, target: str) -> str:
    """Return what `trace` says of an order at a target."""
    [output] = [output for output in shop.trace(number)[-1]["outputs"] if output["target"] == target]
    return str(output["state"])


def test_an_answer_acknowledges_the_file_of_that_name_and_is_kept(shop: Shop) -> None:
    claim = shop.take("a.csv", order(1)).row["claim"]
    assert unacknowledged(shop) == [f"{claim}.2"], "the WMS answers nothing, so nothing is waited for"
    assert f"sent   SO_{claim}.csv for erp (delivery {claim}.2): not acknowledged since " in shop.type("status").out
    path = answer(shop, f"SO_{claim}.csv.ack")

    ran = shop.type("run")

    assert ran.exit == 0
    assert unacknowledged(shop) == []
    assert (state_of(shop, 1, "erp"), state_of(shop, 1, "wms")) == ("acknowledged", "delivered")
    assert ", acknowledged at " in shop.type("trace", "order", "1").out
    [told] = [line for line in shop.type("trace", "order", "1").out.splitlines() if f"(delivery {claim}.2)" in line]
    assert re.search(r", delivered at [^,]+ UTC, acknowledged at [^,]+ UTC \(", told)
    assert not path.exists()
    [kept] = [path for path in shop.files("data/archive") if path.name.endswith(".ack")]
    assert (kept.parent.name, kept.read_text()) == (f"{claim}.sent", "thank you")


def test_answers_to_others_are_left_alone(shop: Shop) -> None:
    claim = shop.take("a.csv", order(1)).row["claim"]
    paths = [answer(shop, name) for name in ("SO_other.csv.ack", f"SO_{claim}.csv.nack", f"SO_{claim}.csv")]

    assert shop.type("run").exit == 0

    assert all(path.exists() for path in paths)
    assert unacknowledged(shop) == [f"{claim}.2"]


def test_the_stem_and_a_pattern_can_name_the_answer(shop: Shop) -> None:
    shop.edit(FLOW, "ack: {folder: acks}", 'ack: {folder: acks, match: "ACK_*_{stem}.txt"}')
    claim = shop.take("a.csv", order(1)).row["claim"]
    answer(shop, f"ack_20260304_SO_{claim}.TXT")

    shop.type("run")

    assert state_of(shop, 1, "erp") == "acknowledged"


def test_an_answer_settles_what_was_presumed_delivered(shop: Shop) -> None:
    shop.drop("a.csv", order(1))
    script = "from exchange.cli.main import main; main()"
    killed = subprocess.run(
        [sys.executable, "-c", script, "--workspace", str(shop.root), "run"],
        env={**os.environ, "EXCHANGE_CRASH_AT": "publish.revealed:2"},
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    [taken] = shop.files("data/outbox/erp/orders")
    taken.unlink()
    shop.type("run")
    assert state_of(shop, 1, "erp") == "presumed delivered"
    assert "presumed delivered. If the target never got it: exchange resend " in shop.type("status").out
    assert shop.type("status", "--check").exit == 3
    answer(shop, f"{taken.name}.ack")

    shop.type("run")

    assert state_of(shop, 1, "erp") == "acknowledged"
    assert shop.type("status", "--check").exit == 0


def test_what_is_sent_again_waits_for_another_answer(shop: Shop) -> None:
    claim = shop.take("a.csv", order(1)).row["claim"]
    answer(shop, f"SO_{claim}.csv.ack")
    shop.type("run")

    shop.type("resend", f"{claim}.2")

    assert unacknowledged(shop) == [f"{claim}.2"]
    answer(shop, f"SO_{claim}.csv.ack", "got it twice")
    shop.type("run")
    assert unacknowledged(shop) == []


def test_nothing_is_asked_at_a_paused_endpoint(shop: Shop) -> None:
    claim = shop.take("a.csv", order(1)).row["claim"]
    path = answer(shop, f"SO_{claim}.csv.ack")
    shop.type("pause", "erp")

    shop.type("run")

    assert path.exists()
    assert unacknowledged(shop) == [f"{claim}.2"]


def test_an_endpoint_that_cannot_be_asked_is_said(shop: Shop) -> None:
    shop.take("a.csv", order(1))
    answer(shop, "x.ack").unlink()
    (shop.root / ACKS).rmdir()
    (shop.root / ACKS).write_text("in the way")

    ran = shop.type("run")

    assert (ran.exit, "data/outbox/erp/acks" in ran.err) == (6, True)


@pytest.mark.parametrize("point", ["answers.kept:1", "answers.noted:1"])
def test_fault_1_killed_between_the_answer_and_its_note(shop: Shop, point: str) -> None:
    """Fault 1: the next run finishes; the answer is gone from the folder and in the archive."""
    claim = shop.take("a.csv", order(1)).row["claim"]
    path = answer(shop, f"SO_{claim}.csv.ack")
    script = "from exchange.cli.main import main; main()"
    command = [sys.executable, "-c", script, "--workspace", str(shop.root), "run"]
    killed = subprocess.run(command, env={**os.environ, "EXCHANGE_CRASH_AT": point}, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert path.exists()

    assert shop.type("run").exit == 0

    assert not path.exists()
    assert state_of(shop, 1, "erp") == "acknowledged"
    assert len([path for path in shop.files("data/archive") if path.name.endswith(".ack")]) == 1


def test_a_folder_of_answers_stays_in_its_endpoint(shop: Shop) -> None:
    shop.edit(FLOW, "ack: {folder: acks}", "ack: {folder: ../elsewhere}")

    ran = shop.type("check")

    assert (ran.exit, "leads out of the endpoint" in ran.out + ran.err) == (5, True)
