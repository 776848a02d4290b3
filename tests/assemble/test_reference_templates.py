"""The page on templates: its tables are the code's declarations."""

from __future__ import annotations

import re

from exchange.assemble.reference_templates import templates_reference
from exchange.formats.template.check import FILE_FACTS

TEXT = templates_reference()


def test_every_fact_of_a_file_is_explained() -> None:
    for name, said in FILE_FACTS.items():
        assert f"| `file.{name}` | {said} |\n" in TEXT


def test_keys_of_the_mapping_and_of_the_flow() -> None:
    for key in ("format.template", "format.schema", "totals", "deliver[].file_per", "deliver[].documents_per_file"):
        assert len(re.findall(rf"^\| `{re.escape(key)}` \| ", TEXT, re.MULTILINE)) == 1, key


def test_the_codes_that_a_document_can_have() -> None:
    assert "| `TARGET_INVALID` | " in TEXT
    assert "| `NOT_SUMMABLE` | " in TEXT
