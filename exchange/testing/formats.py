"""The suite of a format: what is written is read again, records are counted and placed, a broken one leaves alone."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import ClassVar

import pytest

from exchange.kernel.chunk import Chunk, arrays
from exchange.kernel.layout import Layout
from exchange.kernel.pipeline import Machine
from exchange.testing.workbench import COLUMNS, Workbench, as_csv, from_csv

PLAIN = ("plain", 'Größe 5, "quoted"; <&>', "two  spaces", "0123", "=1+1", "")
Rows = list[dict[str, str | None]]


class FormatSuite:
    """Subclass it as `TestSomething` and say how the format is written in a mapping; columns are `COLUMNS`."""

    format: ClassVar[str]
    """What stands behind `format:` in YAML, for example `{type: blocks}`."""
    suffix: ClassVar[str] = ".txt"
    """How its files end."""
    texts: ClassVar[tuple[str, ...]] = PLAIN
    """Values that have to survive; take out what the format cannot hold."""
    broken: ClassVar[bytes] = b""
    """A file of three records of one order each, the second of which cannot be read; nothing where there is no such."""

    @pytest.fixture
    def bench(self, tmp_path: Path) -> Workbench:
        """A workspace that writes and reads the format."""
        return Workbench(tmp_path, self.format, self.suffix)

    @pytest.fixture
    def file(self, bench: Workbench) -> Path:
        """A file of the format: an order of one line for each of `texts`, and one of three lines."""
        bench.put("given", "given.csv", as_csv(self.rows()))
        code, said = bench.run("run", "write")
        assert code == 0, said
        [file] = bench.written()
        return file

    def rows(self) -> list[dict[str, str]]:
        """Return the orders that go through, one row for each line."""
        texts = [*self.texts, *["three lines"] * 3]
        numbers = [*range(1, len(self.texts) + 1), *[len(self.texts) + 1] * 3]
        shared = ("2026-03-02", "paid", "EUR", "9.50")
        return [
            dict(zip(COLUMNS, (f"{number:04}", *shared, text, f"SKU-{line}", "2", "4.75"), strict=True))
            for line, (number, text) in enumerate(zip(numbers, texts, strict=True))
        ]

    def test_check_finds_nothing(self, bench: Workbench) -> None:
        code, said = bench.run("check")
        assert code == 0, said

    def test_what_is_written_is_read_again(self, bench: Workbench, file: Path) -> None:
        code, said = bench.run("run", "read")
        assert code == 0, said
        [result] = (bench.root / "data/result").iterdir()
        assert from_csv(result) == self.rows(), f"{file.name} did not keep every value"

    def test_records_are_counted_and_placed(self, bench: Workbench, file: Path) -> None:
        machine = bench.machine()
        layout, chunks = _read(machine, file)
        records = [number for chunk in chunks for number in chunk.positions.record.tolist()]
        assert records == list(range(len(self.rows()))), "ordinals go 0, 1, 2 ... through all spans"
        assert machine.reader.count(layout) == len(records)
        lines = [line for chunk in chunks for line in chunk.positions.file_line.tolist()]
        assert all(first <= second for first, second in pairwise(lines)), "and so do the lines"
        assert lines[0] >= 1
        assert [{**row, "note": row["note"] or None} for row in self.rows()] == _cells(chunks)

    def test_rows_that_are_set_aside_are_read_again(self, bench: Workbench, file: Path, tmp_path: Path) -> None:
        """Held rows come back as they were; rejected ones with seven columns more, which name the reject."""
        machine = bench.machine()
        layout, chunks = _read(machine, file)
        last = [(int(c.positions.start[-1]), int(c.positions.length[-1])) for c in chunks][-1]
        cells = ("abc-1", "3", "sku", "x", "CODE", "what is wrong", "what to do")
        ways = {
            "held": machine.set_aside.held_rows(layout, [last]),
            "rejected": machine.set_aside.reject_rows(layout, [(*last, cells)]),
        }
        for way, pieces in ways.items():
            again = tmp_path / f"{way}{machine.set_aside.suffix}"
            again.write_bytes(b"".join(pieces))
            found, read = _read(machine, again)
            assert _cells(read) == _cells(chunks)[-1:], way
            assert dict(found.reject_ids) == ({0: "abc-1"} if way == "rejected" else {})

    def test_a_broken_record_leaves_alone(self, bench: Workbench, tmp_path: Path) -> None:
        if not self.broken:
            pytest.skip("nothing can be broken there")
        machine = bench.machine()
        (tmp_path / f"broken{self.suffix}").write_bytes(self.broken)
        layout, chunks = _read(machine, tmp_path / f"broken{self.suffix}")
        [broken] = [record for chunk in chunks for record in chunk.broken]
        assert broken.record == 1
        assert broken.problem.severity == "error"
        assert [number for chunk in chunks for number in chunk.positions.record.tolist()] == [0, 2]
        raw = machine.set_aside.raw_record(layout, broken.start, broken.length)
        assert raw.strip(), "a person sees the record as it came"
        assert raw.decode(errors="replace").split()[0] in self.broken.decode(errors="replace")


def _read(machine: Machine, path: Path) -> tuple[Layout, list[Chunk]]:
    found = machine.reader.survey(path)
    assert found.layout is not None, [problem.message for problem in found.problems]
    assert not found.refused, [problem.message for problem in found.problems]
    return found.layout, [machine.reader.parse(span, found.layout) for span in machine.reader.spans(found.layout)]


def _cells(chunks: list[Chunk]) -> Rows:
    made: Rows = []
    for chunk in chunks:
        columns = {name: cells.to_pylist() for name, cells in arrays(chunk.frame).items() if name in COLUMNS}
        made += [{name: columns[name][row] for name in COLUMNS} for row in range(len(chunk.positions.record))]
    return made
