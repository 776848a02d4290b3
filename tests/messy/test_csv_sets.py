"""The public collections of messy CSV files: a table of file, problem codes and peak memory (`pytest -s` shows it)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from exchange.formats.delimited.around import Around
from exchange.formats.delimited.reader import DelimitedReader
from tests.samples.shared import shared

SETS = shared("csv_messy")
FILES = sorted(path for path in SETS.rglob("*") if path.suffix.lower() in {".csv", ".tsv"})
PEAK_MB = 60
"""What one of these small files may take; the readers' own buffers are most of it."""
PLAIN = DelimitedReader("utf-8", ",", (), (), None, "mappings/x.yaml")
DIALECTS = {
    "dummy.tsv": replace(PLAIN, delimiter="\t"),
    "test_utf16_big.csv": replace(PLAIN, encoding="utf-16"),
    "test_utf16_little.csv": replace(PLAIN, encoding="utf-16"),
    "test_skip_lines.csv": replace(PLAIN, around=Around(skip=3)),
    "bad_skip_lines.csv": replace(PLAIN, around=Around(skip=3)),
}
"""Files whose dialect a mapping would declare."""
CODES = {
    "csvkit-2.2.0/bad.csv": ["ROW_TOO_LONG", "ROW_TOO_SHORT"],
    "csvkit-2.2.0/bad_skip_lines.csv": ["ROW_TOO_LONG", "ROW_TOO_SHORT"],
    "csvkit-2.2.0/empty.csv": ["FILE_EMPTY"],
    "csvkit-2.2.0/join_a_short.csv": ["ROW_TOO_SHORT"],
    "csvkit-2.2.0/no_header_row.csv": ["NO_RECORDS"],
    "csvkit-2.2.0/no_header_row2.csv": ["NO_RECORDS"],
    "csvkit-2.2.0/null_byte.csv": ["CONTROL_CHARACTER"],
    "csvkit-2.2.0/test_empty_columns.csv": ["ROW_TOO_SHORT"],
    "csvkit-2.2.0/test_empty_columns_long_row.csv": ["ROW_TOO_LONG"],
    "csvkit-2.2.0/test_empty_columns_short_row.csv": ["ROW_TOO_SHORT"],
    "csvkit-2.2.0/test_extra_header.csv": ["ROW_TOO_SHORT"],
    "csvkit-2.2.0/test_join_short_rows.csv": ["ROW_TOO_SHORT"],
    "csvkit-2.2.0/test_latin1.csv": ["UNDECODABLE"],
}
"""What is to be said of the files that are not simply read."""


def _status(name: str) -> int:
    """Return a figure of this process in kB."""
    found = re.search(rf"^{name}:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"), re.MULTILINE)
    return int(found[1]) if found else 0


def _codes(path: Path) -> Iterator[str]:
    each = DIALECTS.get(path.name, PLAIN)
    found = each.survey(path)
    yield from (problem.code for problem in found.problems if problem.code != "EXTRA_COLUMNS")
    if found.layout is None or found.refused:
        return
    each = replace(each, wanted=found.layout.columns)
    records = 0
    for span in each.spans(found.layout):
        chunk = each.parse(span, found.layout)
        records += len(chunk.frame) + len(chunk.broken)
        yield from (broken.problem.code for broken in chunk.broken)
        yield from (problem.code for problem in chunk.problems)
    assert records == each.count(found.layout), path.name


@pytest.mark.skipif(not FILES, reason="the shared collection of messy CSV files is not here")
def test_each_file_is_read_or_refused_for_its_own_reason(tmp_path: Path) -> None:
    table = []
    for path in FILES:
        copy = tmp_path / path.name
        copy.write_bytes(path.read_bytes())
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
        before = _status("VmRSS")
        codes = sorted(set(_codes(copy)))
        table.append((str(path.relative_to(SETS)), codes, (_status("VmHWM") - before) / 1024))
    print()
    for name, codes, peak in table:
        print(f"{name:60} {', '.join(codes) or '-':40} {peak:6.1f} MB")
    assert {name: codes for name, codes, _ in table if codes} == CODES
    assert max(peak for *_, peak in table) < PEAK_MB
