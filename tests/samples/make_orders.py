"""Writes the samples and their page, the same bytes always: `python -m tests.samples.make_orders [FOLDER]`."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from exchange.kernel.catalogue import _ENTRIES, CATALOGUE
from exchange.kernel.catalogue_files import FILE_ENTRIES
from tests.samples import faults, shipments, stock
from tests.samples.days import CLEAN_DAY, HUNDREDFOLD, NEXT_DAY, OLD_MAC, OLDER, WINDOWS
from tests.samples.rules import RULES
from tests.samples.rules import text as export
from tests.samples.shopify import COLUMNS, Order, cell, render

SAMPLES = Path(__file__).parents[2] / "samples"
_OF_ANY = {entry.code for entry in (*_ENTRIES, *FILE_ENTRIES)} - {"REPEAT_CHANGED", "CHANGED_AFTER_SENT"}
_SHOWN = {"CHANGED_AFTER_SHIPPED", "UNIT_NOT_WHOLE", "UNIT_UNKNOWN"}
_BEYOND = {entry.code for entry in CATALOGUE.values() if entry.scope != "configuration"} - _OF_ANY - _SHOWN
"""Codes of formats, rules and steps that the starter does not use."""
OF_RULES = _BEYOND & {code for rule in RULES for code in rule.codes}
"""Those of them that a sample in samples/rules shows."""
UNUSED = sorted(_BEYOND - OF_RULES)
"""Those that no sample shows."""
OLDER_COLUMNS = COLUMNS[: COLUMNS.index("Cancelled at") + 1]
_FRONT = ("Id", "Name", "Created at", "Gift wrap", "Financial Status")
WINDOWS_COLUMNS = (*_FRONT, *(column for column in reversed(COLUMNS) if column not in _FRONT), "Internal remark")
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Sample:
    """One file of the samples."""

    name: str
    about: str
    data: bytes
    orders: tuple[Order, ...] = ()


STOCK, NEXT_STOCK, SHIPMENTS = "stock/01_stock.csv", "stock/02_next_day.csv", "shipments/01_shipments.csv"
_OTHERS: dict[str, tuple[stock.Item | shipments.Shipment, ...]] = {
    STOCK: stock.STOCK,
    NEXT_STOCK: stock.NEXT_DAY,
    SHIPMENTS: shipments.SHIPMENTS,
}


def make() -> tuple[Sample, ...]:
    """Return every sample file, in the order in which a run takes them."""
    return (*_orders(), *_refused())


def _orders() -> tuple[Sample, ...]:
    missing = tuple(column for column in COLUMNS if column != "Lineitem quantity")
    return (
        Sample("01_clean_day.csv", "A whole day as it should be.", _file(_lines(CLEAN_DAY)), CLEAN_DAY),
        Sample(
            "02_problems.csv",
            "One thing wrong with each order; the good ones between them go out.",
            _file(_lines(faults.PROBLEMS)),
            faults.PROBLEMS,
        ),
        Sample(
            "03_broken_rows.csv",
            "Rows that cannot be read as they are; the good ones between them go out.",
            _file(_broken()),
            faults.BROKEN_ROWS,
        ),
        Sample(
            "04_scattered.csv",
            "All first rows come first, all further rows after them.",
            _file(_scattered()),
            faults.SCATTERED,
        ),
        Sample(
            "05_older_export.csv",
            "An export of 2012: 47 columns, ending with `Cancelled at`.",
            _file(_lines(OLDER, OLDER_COLUMNS), OLDER_COLUMNS),
            OLDER,
        ),
        Sample(
            "06_windows.csv",
            "Byte order mark, CRLF, the columns in another order, two columns that nobody asked for (EXTRA_COLUMNS).",
            BOM + _file(_lines(WINDOWS, WINDOWS_COLUMNS), WINDOWS_COLUMNS, "\r\n"),
            WINDOWS,
        ),
        Sample("07_old_mac.csv", "Lines end with CR alone.", _file(_lines(OLD_MAC), end="\r"), OLD_MAC),
        Sample(
            "08_missing_column.csv",
            "The column `Lineitem quantity` is missing: the file is rejected whole (MISSING_COLUMN).",
            _file(_lines(WINDOWS, missing), missing),
        ),
        Sample(
            "09_next_day.csv", "The next day's export, to be run after the first.", _file(_lines(NEXT_DAY)), NEXT_DAY
        ),
        Sample(
            "10_decimal_sign.csv",
            "The prices lost their decimal sign: the guard `hundredfold` holds the file, and nothing of it goes out.",
            _file(_lines(HUNDREDFOLD)),
            HUNDREDFOLD,
        ),
    )


def _refused() -> tuple[Sample, ...]:
    rows = _lines(OLD_MAC)
    wide = (*COLUMNS, *(f"Extra {number}" for number in range(2000)))
    twice = (*COLUMNS[:-1], "Email")
    reject = (*COLUMNS, "_reject_id", "_line")
    undecodable = _file([]).replace(b"Name", b"Na\xffme", 1)
    unclosed = f'Name,"{",".join(COLUMNS[1:])}'.encode()
    semicolons = _file([render(row).replace(",", ";") for order in OLD_MAC for row in order.rows()])
    return (
        Sample("refused/empty.csv", "No bytes at all: FILE_EMPTY.", b""),
        Sample("refused/header_only.csv", "A header and no orders: NO_RECORDS, a warning.", _file([])),
        Sample("refused/duplicate_column.csv", "`Email` twice: DUPLICATE_COLUMN.", _file(rows, twice)),
        Sample("refused/semicolons.csv", "Another delimiter: WRONG_DELIMITER.", semicolons.replace(b",", b";")),
        Sample("refused/too_many_columns.csv", "2,079 columns: TOO_MANY_COLUMNS.", _file(_lines(OLD_MAC, wide), wide)),
        Sample("refused/header_unclosed_quote.csv", "HEADER_UNREADABLE.", unclosed + b"\n"),
        Sample("refused/header_not_utf8.csv", "HEADER_UNREADABLE.", undecodable),
        Sample(
            "refused/not_a_correction.csv",
            "Two of the seven reject columns: NOT_A_CORRECTION.",
            _file(rows, reject),
        ),
        Sample(
            "refused/two_byte_order_marks.csv",
            "Not refused: read with a warning, BOM_REPEATED.",
            BOM + BOM + _file(rows),
            OLD_MAC,
        ),
    )


def _file(lines: Iterable[str], columns: Iterable[str] = COLUMNS, end: str = "\n") -> bytes:
    header = ",".join(cell(column) for column in columns)
    return "".join(line + end for line in (header, *lines)).encode("utf-8", "surrogateescape")


def _lines(orders: Iterable[Order], columns: tuple[str, ...] = COLUMNS) -> list[str]:
    return [render(row, columns) for order in orders for row in order.rows()]


def _broken() -> list[str]:
    """Return the rows of the broken file; `\\udcXX` stands for a byte that is not UTF-8."""
    lines = {order.number: _lines([order]) for order in faults.BROKEN_ROWS}
    lines[faults.ROW_TOO_LONG][0] += ",one,two"
    lines[faults.ROW_TOO_SHORT] = _cut(lines[faults.ROW_TOO_SHORT], 0, 40)
    lines[faults.SLOPPY_QUOTE] = _swap(lines[faults.SLOPPY_QUOTE], '"Monitor 27"" - 1440p"', 'Monitor 27"')
    lines[faults.BROKEN_QUOTE] = _swap(lines[faults.BROKEN_QUOTE], "Oak Bowl - 28 cm", '"Oak Bowl" - 28 cm')
    lines[faults.UNDECODABLE] = _swap(lines[faults.UNDECODABLE], "Jorg Grossmann", "J\udcf6rg Gro\udcdfmann")
    lines[faults.RAGGED_LINE] = _cut(lines[faults.RAGGED_LINE], 1, 20)
    lines[faults.UNCLOSED_QUOTE] = _plain(faults.UNCLOSED_QUOTE, "Assam Tea", '"Assam Tea')
    lines[faults.LAST] = _plain(faults.LAST)
    return [line for rows in lines.values() for line in rows]


def _cut(rows: list[str], row: int, cells: int) -> list[str]:
    return [",".join(text.split(",")[:cells]) if index == row else text for index, text in enumerate(rows)]


def _swap(rows: list[str], old: str, new: str) -> list[str]:
    return [row.replace(old, new) for row in rows]


def _plain(number: int, old: str = "", new: str = "") -> list[str]:
    """Return an order's rows without any quote: a quote behind an unclosed one would close it."""
    rows = [row for order in faults.BROKEN_ROWS if order.number == number for row in order.rows()]
    plain = [render({**row, "Shipping Street": "", "Billing Street": ""}, nullable=False) for row in rows]
    return [line.replace(old, new) for line in plain]


def _scattered() -> list[str]:
    heads: list[Mapping[str, str]] = []
    tails: list[Mapping[str, str]] = []
    for order in faults.SCATTERED:
        head, *tail = order.rows()
        if order.number != faults.ORPHANS:
            heads.append(head)
        tails += [_again(order.number, head, row) for row in tail]
    again = next(row for row in heads if row["Name"] == f"#{faults.TWICE}")
    return [render(row) for row in (*heads, *tails[1:], again, tails[0])]


def _again(number: int, head: Mapping[str, str], row: Mapping[str, str]) -> Mapping[str, str]:
    """Return a further row, with header cells filled again where that is what the order shows."""
    if number == faults.AGREES:
        return {**row, "Currency": head["Currency"], "Shipping City": head["Shipping City"]}
    if number == faults.DISAGREES:
        return {**row, "Currency": head["Currency"], "Shipping City": "Bremen"}
    return row


def readme(samples: Iterable[Sample]) -> str:
    """Return the text of samples/README.md."""
    told = f"Of formats, rules and steps that the starter does not use: {', '.join(UNUSED)}."
    parts = [_PREFACE.replace("{formats}", textwrap.fill(told, 120)), *_rules()]
    for sample in samples:
        parts.append(f"\n## orders/{sample.name}\n\n{sample.about}\n")
        if sample.orders:
            parts.append("\n| order | what it shows |\n|---|---|\n")
            parts += [f"| {order.number} | {order.shows.replace('|', '&#124;')} |\n" for order in sample.orders]
    for name, shown in _OTHERS.items():
        parts.append(f"\n## {name}\n\n| | what it shows |\n|---|---|\n")
        parts += [f"| {made.number} | {made.shows} |\n" for made in shown]
    return "".join(parts)


def _rules() -> Iterator[str]:
    """Yield the table of the samples of single rules."""
    yield _RULES
    for rule in RULES:
        codes = f"; {', '.join(rule.codes)}" if rule.codes else ""
        yield f"| [{rule.name}](rules/{rule.name}/README.md) | {rule.rule} | {rule.shows}{codes} | {rule.section} |\n"


_RULES = """
## rules

Each folder below `rules/` shows one rule: a flow to copy from, the files of one to three days, and what comes of them.
It is laid over a fresh workspace beside the starter's own flow; its README.md has the three commands. `expected/` was
played from 2 March 2026 on, at six in the evening of each day.

| sample | keys | what it shows | explained in mappings/README.md |
|---|---|---|---|
"""
_PREFACE = """\
# Samples

Orders in the format of Shopify's orders export (79 columns, one row per order line). All people, addresses, items
and amounts are invented. `exchange demo` plays two days with `orders/*.csv` and `stock/*.csv` in a new workspace (the
second day begins with `orders/09_next_day.csv` and `stock/02_next_day.csv`); the files below `orders/refused/` are for
trying by hand: each is refused whole, or read with a warning. `expected/` holds what comes out.

The files are numbered in the order in which they are meant to be run. Each row below says what one order is there to
show; a word in capitals is a problem code, and `exchange explain CODE` tells more. Some codes need no sample file:
RECORD_TOO_LARGE and DOCUMENT_TOO_LARGE need megabytes, WRONG_ENCODING a mapping with a multi-byte encoding,
ILLEGAL_CHARACTER a target that is not Unicode, and NEWER_VERSION_KNOWN, REJECT_NOT_OPEN and
REJECT_OF_ANOTHER a reject file of your own that is dropped back too late, twice, or with mixed-up reject ids, and
CELL_DAMAGED one that a spreadsheet opened as CSV and saved.
ARCHIVE_EMPTY, ARCHIVE_ENCRYPTED, ARCHIVE_NESTED, ARCHIVE_TOO_DENSE, ARCHIVE_TOO_LARGE, ARCHIVE_TOO_MANY,
ARCHIVE_UNREADABLE and ARCHIVE_UNSAFE_NAME are about .gz and .zip files, some of them hostile, POISON_FILE about one
on which the program itself dies, and COPY_LOST about one that somebody removed from under it.
{formats}

`rules/` holds a small sample of each rule, with a flow to copy from. `stock/` and `shipments/` hold a warehouse's stock
lists and shipping report in formats of its own. The starter has no flow for them; `stock/starter/` holds one for stock,
which `exchange demo` adds.

`sftp/server.sh` starts an SFTP server of your own to try the same over SFTP; the project's README shows how.

This page and the files are written by `python -m tests.samples.make_orders`; change the data there.
"""


def main() -> None:
    """Write the samples and their page."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES
    samples = make()
    for sample in samples:
        path = folder / "orders" / sample.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sample.data)
    for name, text in ((STOCK, stock.text()), (NEXT_STOCK, stock.next_day()), (SHIPMENTS, shipments.text())):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for rule in RULES:
        for name, orders in rule.exports.items():
            path = folder / "rules" / rule.name / "days" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(export(orders), encoding="utf-8")
    (folder / "README.md").write_text(readme(samples), encoding="utf-8")


if __name__ == "__main__":
    main()
