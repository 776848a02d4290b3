"""Runs the cases of a suite one after the other, and says what differs and what they leave out."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from exchange.assemble.cases_coverage import Recorder
from exchange.assemble.cases_files import Suite, mapping_of
from exchange.assemble.cases_flow import run_flow_case
from exchange.assemble.cases_run import run_case
from exchange.cases.compare import compare
from exchange.cases.coverage import Coverage, Kind
from exchange.cases.differences import Difference
from exchange.cases.golden import compare_files
from exchange.config.cases import (
    ENDING,
    Case,
    Cases,
    FlowCases,
    subject_of,
)
from exchange.config.loader import Loaded, load
from exchange.config.models import Mapping
from exchange.config.workspace import load_mapping, mapping_file, mapping_names
from exchange.kernel.errors import Mistake
from exchange.kernel.exits import Exit
from exchange.kernel.model import FileReport

ExitOf = Callable[[FileReport], Exit]


@dataclass(frozen=True, slots=True)
class Ended:
    """How one case ended."""

    file: str
    """The cases file."""
    line: int
    case: str
    differences: tuple[Difference, ...]
    places: tuple[tuple[int, int], ...]
    """Line and column of each difference, where it is expected."""
    seconds: float


@dataclass(slots=True)
class Runs:
    """Runs the cases of a suite."""

    suite: Suite
    coverage: dict[str, Coverage] = field(default_factory=dict)
    """By mapping; filled while the cases run."""

    @property
    def root(self) -> Path:
        """The workspace; it is only read."""
        return self.suite.root

    def run(self, exit_of: ExitOf) -> Iterator[Ended]:
        """Run every case; raises ConfigurationError where a mapping or flow cannot be compiled."""
        for file, cases in self.suite.mappings.items():
            yield from self._of_mapping(file, cases)
        for file, runs in self.suite.flows.items():
            yield from self._of_flow(file, runs, exit_of)

    def _of_mapping(self, file: str, loaded: Loaded[Cases]) -> Iterator[Ended]:
        name = mapping_of(file)
        mapping = load_mapping(self.root, name)
        coverage = self.coverage.setdefault(name, Coverage(subject_of(file)))
        recorder = Recorder(name, mapping, coverage)
        cases = loaded.required()
        for number, case in enumerate(cases.cases):
            started = time.monotonic()
            with tempfile.TemporaryDirectory(prefix="exchange-test-") as folder:
                made = run_case(self.root, name, case, cases.defaults, (Path(folder), recorder))
            at = ("cases", number)
            found = compare(case.expect, made, at)
            found += self._file(case, made.content, (*at, "expect", "file"))
            coverage.look(looked_at(case, mapping))
            yield _ended(loaded, at, case.case, found, started)

    def _file(self, case: Case, content: bytes | None, at: tuple[str | int, ...]) -> list[Difference]:
        if case.expect is None or not case.expect.file:
            return []
        path = self.root / case.expect.file
        kept = {case.expect.file: path.read_bytes()} if path.is_file() else {}
        came = {case.expect.file: content} if content is not None else {}
        return list(compare_files(kept, came, at))

    def _of_flow(self, file: str, loaded: Loaded[FlowCases], exit_of: ExitOf) -> Iterator[Ended]:
        flow = Path(file).name.removesuffix(ENDING)
        for number, case in enumerate(loaded.required().cases):
            started = time.monotonic()
            at = ("cases", number)
            found = run_flow_case(self.root, flow, case, (at, exit_of))
            yield _ended(loaded, at, case.case, found, started)


def looked_at(case: Case, mapping: Mapping) -> Iterator[str]:
    """Yield the fields that a case expects something of (`lines.<name>` for those of lines); a whole file is all."""
    expect = case.expect
    if expect is None:
        return
    if expect.text is not None or expect.file:
        yield from mapping.fields
        yield from (f"lines.{name}" for name in mapping.lines)
    for one in expect.documents or ():
        yield from one.fields
        yield from (f"lines.{name}" for line in one.lines or () for name in line)
    for row in expect.rows or ():
        yield from (name if name in mapping.fields else f"lines.{name}" for name in row)
        yield from (f"lines.{name}" for name in row if name in mapping.fields and name in mapping.lines)


def _ended(
    loaded: Loaded[Cases] | Loaded[FlowCases],
    at: tuple[str | int, ...],
    name: str,
    found: Sequence[Difference],
    started: float,
) -> Ended:
    places = tuple(loaded.parsed.place(difference.path, key=True) for difference in found)
    line, _ = loaded.parsed.place(at)
    return Ended(loaded.file, line, name, tuple(found), places, time.monotonic() - started)


# --- coverage -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Uncovered:
    """What the cases of one mapping reach, and what they leave out."""

    file: str
    """The mapping's."""
    counts: dict[Kind, tuple[int, int]]
    """Kind of a point -> how many are reached, and how many there are; nothing where the mapping has no cases."""
    missed: tuple[Mistake, ...]
    """What no case reaches, in the order of the file."""

    def as_json(self) -> dict[str, object]:
        """Return it as `--json` shows it."""
        missed = [{"file": m.file, "line": m.line, "column": m.column, "what": m.what} for m in self.missed]
        return {"coverage": self.file, "counts": {kind: list(n) for kind, n in self.counts.items()}, "missed": missed}


def uncovered(runs: Runs, *, every: bool) -> Iterator[Uncovered]:
    """Yield what was left out, after the cases ran; with `every`, mappings without cases too."""
    for name in mapping_names(runs.root):
        found = runs.coverage.get(name)
        if found is None and every:
            yield Uncovered(mapping_file(name), {}, (Mistake(mapping_file(name), 1, 1, "no case tests this mapping"),))
        if found is not None:
            loaded = load(runs.root, found.file, Mapping)
            missed = (loaded.mistake(path, what) for path, what in found.missed())
            yield Uncovered(found.file, found.counts(), tuple(sorted(missed)))
