"""Files with one thing wrong each, between good orders: what the product has to say of them, and on which line."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from tests.flows.shop import JONAS, MARA, Line, export, order
from tests.samples.shopify import COLUMNS, render

FIRST = order(9001, Line("TEA-ASSAM", "2"), Line("MUG-BLUE"))
"""A good order before the bad one: lines 2 and 3 of the file."""
LAST = order(9003, Line("BOWL-OAK"), to=JONAS)
"""A good order behind it."""
GOOD = {"9001", "9003"}
BAD = 9002
LINE = 4
"""Physical line on which the bad order begins."""
BOM = b"\xef\xbb\xbf"
TEA, MUG = Line("TEA-ASSAM", "2"), Line("MUG-BLUE")
HEADER = ",".join(COLUMNS).encode()


@dataclass(frozen=True)
class Case:
    """One file, and what has to come of it."""

    name: str
    content: bytes
    problems: tuple[tuple[str, int | None], ...] = ()
    """(code, physical line) of every error in the reject .jsonl."""
    warnings: tuple[str, ...] = ()
    sent: set[str] = field(default_factory=lambda: set(GOOD))
    records: tuple[int, int] = (4, 1)
    """(in, rejected)."""
    documents: tuple[int, int] = (3, 1)
    """(in, rejected)."""

    def __str__(self) -> str:
        return self.name


def rows_of(number: int, *lines: Line, **changes: Any) -> list[bytes]:
    """Return the rows of an order as they stand in a file."""
    return [render(row).encode() for row in order(number, *lines, **changes).rows()]


def between(*rows: bytes) -> bytes:
    """Return a file of the good orders with these rows between them."""
    before, after = ([render(row).encode() for row in good.rows()] for good in (FIRST, LAST))
    return b"".join(row + b"\n" for row in (HEADER, *before, *rows, *after))


def first(row: bytes) -> bytes:
    """Return a file of the good orders behind this row."""
    return between().replace(HEADER + b"\n", HEADER + b"\n" + row + b"\n", 1)


def swapped(old: str, new: str) -> bytes:
    """Return the bad order's only row with one text of it replaced, once."""
    [row] = rows_of(BAD, TEA)
    assert old.encode() in row
    return row.replace(old.encode(), new.encode(), 1)


def row(name: str, code: str, content: bytes) -> Case:
    """Return a case of one row whose shape or bytes are wrong."""
    return Case(name, between(content), ((code, LINE),))


def value(name: str, code: str, *lines: Line, line: int = LINE, **changes: Any) -> Case:
    """Return a case of an order whose shape is right and one value is not."""
    rows = rows_of(BAD, *(lines or (TEA,)), **changes)
    return Case(name, between(*rows), ((code, line),), records=(3 + len(rows), len(rows)))


def refused(name: str, content: bytes, code: str, line: int | None = 1, records: int = 3) -> Case:
    """Return a case of a file that is rejected whole."""
    return Case(name, content, ((code, line),), (), set(), (records, records), (0, 0))


def _header(old: str, new: bytes) -> bytes:
    """Return a file of good orders with another header."""
    assert old.encode() in HEADER
    return between().replace(HEADER, HEADER.replace(old.encode(), new, 1), 1)


def _without(column: str) -> bytes:
    return export(FIRST, LAST, columns=[name for name in COLUMNS if name != column]).encode()


def _cut(content: bytes, cells: int) -> bytes:
    return content.rsplit(b",", cells)[0]


[_GOOD_ROW] = rows_of(BAD, TEA)
_HEAD, _SECOND = rows_of(BAD, TEA, MUG)
_WIDE = {f"Extra {number}": "" for number in range(10_000 - len(COLUMNS))}
_TWICE = (*rows_of(BAD, TEA), *rows_of(9004, TEA), *rows_of(BAD, MUG))

FILES = (
    refused("empty file", b"", "FILE_EMPTY", None, 0),
    Case("header only", HEADER + b"\n", (), ("NO_RECORDS",), set(), (0, 0), (0, 0)),
    Case("header only without a line end", HEADER, (), ("NO_RECORDS",), set(), (0, 0), (0, 0)),
    refused("missing required column", _without("Lineitem quantity"), "MISSING_COLUMN"),
    refused("duplicate header", _header("Payment Terms Name", b"Email"), "DUPLICATE_COLUMN"),
    refused("wrong delimiter", between().replace(b",", b";"), "WRONG_DELIMITER"),
    refused("10,000 columns", export(FIRST, LAST, extra=_WIDE).encode(), "TOO_MANY_COLUMNS"),
    # Where the header cannot be read, what its records are is not known either: none are counted.
    refused("header not in the encoding", _header("Email", b"E\xff"), "HEADER_UNREADABLE", records=0),
    refused("header with an unclosed quote", b'"' + between().replace(b'"', b""), "HEADER_UNREADABLE", records=0),
    refused("header with a NUL", _header("Email", b"E\0"), "HEADER_UNREADABLE", records=0),
    Case("byte order mark twice", BOM + BOM + between(), (), ("BOM_REPEATED",), GOOD, (3, 0), (2, 0)),
)

SHAPES = (
    row("row too long", "ROW_TOO_LONG", _GOOD_ROW + b",one,two"),
    row("row too short", "ROW_TOO_SHORT", _cut(_GOOD_ROW, 3)),
    Case("the first row too long", first(_GOOD_ROW + b",one"), (("ROW_TOO_LONG", 2),)),
    Case("the first row too short", first(_cut(_GOOD_ROW, 1)), (("ROW_TOO_SHORT", 2),)),
    Case(
        "the second row of an order too short",
        between(_HEAD, _cut(_SECOND, 1)),
        (("ROW_TOO_SHORT", LINE + 1),),
        records=(5, 2),
    ),
    row("unclosed quote", "UNCLOSED_QUOTE", swapped("Assam Tea", '"Assam Tea')),
    Case(
        "unclosed quote on the last row",
        between() + swapped("Assam Tea", '"Assam Tea') + b"\n",
        (("UNCLOSED_QUOTE", 5),),
    ),
    row("text behind a closing quote", "BROKEN_QUOTE", swapped("Assam Tea", '"Assam" Tea')),
    Case(
        "a quote in the middle of a cell is text",
        between(swapped("Assam Tea - 250 g", 'Monitor 27"')),
        sent=GOOD | {str(BAD)},
        records=(4, 0),
        documents=(3, 0),
    ),
    row("a cell of more than a megabyte", "RECORD_TOO_LARGE", swapped("Assam Tea", "x" * 1_100_000)),
    row("NUL", "CONTROL_CHARACTER", swapped("Mara", "Ma\0ra")),
    row("control character", "CONTROL_CHARACTER", swapped("Mara", "Ma\x07ra")),
    row("escape code of a terminal", "CONTROL_CHARACTER", swapped("Mara", "\x1b[31mMara")),
    row("another encoding", "UNDECODABLE", swapped("Mara", "Jürgen").replace("ü".encode(), b"\xfc")),
    row("mojibake", "MOJIBAKE", swapped("Mara", "JÃ¼rgen")),
    row("no order number", "GROUP_KEY_MISSING", swapped(f"#{BAD}", "")),
    Case(
        "an order number twice",
        between(*_TWICE),
        (("DUPLICATE_IN_FILE", LINE + 2),),
        sent=GOOD | {"9004"},
        records=(6, 2),
        documents=(4, 1),
    ),
)

VALUES = (
    value("unknown SKU", "LOOKUP_MISS", Line("TEA-EARLGREY")),
    value("quantity 0", "OUT_OF_RANGE", Line("TEA-ASSAM", "0")),
    value("quantity -1", "OUT_OF_RANGE", Line("TEA-ASSAM", "-1"), Line("LAMP-SHIP")),
    value("quantity 1.5", "NOT_AN_INTEGER", Line("TEA-ASSAM", "1.5")),
    value("quantity two", "NOT_AN_INTEGER", Line("TEA-ASSAM", "two")),
    value("quantity 1e3", "NOT_AN_INTEGER", Line("TEA-ASSAM", "1e3")),
    value("price 12,50", "NOT_A_NUMBER", Line("TEA-ASSAM", price="12,50")),
    value("30 February", "NOT_A_DATE", cells={"Created at": "2026-02-30 09:00:00 +0100"}),
    value("25 o'clock", "NOT_A_DATE", cells={"Created at": "2026-03-02 25:00:00 +0100"}),
    value("month 13", "NOT_A_DATE", cells={"Paid at": "2026-13-01 09:00:00 +0100"}),
    value("29 February of a common year", "NOT_A_DATE", cells={"Paid at": "2026-02-29 09:00:00 +0100"}),
    value("unknown country", "UNKNOWN_COUNTRY", to=replace(MARA, country="XX"), bill=MARA),
    value("damaged postcode", "SPREADSHEET_DAMAGE", to=replace(MARA, postcode="4.00638E+12"), bill=MARA),
    value("half an address", "ADDRESS_INCOMPLETE", to=replace(MARA, line1=""), bill=MARA),
    value("the second line is bad", "NOT_AN_INTEGER", TEA, Line("MUG-BLUE", "many"), line=LINE + 1),
)
