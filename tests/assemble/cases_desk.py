"""Runs the cases of a text on a mapping of the starter workspace, for tests of what a case comes to."""

from __future__ import annotations

import tempfile
from pathlib import Path

from exchange.assemble.cases_coverage import Recorder
from exchange.assemble.cases_run import run_case
from exchange.cases.coverage import Coverage
from exchange.cases.made import Made
from exchange.config.cases import Cases
from exchange.config.loader import load_bytes
from exchange.config.scaffold import starter
from exchange.config.workspace import load_mapping, mapping_file


def run(name: str, text: str, root: Path | None = None, coverage: Coverage | None = None) -> list[Made]:
    """Return what each case of a cases file made."""
    where = root or starter()
    cases = load_bytes(text.encode(), "m_test.yaml", Cases).required()
    recorder = Recorder(name, load_mapping(where, name), coverage or Coverage(mapping_file(name)))
    made = []
    for case in cases.cases:
        with tempfile.TemporaryDirectory() as folder:
            made.append(run_case(where, name, case, cases.defaults, (Path(folder), recorder)))
    return made
