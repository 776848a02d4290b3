"""`exchange pause` and `exchange resume`. (What they do: tests/flows/test_deliver_brakes.py.)"""

from __future__ import annotations

from tests.flows.shop import Shop


def test_as_json(busy: Shop) -> None:
    paused = busy.type("pause", "wms", "--as", "mara", "--reason", "stocktaking", "--json").row
    resumed = busy.type("resume", "wms", "--json").row

    assert {key: value for key, value in paused.items() if key != "at"} == {
        "kind": "endpoint",
        "name": "wms",
        "who": "mara",
        "reason": "stocktaking",
    }
    assert resumed == paused


def test_what_is_not_paused_is_refused_with_what_is(busy: Shop) -> None:
    nothing = busy.type("resume", "wms")
    busy.type("pause", "erp")
    other = busy.type("resume", "erpp")

    assert (nothing.exit, "wms is not paused; nothing is" in nothing.err) == (2, True)
    assert (other.exit, "erp" in other.err) == (2, True)
