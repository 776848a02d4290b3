"""The catalogue of problems: every entry of every module is in it, and no code is declared twice."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from pathlib import Path

import exchange.kernel
from exchange.kernel.catalogue import CATALOGUE, ENTRIES
from exchange.kernel.catalogue_entry import Entry

MODULES = sorted(path.stem for path in Path(exchange.kernel.__path__[0]).glob("catalogue_*.py"))


def test_a_code_means_one_thing() -> None:
    declared = Counter(entry.code for entry in ENTRIES)
    assert [code for code, number in declared.items() if number > 1] == []
    assert len(CATALOGUE) == len(ENTRIES)


def test_no_module_of_it_is_forgotten() -> None:
    apart: dict[str, set[str]] = {}
    for module in MODULES:
        made = vars(import_module(f"exchange.kernel.{module}")).values()
        rows = (each for value in made if isinstance(value, tuple) for each in value if isinstance(each, Entry))
        for entry in rows:
            apart.setdefault(entry.code, set()).add(entry.title)
    assert apart.keys() <= CATALOGUE.keys()
    assert {code for code, titles in apart.items() if titles != {CATALOGUE[code].title}} == set()
