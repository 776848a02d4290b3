"""`exchange replay`. (What it does: tests/flows/test_deliver_again.py.)"""

from __future__ import annotations

from tests.flows.shop import Shop


def test_says_what_it_would_do_and_what_it_did(busy: Shop) -> None:
    claim = busy.trace(1001)[0]["claim"]

    told = busy.type("replay", claim, "--dry-run")
    ran = busy.type("replay", claim)

    assert told.out.startswith("would run day.csv of ")
    assert told.out.endswith(f" UTC (claim {claim}) through flow orders once more\n")
    assert (ran.exit, "day.csv (claim" in ran.out) == (3, True)
