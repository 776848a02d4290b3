"""What the pure middle is made of: the roles of reader and writer, and the compiled machine of one flow.

Imports pandas; the light half is `kernel.plan`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from exchange.kernel.chunk import CellFailure, Chunk, Fragment, Ints, Mask
from exchange.kernel.layout import Layout, Survey
from exchange.kernel.model import Span
from exchange.kernel.plan import Plan
from exchange.kernel.reject_book import Books
from exchange.kernel.standing import Computing

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
class Unbundled:
    """Lines after bundles were taken apart."""

    lines: Columns
    source: Ints | None
    """The line before of each line, ascending; None where no line was a bundle."""
    failures: list[CellFailure]
    """Lines (before) that cannot be taken apart."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What the release rule says of each document: one entry per document."""

    release: Mask
    filtered: Mask
    reasons: tuple[str, ...]
    """Reason per document for being filtered or held, in words."""


@dataclass(frozen=True, slots=True)
class RowAges:
    """What a column says of the age of each row."""

    moments: Ints
    """Microseconds since 1970 (UTC)."""
    known: Mask
    """Which rows tell one."""
    failures: list[CellFailure]
    """Cells that say something else."""


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


@dataclass(frozen=True, slots=True)
class Unfit:
    """One thing that a finished file is not as it has to be for."""

    reason: str
    entries: tuple[int, ...] = ()
    """The records by whose values a rule of the whole file is broken, from 0; empty: it is no record's fault."""
    by_design: bool = False
    """Whether it follows from how the file is meant to be made: template, XSD, documents per file."""


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
    check: Callable[[Path, Finished], Sequence[Unfit]] | None = None
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
    actions: tuple[str, ...] = ("new", "change", "cancel")
    """What it is told of."""
    file_per: tuple[str, ...] = ()
    """Document fields each combination of whose values gets files of its own."""
    only_header: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Document header field -> values: the only documents that it takes."""
    only_lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Document line field -> values: the only lines that it takes; whole parts, because flows split by these fields."""
    marks: Mapping[str, str] = field(default_factory=dict)
    """Placeholder of `pattern` -> the document field it stands for; every field of `file_per` has one."""


@dataclass(frozen=True, slots=True)
class Allotting:
    """How stock is given to what is ordered."""

    short: str
    """backorder, reject, hold or send: what becomes of a document that asks for more than there is."""
    by_location: bool
    """Whether a line takes the stock of its own warehouse only."""
    size: Callable[[str, str], int | None]
    """(item, unit) -> how many base units one of them holds; None where nobody knows."""
    taken: dict[tuple[str, str], int] | None = None
    """(location, item) -> what files that are sealed together have been given, in base units; None for one file."""


@dataclass(frozen=True, slots=True)
class StockRules:
    """What the figures of a file of stock mean."""

    mode: str
    """`snapshot` or `delta`."""
    locations: tuple[str, ...]
    """The warehouses that it tells of; blank: those that its lines name."""
    missing: str
    """What becomes of items that a snapshot lacks: keep, zero or problem."""
    settles: bool
    """Whether the figures contain what was handed over before them."""
    sells: bool
    number: Callable[[str], int | None] | None = None
    """File name -> number of the file; None where it is not in the name."""
    number_column: str = ""
    """Source column that holds the number of the file."""

    @property
    def numbered(self) -> str:
        """Return the location of the stream that counts the files: that of one warehouse, or blank."""
        return self.locations[0] if len(self.locations) == 1 else ""


@dataclass(frozen=True, slots=True)
class ReserveRules:
    """How what is handed over is subtracted from stock."""

    location: str
    """Warehouse of lines that name none."""
    targets: tuple[str, ...]
    """Names of the targets that tell the warehouses."""
    endpoints: tuple[str, ...]
    """Theirs."""
    lag: timedelta


@dataclass(frozen=True, slots=True)
class Life:
    """What becomes of documents that were sent before."""

    kind: str = ""
    """The document's name."""
    changes: bool = False
    """Whether targets are told of changes; then documents are kept as they were sent."""
    taken_back: Mapping[str, str] = field(default_factory=dict)
    """What a document is now (cancelled, voided, refunded) -> cancel, return or problem; cancel where nothing is."""
    replaces: bool = False
    """Whether a newer document simply takes the place of the one before."""
    stock: StockRules | None = None
    """For documents that tell of stock."""
    reserve: ReserveRules | None = None
    """For documents that take stock."""
    allot: Allotting | None = None
    """How stock is given to what is ordered; None where nobody asks for stock."""


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
    settle: Callable[[Columns, Columns, Ints, Mask], Settled]
    """(header, lines, document of each line, documents with an error, of which no more is told) -> settled amounts."""
    shipping: Callable[[Columns, Columns, Ints], tuple[Mask, list[CellFailure]]]
    """Which documents a target that needs shipping takes, and which of them lack half an address."""
    keep_lines: Callable[[Columns, int], Mask]
    """Which lines go anywhere at all."""
    release: Callable[[Columns, int], Verdicts]
    gone: Callable[[Columns, int], list[str | None]]
    """Per document: what makes it pointless once it was sent (cancelled, refunded), or None."""
    split: Callable[[Columns, int], pa.Array]
    """(`split_columns`, lines) -> what says to which part of its document each line belongs; never null."""
    split_columns: tuple[str, ...]
    compare_header: tuple[str, ...]
    compare_lines: tuple[str, ...]
    targets: tuple[Target, ...]
    only: Callable[[tuple[Columns, Columns], Ints, tuple[Mask, Mask]], pa.Array] | None = None
    """Why each document stays outside of a pilot, null where it does not: (header and line fields, document of each
    line, (lines that go anywhere, documents with an error)). None where there is no pilot."""
    standardise: Callable[[Columns], tuple[dict[str, pa.Array], list[CellFailure]]] | None = None
    """Brings the addresses of the header fields into form; None where no rule asks for it."""
    route: Callable[[tuple[Columns, Columns], Ints, Mask, str], dict[str, pa.Array]] | None = None
    """Which warehouse ships each line: (header and line fields, document of each line, lines that go anywhere, channel)
    -> line fields that it sets. None where there are no routes."""
    part_fields: tuple[str, ...] = ("warehouse",)
    """Line fields that a part has one value of, as a header field."""
    explode: Explode | None = None
    """How packed cells are taken apart; None where there are none."""
    unbundle: Callable[[tuple[Columns, Columns], Ints, Mask], Unbundled] | None = None
    """((header and settled line fields), document of each line, documents with an error) -> the lines with bundles
    taken apart; None where there are no bundles."""
    life: Life = field(default_factory=Life)
    """What becomes of documents that were sent before."""
    age_column: str = ""
    """The source column that says how old each document is; blank where the file as a whole has one age."""
    ages: Callable[[pa.Array], RowAges] | None = None
    """(that column) -> how old each row is; None where there is none."""
    computing: Computing | None = None
    """What computes the file from the ledger; None where files are picked up."""
    ships: str = ""
    """The document that these documents report as shipped, for shipments; blank where they do not."""
    books: Books | None = None
    """Writes rejects as people handle them, and reads what comes back; None where rejects are no rows."""
    examples: Mapping[str, str] = field(default_factory=dict)
    """Source column -> what a good cell of it looks like."""


_machines: dict[tuple[str, str], Machine] = {}


def machine_of(plan: Plan) -> Machine:
    """Return the plan's machine, compiled once per process."""
    made = _machines.get((plan.root, plan.version))
    if made is None:
        made = _machines[plan.root, plan.version] = plan.build(plan.sources)
    return made
