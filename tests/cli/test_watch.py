"""`exchange watch`: what it refuses, what it shows; how it works is in tests/flows/test_watch.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.cli import watch
from exchange.cli.watch import Teller
from exchange.triggers.rounds import Ended
from tests.flows.shop import INBOX, Shop


def test_a_dry_run_shows_what_would_be_watched(shop: Shop) -> None:
    ran = shop.type("watch", "--dry-run")
    assert (ran.exit, ran.out) == (0, "")
    assert ran.err == "watching orders: shopify/orders, every 30 s and when files come\n"

    row = shop.type("watch", "--dry-run", "--json", "--every", "5s").row
    assert row == {"flow": "orders", "places": ["shopify/orders"], "folders": [str(shop.root / INBOX)], "every": 5.0}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["watch", "ordrs"], 2, "orders"),
        (["watch", "--every", "soon"], 2, "expected a duration such as 10s"),
        (["watch", "--every", "10ms"], 2, "expected 1s or more"),
    ],
)
def test_what_cannot_be_watched(shop: Shop, words: list[str], code: int, said: str) -> None:
    ran = shop.type(*words)
    assert ran.exit == code
    assert said in ran.err


def test_a_configuration_that_is_wrong_from_the_start(shop: Shop) -> None:
    shop.edit("mappings/flows/orders.yaml", "deliver:", "delivr:")
    ran = shop.type("watch")
    assert ran.exit == 5
    assert "mappings/flows/orders.yaml:" in ran.err


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (0, ""),
        (143, ""),
        (3, "orders: ended with 3, done, but some records (or a whole file) were rejected: `exchange rejects list`\n"),
        (7, "orders: ended with 7, another run holds the flow\n"),
        (137, "orders: ended with 137, it was killed; the next look carries on\n"),
    ],
)
def test_how_a_look_ended(code: int, said: str) -> None:
    heard: list[str] = []
    Teller(heard.append).tell(Ended("orders", code, None))
    assert "".join(f"{line}\n" for line in heard) == said


def test_shares_of_other_machines_send_no_events(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fault 14."""
    assert watch._sends_events(tmp_path)
    monkeypatch.setattr(watch, "network_type", lambda _: "nfs4")
    assert not watch._sends_events(tmp_path)


def test_what_waits_is_said_when_it_is_news() -> None:
    heard: list[str] = []
    teller = Teller(heard.append)
    for seconds in (9, 4):
        teller.tell(Ended("orders", 0, None, (f"1 file still settling: a.csv (ready in {seconds} s)", "link passed")))
    teller.tell(Ended("other", 0, None, ("link passed",)))
    teller.tell(Ended("orders", 0, None, ("link passed",)))
    teller.tell(Ended("orders", 0, None, ("1 file still settling: a.csv (ready in 8 s)",)))

    assert heard == [
        "1 file still settling: a.csv (ready in 9 s)",
        "link passed",
        "link passed",
        "1 file still settling: a.csv (ready in 8 s)",
    ]
