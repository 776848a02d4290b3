"""`xml`: XML in and XML out in one table."""

from __future__ import annotations

from tests.bench import targets, xml_in
from tests.bench.report import Report
from tests.bench.settings import Settings


def run(settings: Settings) -> Report:
    """Measure both ways, `xml_in` and `xml_out`; the ratio is to libxml2's own validation of a stream."""
    parts = [part(settings) for part in (xml_in.run, targets.xml)]
    return Report(
        "xml: " + "; ".join(part.name.partition(": ")[2] for part in parts),
        [figures for part in parts for figures in part.figures],
        xml_in.STREAM,
        [goal for part in parts for goal in part.goals],
        [note for part in parts for note in part.notes],
    )
