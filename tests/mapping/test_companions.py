"""A field that keeps a part of a text needs another one for the rest."""

from __future__ import annotations

from typing import Any

import pytest

from exchange.config.models import FieldMap
from exchange.mapping.binding import Scope
from exchange.mapping.companions import missing_companions
from exchange.mapping.level import Level, compile_level

STREET, NUMBER = {"street": {"country": "DE"}}, {"house_number": {"country": "DE"}}


def found(**fields: Any) -> list[str]:
    """Return what is missing for fields of (inputs, steps)."""
    made = {name: FieldMap.model_validate({"from": inputs, "steps": steps}) for name, (inputs, steps) in fields.items()}
    level = Level(None, {}, Scope({"one": "text", "two": "text"}, is_open=False), {}, [])
    plan = compile_level("fields", made, level)
    assert level.mistakes == []
    return [mistake.what for mistake in missing_companions(plan)]


def wrap(line: int, lines: int = 2, length: int = 35) -> dict[str, Any]:
    """Return the step that keeps one line."""
    return {"wrap_address": {"line": line, "lines": lines, "length": length}}


def test_both_parts_or_the_whole() -> None:
    assert found(Street=("one", [STREET]), Number=("one", ["strip", NUMBER])) == []
    assert found(Line=("one", ["upper"]), Number=("one", [NUMBER])) == []
    assert found(A=(["one", "two"], [wrap(1)]), B=(["one", "two"], [wrap(2)])) == []


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"Street": ("one", [STREET])}, "Street keeps a part of one, and no field keeps the rest"),
        ({"Street": ("one", [STREET]), "No": ("two", [NUMBER])}, "No keeps a part of two, and no field keeps the rest"),
        (
            {"Unit": ("one", [{"unit_only": {"country": "US"}}])},
            "Unit keeps a part of one, and no field keeps the rest",
        ),
        ({"A": (["one", "two"], [wrap(1)])}, "no field keeps line 2 of 2"),
        (
            {"A": ("one", [wrap(1)]), "B": ("one", [wrap(2, length=30)])},
            "A and others wrap the same lines to different lengths, so that words would vanish",
        ),
    ],
)
def test_what_nothing_keeps(fields: dict[str, Any], what: str) -> None:
    assert what in found(**fields)
