"""The examples on cases are right: they pass."""

from __future__ import annotations

import re
from pathlib import Path

from exchange.assemble.reference_cases import CASES
from tests.flows.shop import Shop

EXAMPLES = re.findall(r"```yaml\n# (mappings/\S+)\n(.*?)```", CASES, re.DOTALL)


def test_the_examples_of_the_page_pass(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "ws")
    for file, text in EXAMPLES:
        (shop.root / file).write_text(text, encoding="utf-8")
    assert [file.split("/")[1] for file, _ in EXAMPLES] == ["shopify", "erp", "flows"]

    ran = shop.type("test", *(file for file, _ in EXAMPLES))

    assert (ran.exit, ran.out.splitlines()[-1]) == (0, "4 cases passed"), ran.out + ran.err


def test_the_page_shows_commands_that_there_are(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "ws")
    said = shop.type("test", "--help", workspace=False).out
    for option in re.findall(r"exchange test [^#\n]*?(--\w+)", CASES):
        assert option in said
