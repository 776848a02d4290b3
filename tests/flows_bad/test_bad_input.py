"""Bad input through the front door: each kind has its problem at its line, and costs nobody else anything."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.flows.shop import JONAS, MARA, Line, Order, Shop, export, order
from tests.samples.people import ARABIC, EMOJI, FORMULA, HEBREW, MARKUP, PIETER
from tests.samples.shopify import COLUMNS, render

FIRST = order(9001, Line("TEA-ASSAM", "2"), Line("MUG-BLUE"))
"""A good order before the bad one: lines 2 and 3 of the file."""
LAST = order(9003, Line("BOWL-OAK"), to=JONAS)
"""A good order behind it."""
NEXT = order(9100, Line("KNIFE-PAR", "3"))
"""The file behind the bad file."""
BAD = 9002
BAD_LINE = 4
GOOD = {"9001", "9003"}
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Case:
    """One file with one thing wrong."""

    name: str
    content: bytes
    problems: tuple[tuple[str, int | None], ...] = ()
    """(code, physical line) of every error in the reject .jsonl."""
    warnings: tuple[str, ...] = ()
    sent: frozenset[str] = frozenset(GOOD)
    records: tuple[int, int] = (4, 1)
    """(in, rejected)."""
    documents: tuple[int, int] = (3, 1)
    """(in, rejected)."""

    def __str__(self) -> str:
        return self.name


def file_of(*rows: str, end: str = "\n") -> bytes:
    """Return a file of the good orders with these rows of text between them."""
    return raw_file(*(row.encode() for row in rows), end=end.encode())


def raw_file(*rows: bytes, end: bytes = b"\n") -> bytes:
    """Return a file of the good orders with these rows of bytes between them."""
    header = ",".join(COLUMNS).encode()
    before, after = (tuple(render(row).encode() for row in good.rows()) for good in (FIRST, LAST))
    return b"".join(row + end for row in (header, *before, *rows, *after))


def bad_row(**changes: object) -> str:
    """Return the row of the bad order."""
    [row] = order(BAD, **changes).rows()
    return render(row)


def cells(name: str, code: str, *lines: Line, more: tuple[tuple[str, int], ...] = (), **changes: object) -> Case:
    """Return a case of an order whose shape is right and whose values are not."""
    rows = order(BAD, *lines, **changes).rows()
    return Case(
        name,
        export(FIRST, order(BAD, *lines, **changes), LAST).encode(),
        ((code, BAD_LINE), *more),
        records=(3 + len(rows), len(rows)),
    )


def header(old: str, new: str) -> bytes:
    """Return a file of good orders with another header line."""
    text = export(FIRST, LAST)
    first, rest = text.split("\n", 1)
    assert old in first
    return f"{first.replace(old, new)}\n{rest}".encode()


def refused(name: str, content: bytes, code: str, records: int, **more: object) -> Case:
    """Return a case of a file that is rejected whole."""
    made = Case(name, content, ((code, None),), sent=frozenset(), records=(records, records), documents=(0, 0))
    return replace(made, **more)  # type: ignore[arg-type]


TEA = Line("TEA-ASSAM", "2")
GOOD_ROW = bad_row()
TWICE = export(FIRST, order(BAD), order(9004), order(BAD, MARA_LINE := Line("MUG-BLUE")), LAST).encode()
HALF = COLUMNS.index("Lineitem sku")

WHOLE_FILES = (
    refused("empty file", b"", "FILE_EMPTY", 0),
    Case("header only", export().encode(), (), ("NO_RECORDS",), frozenset(), (0, 0), (0, 0)),
    refused("missing required column", header("Lineitem quantity", "Number"), "MISSING_COLUMN", 3),
    refused("duplicate header", header("Payment Terms Name", "Email"), "DUPLICATE_COLUMN", 3),
    refused("wrong delimiter", export(FIRST, LAST).replace(",", ";").encode(), "WRONG_DELIMITER", 3),
    refused(
        "10,000 columns",
        export(FIRST, LAST, extra={f"Extra {number}": "" for number in range(10_000 - len(COLUMNS))}).encode(),
        "TOO_MANY_COLUMNS",
        3,
    ),
    refused("header not in the encoding", header("Email", "Em").replace(b"Em", b"E\xff"), "HEADER_UNREADABLE", 3),
    refused("header with an unclosed quote", b'"' + export(FIRST, LAST).replace('""', "").encode(), "HEADER_UNREADABLE", 3),
)

SHAPES = (
    Case("row too long", file_of(GOOD_ROW + ",one,two"), (("ROW_TOO_LONG", 4),)),
    Case("row too short", file_of(GOOD_ROW.rsplit(",", 3)[0]), (("ROW_TOO_SHORT", 4),)),
    Case(
        "the first row too long",
        export(order(BAD), FIRST, LAST).replace("\n", ",x\n", 2).replace(",x\n", "\n", 1).encode(),
        (("ROW_TOO_LONG", 2),),
    ),
    Case(
        "the first row too short",
        b"\n".join((",".join(COLUMNS).encode(), GOOD_ROW.rsplit(",", 1)[0].encode(), *raw_file().split(b"\n")[1:])),
        (("ROW_TOO_SHORT", 2),),
    ),
    Case(
        "a line of an order too short",
        export(FIRST, order(BAD, TEA, Line("MUG-BLUE")), LAST).replace(",MUG-BLUE,", ",", 2).replace(",Stoneware Mug - blue,14.95,,", ",Stoneware Mug - blue,14.95,,MUG-BLUE,", 1).encode(),
        (("ROW_TOO_SHORT", 5),),
        records=(5, 2),
    ),
    Case("unclosed quote", file_of(GOOD_ROW.replace("Assam Tea", '"Assam Tea')), (("UNCLOSED_QUOTE", 4),)),
    Case("text behind a closing quote", file_of(GOOD_ROW.replace("Assam Tea", '"Assam" Tea')), (("BROKEN_QUOTE", 4),)),
    Case(
        "a quote in the middle is text",
        file_of(GOOD_ROW.replace("Assam Tea - 250 g", 'Monitor 27"')),
        sent=frozenset({*GOOD, str(BAD)}),
        records=(4, 0),
        documents=(3, 0),
    ),
    Case("NUL", file_of(GOOD_ROW.replace("Mara", "Ma\0ra")), (("CONTROL_CHARACTER", 4),)),
    Case("control character", file_of(GOOD_ROW.replace("Mara", "Ma\x07ra")), (("CONTROL_CHARACTER", 4),)),
    Case("escape code", file_of(GOOD_ROW.replace("Mara", "\x1b[31mMara")), (("CONTROL_CHARACTER", 4),)),
    Case(
        "wrong encoding",
        raw_file(GOOD_ROW.replace("Mara", "Jürgen").encode("cp1252")),
        (("UNDECODABLE", 4),),
    ),
    Case("mojibake", file_of(GOOD_ROW.replace("Mara", "JÃ¼rgen")), (("MOJIBAKE", 4),)),
    Case(
        "byte order mark twice",
        BOM + BOM + file_of(),
        warnings=("BOM_REPEATED",),
        records=(3, 0),
        documents=(2, 0),
    ),
    Case("no order number", file_of(GOOD_ROW.replace(f"#{BAD}", "")), (("GROUP_KEY_MISSING", 4),)),
    Case(
        "an order number twice",
        TWICE,
        (("DUPLICATE_IN_FILE", 6),),
        sent=frozenset({*GOOD, "9004"}),
        records=(6, 2),
        documents=(4, 1),
    ),
)

VALUES = (
    cells("unknown SKU", "LOOKUP_MISS", Line("TEA-EARLGREY")),
    cells("quantity 0", "OUT_OF_RANGE", Line("TEA-ASSAM", "0")),
    cells("quantity -1", "OUT_OF_RANGE", Line("TEA-ASSAM", "-1")),
    cells("quantity 1.5", "NOT_AN_INTEGER", Line("TEA-ASSAM", "1.5")),
    cells("quantity two", "NOT_AN_INTEGER", Line("TEA-ASSAM", "two")),
    cells("quantity 1e3", "NOT_AN_INTEGER", Line("TEA-ASSAM", "1e3")),
    cells("price 12,50", "NOT_A_NUMBER", Line("TEA-ASSAM", price="12,50")),
    cells("30 February", "NOT_A_DATE", cells={"Created at": "2026-02-30 09:00:00 +0100"}),
    cells("25 o'clock", "NOT_A_DATE", cells={"Created at": "2026-03-02 25:00:00 +0100"}),
    cells("month 13", "NOT_A_DATE", cells={"Paid at": "2026-13-01 09:00:00 +0100"}),
    cells("unknown country", "UNKNOWN_COUNTRY", to=replace(MARA, country="XX"), bill=MARA),
    cells("postcode damaged by a spreadsheet", "SPREADSHEET_DAMAGE", to=replace(MARA, postcode="4.00638E+12"), bill=MARA),
    cells("the second line is bad", "NOT_AN_INTEGER", TEA, Line("MUG-BLUE", "many")),
)
VALUES = tuple(
    replace(case, problems=(("NOT_AN_INTEGER", BAD_LINE + 1),)) if case.name == "the second line is bad" else case
    for case in VALUES
)


@pytest.mark.parametrize("case", [*WHOLE_FILES, *SHAPES, *VALUES], ids=str)
def test_bad_file_costs_neither_its_neighbours_nor_the_next_file(shop: Shop, case: Case) -> None:
    shop.drop("bad.csv", case.content)
    shop.drop("next.csv", NEXT)

    ran = shop.type("run", "orders", "--json")

    bad, following = ran.rows
    assert ran.exit == (3 if case.problems else 0), ran.err
    assert _counts(bad, "records") == case.records
    assert _counts(bad, "documents") == case.documents
    expected = Counter([*(code for code, _ in case.problems), *case.warnings])
    assert bad["problems"] == dict(expected)
    assert _said(shop, bad) == sorted(case.problems, key=str)
    assert following["counts"]["documents"] == {"in": 1, "out": 1, "rejected": 0, "filtered": 0, "held": 0}
    everything = {*case.sent, "9100"}
    assert shop.sent() == (everything, everything)
    [archived] = [path for path in shop.files("data/archive") if path.name.endswith("bad.csv")]
    assert archived.read_bytes() == case.content
    assert shop.files("data/inbox") == []


def _counts(row: dict[str, object], what: str) -> tuple[int, int]:
    """Return (in, rejected), having seen that in = out + rejected and nothing else."""
    found: dict[str, int] = row["counts"][what]  # type: ignore[index]
    assert found["in"] == found["out"] + found["rejected"]
    return found["in"], found["rejected"]


def _said(shop: Shop, row: dict[str, object]) -> list[tuple[str, int | None]]:
    """Return (code, line) of every error in the reject .jsonl."""
    paths = [shop.root / str(name) for name in row["rejects"] if str(name).endswith(".jsonl")]  # type: ignore[attr-defined]
    found = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    return sorted(((p["code"], p["line"] or None) for p in found if p["severity"] == "error"), key=str)
