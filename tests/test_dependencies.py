"""Whatever the product and its tests import is declared: a machine that happens to have more hides what is missing."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
OWN = {"exchange", "tests"}
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def plain(name: str) -> str:
    """Return a distribution's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def named(requirements: list[str]) -> set[str]:
    """Return the distributions that requirements name."""
    return {plain(re.split(r"[\s\[<>=!~;]", each, maxsplit=1)[0]) for each in requirements}


def imported(folder: str) -> dict[str, str]:
    """Return the packages of others that the modules of a folder import, and a module that does."""
    found: dict[str, str] = {}
    for path in sorted((TOP / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found |= {name.partition(".")[0]: str(path.relative_to(TOP)) for name in names}
    return {name: where for name, where in found.items() if name not in OWN and name not in sys.stdlib_module_names}


@pytest.mark.parametrize(("folder", "extras"), [("exchange", ("testing", "keyring")), ("tests", ("dev", "keyring"))])
def test_what_is_imported_is_declared(folder: str, extras: tuple[str, ...]) -> None:
    optional = PROJECT["optional-dependencies"]
    declared = named([*PROJECT["dependencies"], *(each for extra in extras for each in optional[extra])])
    belongs = packages_distributions()
    loose = {
        f"{name} ({where})"
        for name, where in imported(folder).items()
        if not declared & {plain(each) for each in belongs.get(name, [name])}
    }
    assert not loose
