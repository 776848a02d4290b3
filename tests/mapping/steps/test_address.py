"""The steps behind an address block."""

from __future__ import annotations

from exchange.mapping.steps import address


def names(part: str, inputs: int = 1, own: int = 0) -> list[str]:
    """Return the steps around a part's own ones."""
    around = (*address.before(part), *address.after(part, inputs=inputs, own=own))
    return [call.name for call in around]


def test_every_part_is_stripped_and_some_get_more() -> None:
    assert {part: names(part) for part in address.PARTS} == {
        **{part: ["strip"] for part in ("name", "company", "line1", "line2", "unit", "city", "region", "kind")},
        "postcode": ["strip", "remove_prefix", "strip"],
        "phone": ["strip", "remove_prefix", "strip"],
        "country": ["strip", "upper"],
    }


def test_several_columns_are_joined_unless_steps_do_something_else() -> None:
    assert names("line1", inputs=2) == ["strip", "join"]
    assert names("line1", inputs=2, own=1) == ["strip"]
