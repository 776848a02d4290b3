"""`exchange resend`. (What it does: tests/flows/test_deliver_again.py.)"""

from __future__ import annotations

from tests.flows.shop import Shop


def test_says_what_it_would_do_and_what_it_did(busy: Shop) -> None:
    delivery = busy.trace(1001)[0]["outputs"][1]["delivery"]

    told = busy.type("resend", delivery, "--dry-run")
    ran = busy.type("resend", delivery)

    assert told.out.startswith("would send SO_")
    assert told.out.endswith(".csv to erp again; it is delivered\n")
    assert (ran.exit, ran.out) == (0, f"sent {busy.trace(1001)[0]['outputs'][1]['path']} again\n")


def test_help_names_where_deliveries_are_shown(busy: Shop) -> None:
    told = busy.type("resend", "--help")

    assert (told.exit, "DELIVERY" in told.out, "--reason" in told.out, "--as" in told.out) == (0, True, True, True)
