"""The words about points in time."""

from __future__ import annotations

from exchange.kernel.problems import Problem


def test_a_time_that_never_was_names_its_zone_and_what_to_do() -> None:
    skipped = Problem("TIME_SKIPPED", field="Paid at", value="02:30", detail={"timezone": "Europe/Berlin"})

    assert skipped.message.startswith("Paid at: '02:30' does not exist in Europe/Berlin: ")
    assert "usually an hour later" in skipped.remedy
    assert "correct `timezone` in the mapping" in skipped.remedy
