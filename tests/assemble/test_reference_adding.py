"""What the page on adding a format shows is what the code has."""

from __future__ import annotations

import re
from pathlib import Path

from exchange.assemble.plan import READERS, WRITERS
from exchange.assemble.reference_adding import ADDING

TOP = Path(__file__).parents[2]


def test_files_and_rows_that_it_names_exist() -> None:
    named = re.findall(r"`((?:config|formats|assemble|kernel)/[\w/]+\.py)`", ADDING)
    assert len(named) >= 7
    assert [name for name in named if not (TOP / "exchange" / name).is_file()] == []
    assert (TOP / "tests/flows/formats.py").is_file()
    assert f'"jsonl": "{READERS["jsonl"]}"' in ADDING
    assert f'"jsonl": "{WRITERS["jsonl"]}"' in ADDING


def test_the_keys_shown_are_those_of_the_model() -> None:
    model = (TOP / "exchange/config/formats.py").read_text(encoding="utf-8")
    for line in ("class JsonlFormat(FileFormat):", 'type: Literal["jsonl"] = "jsonl"', 'lines: str = ""'):
        assert line in ADDING
        assert line in model
