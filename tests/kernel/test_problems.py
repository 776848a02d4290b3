"""A problem's words come from the catalogue, filled with what was found."""

from __future__ import annotations

from exchange.kernel.limits import MISTAKE_VALUE
from exchange.kernel.problems import Problem


def test_words_are_filled() -> None:
    miss = Problem("LOOKUP_MISS", 3, 1, "Lineitem sku", "X-1", {"key": "sku", "table": "items"})

    assert miss.message == "Lineitem sku: 'X-1' is not in the column 'sku' of table items"
    assert miss.remedy == "add a line for 'X-1' to mappings/tables/items.csv, then drop the reject file back in"
    assert (miss.scope, miss.severity) == ("record", "error")


def test_a_unit_that_is_not_known_says_that_the_document_waits_for_its_reject_file() -> None:
    unknown = Problem("UNIT_UNKNOWN", field="unit", detail={"table": "packs", "item": "1", "unit": "CS"})

    assert unknown.remedy == "add the line to mappings/tables/packs.csv, then drop the reject file back in"


def test_a_rule_may_let_a_problem_pass_as_a_warning() -> None:
    assert Problem("REQUIRED_MISSING", level="warning").severity == "warning"
    assert Problem("NO_RECORDS").severity == "warning"


def test_long_values_are_shown_shortened_and_kept_whole() -> None:
    long = Problem("NOT_AN_INTEGER", field="f", value="9x" * MISTAKE_VALUE)

    assert len(long.message) < MISTAKE_VALUE + 60
    assert "…" in long.message
    assert long.value == "9x" * MISTAKE_VALUE


def test_braces_in_a_value_are_only_text() -> None:
    assert Problem("NOT_AN_INTEGER", field="f", value="{0}{x}").message == "f: '{0}{x}' is not a whole number"
