"""mappings/EXTENDING.md shows the example distribution as it is, and names what exists."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from exchange.kernel.load import load
from exchange.kernel.plugins import WORDS

TOP = Path(__file__).parents[1]
PLUGIN = TOP / "tests/testing/plugin"
PAGE = TOP / "mappings/EXTENDING.md"
SHOWN = (
    "pyproject.toml",
    "acme_suites.py",
    *(f"acme_exchange/{name}.py" for name in ("steps", "formats", "blocks", "endpoints")),
)


@pytest.mark.parametrize("name", SHOWN)
def test_the_page_shows_the_file_as_it_is(name: str, *, update: bool) -> None:
    """Only the package's place differs: here it lies below the tests."""
    text = (
        (PLUGIN / name)
        .read_text(encoding="utf-8")
        .rstrip()
        .replace("tests.testing.plugin.acme_exchange", "acme_exchange")
    )
    block = re.compile(rf"(?<=^`{re.escape(name)}`:\n\n```)(\w+)\n.*?(?=\n```$)", re.DOTALL | re.MULTILINE)
    page = PAGE.read_text(encoding="utf-8")
    fresh, found = block.subn(lambda match: f"{match[1]}\n{text}", page)
    if update:
        PAGE.write_text(fresh, encoding="utf-8")
    assert found == 1
    assert update or page == fresh, f"run pytest {__file__} --update"


def test_the_entry_points_are_those_of_the_example() -> None:
    """The tests install it without pip, by the file that pip would write."""
    declared = re.findall(
        r'^(?:\[project\.entry-points\."(.+)"\]|(\w+) = "(acme_exchange.+)")$', _read("pyproject.toml"), re.MULTILINE
    )
    written = re.findall(r"^(?:\[(.+)\]|(\w+) = (.+))$", _read("entry_points.txt"), re.MULTILINE)
    assert declared == written
    assert {group for group, *_ in written if group} == set(WORDS)


def test_the_page_asks_for_the_file_that_makes_a_package_of_the_folder() -> None:
    """Without it pip refuses to install the example: no package is found."""
    assert (PLUGIN / "acme_exchange/__init__.py").is_file()
    assert "`acme_exchange/__init__.py`" in PAGE.read_text(encoding="utf-8")


def test_what_the_page_names_exists() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for name in sorted(set(re.findall(r"`(exchange(?:\.\w+)+)`", page)) - set(WORDS)):
        module, _, last = name.rpartition(".")
        assert find_spec(name) if last.islower() else load(f"{module}:{last}"), name
    for path in re.findall(r"`(exchange/[\w/]+\.py)`", page):
        assert (TOP / path).is_file()


def _read(name: str) -> str:
    return (PLUGIN / name).read_text(encoding="utf-8")
