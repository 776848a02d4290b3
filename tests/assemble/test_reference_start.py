"""The first page names files that a workspace has, and headings that the reference has."""

from __future__ import annotations

import re

from exchange.assemble.reference import FILES
from exchange.assemble.reference_start import START


def test_every_yaml_file_is_named_in_the_table_of_files() -> None:
    named = set(re.findall(r"^\| `([^`]+)` \|", START, re.MULTILINE))
    assert set(FILES) - named <= {"mappings/flows/<flow>_test.yaml"}


def test_the_walk_comes_before_the_tables() -> None:
    assert START.index("## A new partner in ten minutes") < START.index("## Which file says what")
