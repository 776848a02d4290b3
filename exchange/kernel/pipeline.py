"""What the pure middle is made of: the roles of reader and writer, and the compiled machine of one flow.

Imports pandas; the light half is `kernel.plan`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from exchange.kernel.chunk import CellFailure, Chunk, Fragment, Ints, Mask
from exchange.kernel.layout import Layout, Survey
from exchange.kernel.model import Span
from exchange.kernel.plan import Plan

Columns = Mapping[str, pa.Array]
"""Columns of equal length by name."""


class Reader(Protocol):
    """Reads one file format."""

    def survey(self, path: Path) -> Survey:
        """Read the header and say how the file is written, or why it cannot be read."""
        ...

    def spans(self, layout: Layout) -> Iterator[Span]:
        """Cut the file into spans of whole records, in file order; memory is flat in the size of the file."""
        ...

    def parse(self, span: Span, layout: Layout) -> Chunk:
        """Read the records of a span as text columns."""
        ...

    def count(self, layout: Layout) -> int:
        """Return the number of records in the file."""
        ...


class SetAside(Protocol):
    """Writes source records back in the source's own format: rejects with their reason, held ones as they are."""

    @property
    def suffix(self) -> str:
        """Return the file suffix, for example `.csv`."""
        ...

    def reject_rows(self, layout: Layout, rows: Iterable[tuple[int, int, tuple[str, ...]]]) -> Iterator[bytes]:
        """Yield the header and each row (start, length, the seven reject cells)."""
        ...

    def held_rows(self, layout: Layout, rows: Iterable[tuple[int, int]]) -> Iterator[bytes]:
        """Yield the header and each row (start, length) unchanged."""
        ...

    def raw_record(self, layout: Layout, start: int, length: int) -> bytes:
        """Return the bytes of one record."""
        ...


@dataclass(frozen=True, slots=True)
class Settled:
    """Amounts per line after the order's discount was allocated, and what did not add up."""

    line_discount: pa.Array
    line_total: pa.Array
    failures: list[CellFailure]


@dataclass(frozen=True, slots=True)
class Exploded:
    """Rows whose packed cells were taken apart: one row for each packed line, those of a source row adjacent."""

    columns: Columns
    """The source's columns and those of the packed values."""
    source: Ints
    """Source row of each row, ascending."""
    starts: Columns
    """The columns that make a row start a document, on the first row of each source row only."""
    labels: Mapping[str, pa.Array]
    """Name of a packed column -> where the values of each row lie, for people: `line_item_2`."""
    failures: tuple[CellFailure, ...]
    """Cells that cannot be taken apart."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What the release rule says of each document: one entry per document."""

    release: Mask
    filtered: Mask
    reasons: tuple[str, ...]
    """Reason per document for being filtered or held, in words."""


Apply = Callable[[Columns, int], tuple[dict[str, pa.Array], list[CellFailure]]]
"""A compiled mapping level: (input columns, rows) -> (fields, failures)."""
Check = Callable[[Columns], list[CellFailure]]
Explode = Callable[[Columns, int], Exploded]
"""(source columns, rows) -> rows with their packed cells taken apart."""
Render = Callable[[Columns, Columns, Ints], tuple[Fragment, list[CellFailure]]]
"""(header fields, line fields, header row of each line) -> (fragment, failures by header row)."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a file's own header and footer can tell of it."""

    name: str
    claim: str
    part: int
    date: str
    """Day of the claim, ISO 8601."""
    documents: int
    """Records in it: an order in two parts counts twice where both stand in the file."""
    lines: int
    totals: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Finished:
    """What a finished file must be, as far as whoever wrote it knows."""

    documents: int
    header: bytes
    first: bytes
    """Its first record."""
    footer: bytes


Around = Callable[[FileFacts], tuple[bytes, bytes]]
"""What stands before and behind the records of a file."""


@dataclass(frozen=True, slots=True)
class Written:
    """How the files of one delivery are written."""

    header: bytes
    footer: bytes
    render: Render
    pack: Callable[[Path, Path], None] | None = None
    """Makes the file that is delivered (second path) of the finished file of what was rendered (first path), where that
    is no sequence of records: a workbook, a file whose trailer counts. None: it is delivered as it is."""
    around: Around | None = None
    """Makes header and footer once the file is known, in place of the constant ones."""
    check: Callable[[Path, Finished], Sequence[str]] | None = None
    """Reads a finished file once more and says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Target:
    """One delivery, compiled."""

    name: str
    """The delivery's endpoint, unique within the flow (endpoint/folder where two share one)."""
    endpoint: str
    folder: str
    pattern: str
    documents_per_file: int | None
    per_part: bool
    needs_shipping: bool
    header_inputs: tuple[str, ...]
    """Document fields that the mapping reads."""
    line_inputs: tuple[str, ...]
    map_header: Apply
    map_lines: Apply
    written: Written
    exists: str = "fail"
    """What to do where the final name is taken by other content."""
    done_file: str = ""
    """Name pattern of the file that says that an output is complete; blank for none."""
    answers: str = ""
    """Where the target's answers are looked for, as artifacts have it."""
    file_per: tuple[str, ...] = ()
    """Document fields each combination of whose values gets files of its own."""
    marks: Mapping[str, str] = field(default_factory=dict)
    """Placeholder of `pattern` -> the document field it stands for; every field of `file_per` has one."""


@dataclass(frozen=True, slots=True)
class Machine:
    """One flow's pick-up, compiled: everything `prepare`, `decide` and `finish` call."""

    reader: Reader
    set_aside: SetAside
    kind: str
    """The document's name."""
    key_field: str
    key_column: str
    start_columns: tuple[str, ...]
    header_columns: tuple[str, ...]
    """Source columns that the header fields read."""
    header_sources: dict[str, str]
    """Document header field -> the source column it comes from."""
    line_sources: dict[str, str]
    """Document line field -> the source column it comes from."""
    check_source: Callable[[Columns, Mask], list[CellFailure]]
    map_header: Apply
    map_lines: Apply
    check_header: Check
    check_lines: Check
    settle: Callable[[Columns, Columns, Ints], Settled]
    shipping: Callable[[Columns, Columns, Ints], tuple[Mask, list[CellFailure]]]
    """Which documents a target that needs shipping takes, and which of them lack half an address."""
    keep_lines: Callable[[Columns, int], Mask]
    """Which lines go anywhere at all."""
    release: Callable[[Columns, int], Verdicts]
    gone: Callable[[Columns, int], list[str | None]]
    """Per document: what makes it pointless once it was sent (cancelled, refunded), or None."""
    split: Callable[[Columns, Ints], Ints]
    """Part of each line, from 1, within its document."""
    compare_header: tuple[str, ...]
    compare_lines: tuple[str, ...]
    targets: tuple[Target, ...]
    explode: Explode | None = None
    """How packed cells are taken apart; None where there are none."""


_machines: dict[str, Machine] = {}


def machine_of(plan: Plan) -> Machine:
    """Return the plan's machine, compiled once per process."""
    made = _machines.get(plan.version)
    if made is None:
        made = _machines[plan.version] = plan.build(plan.sources)
    return made
