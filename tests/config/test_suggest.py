"""Did you mean."""

from __future__ import annotations

from exchange.config.suggest import closest, suggest


def test_a_close_name_is_proposed_whatever_its_case() -> None:
    assert suggest("Lineitem quantiti", ["Lineitem quantity", "Name"]) == "did you mean 'Lineitem quantity'?"
    assert suggest("NAME", ["Name", "Id"]) == "did you mean 'Name'?"


def test_where_nothing_is_close_the_names_are_listed() -> None:
    assert suggest("zzz", ["b", "a"]) == "known: a, b"
    assert suggest("zzz", [f"column {number:02}" for number in range(15)]).endswith("column 11 and 3 more")


def test_where_there_is_nothing_it_says_so() -> None:
    assert suggest("x", []) == "there are none"
    assert closest("x", []) is None
