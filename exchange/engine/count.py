"""Counts the records of a file that is not claimed yet; imports pandas."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from exchange.engine.house import House
from exchange.kernel.pipeline import machine_of


def records_in(house: House, pick_up: int, copy: Path) -> int:
    """Return the number of records; 0 where no header can be read."""
    reader = machine_of(house.plan(pick_up)).reader
    # In a folder of its own: a reader may put a normalised copy beside what it reads.
    scratch = copy.with_name(f"{copy.name}.count")
    scratch.mkdir()
    try:
        os.link(copy, scratch / copy.name)
        survey = reader.survey(scratch / copy.name)
        return 0 if survey.layout is None else reader.count(survey.layout)
    finally:
        shutil.rmtree(scratch)
