"""Open rejects of several files as one workbook, with all that the workbook of each has."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from exchange.assemble.plan import load_plan
from exchange.config.workspace import Setup
from exchange.engine.house import pick_up_of
from exchange.engine.reject_book import Told, notes_of, summary_of, words_of
from exchange.kernel.catalogue import CATALOGUE
from exchange.kernel.layout import REJECT_COLUMNS, Layout
from exchange.kernel.ledger import Ledger
from exchange.kernel.pipeline import machine_of
from exchange.kernel.reject_book import Book, BookRow
from exchange.kernel.reject_rows import ProblemRow

_ID, _LINE = REJECT_COLUMNS[:2]
Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Together:
    """Rows of reject files that are alike."""

    header: Sequence[str]
    rows: Rows
    """The rows of one reject stand together."""


def export_workbook(setup: Setup, ledger: Ledger, found: Together, target: Path) -> tuple[str, ...]:
    """Write the rows as a workbook and return what does not stand in it; raises ConfigurationError.

    Examples of good values and drop-downs are those of the flow that the first reject is of.
    """
    at = found.header.index(_ID)
    first = ledger.rejects.get(found.rows[0][at])
    if first is None:
        return ()
    flow = setup.flows[first.flow]
    machine = machine_of(load_plan(setup.root, flow, pick_up_of(flow, ledger.claims.sealed(first.claim).claim)))
    if machine.books is None:
        return ()
    problems = {each: ledger.rejects.problems(each) for each in dict.fromkeys(row[at] for row in found.rows)}
    with TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as folder:
        layout = _layout(Path(folder) / "rows.csv", found)
        rows = list(_rows(found, layout, problems, machine.examples))
        summary = summary_of(
            (each.code, each.file_line or 0, each.remedy) for told in problems.values() for each in told
        )
        book = Path(folder) / target.name
        said = machine.books.write(book, layout, Book(rows, summary, {"flow": first.flow}))
        book.rename(target)
    return said


def _layout(path: Path, found: Together) -> Layout:
    own = [place for place, name in enumerate(found.header) if name not in REJECT_COLUMNS]
    lines = [_line([row[place] if place < len(row) else "" for place in own]) for row in (found.header, *found.rows)]
    path.write_bytes(b"".join(lines))
    columns = tuple(found.header[place] for place in own)
    return Layout(path, columns, lines[0][:-1], len(lines[0]), 2, "utf-8", "utf-8", ",", b"\n")


def _line(cells: Sequence[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode()


def _rows(
    found: Together, layout: Layout, problems: Mapping[str, Sequence[ProblemRow]], examples: Mapping[str, str]
) -> Iterator[BookRow]:
    names, start = list(found.header), layout.data_start
    own = [place for place, name in enumerate(names) if name not in REJECT_COLUMNS]
    for identity, group in groupby(found.rows, lambda row: row[names.index(_ID)]):
        rows = [dict(zip(names, row, strict=False)) for row in group]
        lines = [row.get(_LINE, "") for row in rows]
        for number, row in enumerate(rows):
            here = [
                Told(each.code, each.field, each.message, each.remedy)
                for each in problems[identity]
                if str(each.file_line) == lines[number] or (not number and str(each.file_line) not in lines)
            ] or _own_words(row)
            length = len(_line([row.get(names[place], "") for place in own])) - 1
            line = int(lines[number]) if lines[number].isdecimal() else 0
            notes = notes_of(here, examples)
            yield BookRow(identity, line, (start, length), words_of(here), notes, not number, len(rows))
            start += length + 1


def _own_words(row: Mapping[str, str]) -> list[Told]:
    """Return the problem that the row itself names: the ledger keeps the words of the first ten thousand of a file."""
    field, _, code, message, remedy = (row.get(name, "") for name in REJECT_COLUMNS[2:])
    return [Told(code, field or None, message, remedy)] if code in CATALOGUE else []
