"""The codes of `exchange check`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import exchange
from exchange.kernel.catalogue import CATALOGUE
from exchange.kernel.catalogue_lint import ANY, LINT_ENTRIES
from exchange.kernel.errors import Mistake

_PACKAGE = Path(exchange.__file__).parent
_CODED = {"Mistake": 6, "mistake": 5, "PlanMistake": 4, "Wrong": 4, "Fault": 4, "wrong": 4}
"""Call -> how many arguments it has when the last of them is the code."""


def test_each_code_is_of_the_configuration_and_has_its_own_name() -> None:
    codes = [entry.code for entry in LINT_ENTRIES]
    assert len(set(codes)) == len(codes)
    assert {entry.scope for entry in LINT_ENTRIES} == {"configuration"}
    assert set(codes) <= {code for code, entry in CATALOGUE.items() if entry.scope == "configuration"}
    assert {entry.severity for entry in CATALOGUE.values() if entry.scope != "configuration"} <= {"error", "warning"}


def test_a_mistake_has_the_severity_of_its_code_and_is_the_same_without_it() -> None:
    assert Mistake("a", 1, 1, "x").code == ANY
    assert Mistake("a", 1, 1, "x").severity == "error"
    assert Mistake("a", 1, 1, "x", "y", "UNUSED_TABLE").severity == "warning"
    assert Mistake("a", 1, 1, "x", "y", "UNUSED_TABLE") == Mistake("a", 1, 1, "x", "y")


def test_every_code_that_is_given_to_a_finding_is_in_the_catalogue() -> None:
    given = {code for code in _given() if " " not in code}  # what stands there in words is advice, not a code
    assert given - set(CATALOGUE) == set()
    assert len(given) > 20


def _given() -> Iterator[str]:
    for path in sorted(_PACKAGE.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            if name not in _CODED:
                continue
            named = [keyword.value for keyword in call.keywords if keyword.arg == "code"]
            last = call.args[_CODED[name] - 1 :] if len(call.args) == _CODED[name] else []
            yield from (
                part.value for part in [*named, *last] if isinstance(part, ast.Constant) and isinstance(part.value, str)
            )
