"""Guards read what people write, and refuse what cannot be meant."""

from __future__ import annotations

import re

import pytest
from pydantic import ValidationError

from exchange.config.guards import Guards, SchemaDrift, Share, Total


def test_nothing_is_guarded_unless_it_is_written() -> None:
    guards = Guards()

    assert not guards.compares
    assert not guards.about_items
    assert guards.drift == SchemaDrift(new="ignore", missing="ignore", renamed="ignore", reordered="ignore")


def test_a_share_alone_or_with_how_many_at_least() -> None:
    guards = Guards.model_validate({"vanish": "20%", "to_zero": {"share": "5%", "at_least": 3}})

    assert (guards.vanish, guards.to_zero) == (0.2, Share.model_validate({"share": "5%", "at_least": 3}))
    assert guards.about_items


def test_drift_in_one_word_or_one_for_each() -> None:
    assert Guards(schema_drift="hold").drift.reordered == "hold"
    each = Guards.model_validate({"schema_drift": {"new": "ignore"}}).drift
    assert (each.new, each.missing, each.renamed, each.reordered) == ("ignore", "hold", "hold", "ignore")


def test_a_total_reads_the_numbers_of_its_line() -> None:
    total = Total(like="TRL*;{records};{quantity}")

    assert total.names == ("records", "quantity")
    found = re.fullmatch(total.pattern, "TRL-07;12; -1,204.50")
    assert found is not None
    assert found.groups() == ("12", "-1,204.50")
    assert re.fullmatch(total.pattern, "TRL;12") is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"totals": [{"like": "TRAILER"}]}, "expected a line such as TRAILER;{records};{quantity}"),
        ({"totals": [{"like": "{records};{records}"}]}, "each name once"),
        ({"totals": [{"like": "{"}]}, "expected a line"),
        ({"row_count": {"min": 2, "max": 1}}, "`max` is less than `min`"),
        ({"vanish": "lots"}, "20%"),
        ({"hundredfold": "weight"}, "'price'"),
        ({"jump": {"factor": 10}}, "share"),
    ],
)
def test_what_cannot_be_meant_is_refused(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(said)):
        Guards.model_validate(wrong)
