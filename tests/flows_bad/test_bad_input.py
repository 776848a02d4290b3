"""Bad input through the front door: each kind has its problem at its line, and costs nobody else anything."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.flows.shop import INBOX, Line, Shop, export, order
from tests.flows_bad.cases import BAD, FILES, GOOD, HEADER, LAST, LINE, SHAPES, TEA, VALUES, Case, between
from tests.samples.people import ARABIC, EMOJI, FORMULA, HEBREW, MARKUP, PIETER

NEXT = order(9100, Line("KNIFE-PAR", "3"))
"""The file behind the bad file."""
_MAIN = """
import atexit, pathlib, sys
from exchange.cli.main import main
status = pathlib.Path("/proc/self/status")
atexit.register(lambda: print(*[line for line in status.read_text().splitlines() if "VmHWM" in line], file=sys.stderr))
main()
"""
"""Tells its own peak: what the system counts for a child begins with the memory of the process that started it."""
MEGABYTE = 1024 * 1024
MEMORY = 500 * MEGABYTE
"""What a run may take at its peak, whatever the file holds; an idle interpreter with pandas takes about 200 MB."""


@pytest.mark.parametrize("case", [*FILES, *SHAPES, *VALUES], ids=str)
def test_bad_input_costs_neither_its_neighbours_nor_the_next_file(shop: Shop, case: Case) -> None:
    shop.drop("bad.csv", case.content)
    shop.drop("next.csv", NEXT)

    ran = shop.type("run", "orders", "--json")

    bad, following = ran.rows
    assert ran.exit == (3 if case.problems else 0), ran.err
    assert _balanced(bad, "records") == case.records
    assert _balanced(bad, "documents") == case.documents
    assert bad["problems"] == dict(Counter([*(code for code, _ in case.problems), *case.warnings]))
    assert _said(shop, bad) == _sorted(case.problems)
    assert following["counts"]["documents"] == {"in": 1, "out": 1, "rejected": 0, "filtered": 0, "held": 0}
    everybody = {*case.sent, "9100"}
    assert shop.sent() == (everybody, everybody)
    [archived] = [path for path in shop.files("data/archive") if path.name.endswith(".bad.csv")]
    assert archived.read_bytes() == case.content
    assert shop.files("data/inbox") == []
    assert shop.files("data/state/work") == []


@pytest.mark.parametrize("case", SHAPES, ids=str)
@pytest.mark.parametrize("end", [b"\r\n", b"\r"], ids=["CRLF", "CR"])
def test_line_numbers_are_right_with_other_line_ends(shop: Shop, case: Case, end: bytes) -> None:
    shop.drop("bad.csv", case.content.replace(b"\n", end))

    ran = shop.type("run", "orders", "--json")

    assert _said(shop, ran.row) == _sorted(case.problems)
    assert shop.sent() == (case.sent, case.sent)


@pytest.mark.parametrize("case", VALUES, ids=str)
def test_rejected_rows_are_kept_byte_for_byte(shop: Shop, case: Case) -> None:
    ran = shop.take("bad.csv", case.content)

    lines = shop.reject_file(ran).read_bytes().splitlines()

    assert lines[0] == HEADER + b",_reject_id,_line,_field,_value,_code,_message,_remedy"
    rows = case.content.splitlines()[LINE - 1 : -1]
    assert len(lines) == 1 + len(rows)
    for number, (kept, row) in enumerate(zip(lines[1:], rows, strict=True), LINE):
        assert kept.startswith(row + f",{ran.row['claim']}-0001,{number},".encode())


def test_line_numbers_count_the_lines_inside_of_quotes(shop: Shop) -> None:
    noted = order(9001, TEA, cells={"Notes": 'ring twice\n\r\n"Brandt"\n'})
    ran = shop.take("bad.csv", export(noted, order(BAD, Line("TEA-ASSAM", "two")), LAST))

    assert [(problem["code"], problem["line"]) for problem in shop.problems(ran)] == [("NOT_AN_INTEGER", 6)]
    assert shop.sent() == (GOOD, GOOD)


def test_a_record_that_cannot_be_read_is_kept_as_bytes(shop: Shop) -> None:
    torn = b"#9002,\xff\x00,paid"
    ran = shop.take("bad.csv", between(torn))

    [problem] = shop.problems(ran)
    assert problem["raw_base64"] == "IzkwMDIs/wAscGFpZA=="
    assert problem["raw_bytes"] == len(torn)
    assert problem["document"] == "9002"
    assert [row["disposition"] for row in shop.trace(9002)] == ["rejected"]
    assert [name for name in ran.row["rejects"] if name.endswith(".csv")] == []


def test_file_that_is_not_in_its_multi_byte_encoding_is_refused(shop: Shop) -> None:
    shop.edit("mappings/shopify/orders.yaml", "encoding: utf-8", "encoding: shift_jis")

    ran = shop.take("bad.csv", between() + b"\xff\n")

    assert ran.exit == 3
    assert ran.row["state"] == "rejected"
    assert [problem["code"] for problem in shop.problems(ran)] == ["WRONG_ENCODING"]
    assert shop.sent() == (set(), set())


def test_names_of_any_script_and_markup_and_formulas_arrive_exactly(shop: Shop) -> None:
    people = [EMOJI, HEBREW, ARABIC, MARKUP, FORMULA]
    ran = shop.take("odd.csv", [order(9200 + n, TEA, to=person) for n, person in enumerate(people)])

    assert ran.exit == 0
    names = [person.name for person in people]
    assert [element.findtext("ShipTo/Name") for element in shop.wms()] == names
    assert [row["ShipToName"] for row in shop.erp()] == names
    assert [row["ShipToLine1"] for row in shop.erp()] == [person.line1 for person in people]
    [xml] = [path.read_bytes() for path in shop.files("data/outbox/wms")]
    assert b"&lt;b&gt;Ines&lt;/b&gt; &amp; " in xml
    [erp] = [path.read_bytes() for path in shop.files("data/outbox/erp")]
    assert b",=1+1," in erp
    assert b",@SUM(A1)," in erp


def test_apostrophe_before_a_postcode_is_taken_off_and_its_zeros_stay(shop: Shop) -> None:
    ran = shop.take("zip.csv", order(9210, to=PIETER))

    assert ran.exit == 0
    [element], [row] = shop.wms(), shop.erp()
    assert element.findtext("ShipTo/PostalCode") == row["ShipToPostalCode"] == "1015 DV"
    assert element.findtext("ShipTo/Name") == "'t Hooft, Pieter"


def test_every_bad_file_at_once_costs_no_good_order(shop: Shop) -> None:
    cases = [*FILES, *SHAPES, *VALUES]
    for number, case in enumerate(cases):
        renumbered = case.content
        for old in (9001, 9002, 9003, 9004):
            renumbered = renumbered.replace(b"#%d" % old, b"#%d%03d" % (old, number))
        shop.drop(f"{number:03}.csv", renumbered)

    ran = shop.type("run", "orders", "--json")

    assert ran.exit == 3, ran.err
    assert len(ran.rows) == len(cases)
    sent = {f"{old}{number:03}" for number, case in enumerate(cases) for old in case.sent}
    assert shop.sent() == (sent, sent)
    assert shop.files("data/inbox") == []


@pytest.mark.slow
@pytest.mark.parametrize("quoted", [True, False], ids=["quoted", "bare"])
def test_200_megabytes_in_one_cell_take_no_memory(shop: Shop, quoted: bool) -> None:
    path = shop.root / INBOX / "bad.csv"
    head, tail = between(b'#9002,"' if quoted else b"#9002,").split(b"#9002,")
    _write(path, [head, b"#9002,", tail[:1] if quoted else b"", *[b"x" * MEGABYTE] * 200, tail])
    shop.age(path, 1)

    exit_code, row, peak = _run_apart(shop)

    assert exit_code == 3
    assert row["problems"] == {"RECORD_TOO_LARGE": 1}
    assert _balanced(row, "records") == (4, 1)
    assert shop.sent() == (GOOD, GOOD)
    assert peak < MEMORY


@pytest.mark.slow
def test_10_000_columns_take_no_memory(shop: Shop) -> None:
    path = shop.root / INBOX / "wide.csv"
    names = ",".join(f"Column {number}" for number in range(10_000)).encode()
    _write(path, [names + b"\n", *[b"," * 9_999 + b"\n"] * 5_000])
    shop.age(path, 1)

    exit_code, row, peak = _run_apart(shop)

    assert exit_code == 3
    assert set(row["problems"]) >= {"TOO_MANY_COLUMNS"}
    assert _balanced(row, "records") == (5_000, 5_000)
    assert peak < MEMORY


def _write(path: Path, blocks: Iterable[bytes]) -> None:
    with path.open("wb") as stream:
        stream.writelines(blocks)


def _run_apart(shop: Shop) -> tuple[int, dict[str, Any], int]:
    """Run the flow in a process of its own; return its exit code, its report and its peak of memory in bytes."""
    command = [sys.executable, "-c", _MAIN, "--workspace", str(shop.root), "run", "orders", "--json"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    [row] = [json.loads(line) for line in ended.stdout.splitlines()]
    [peak] = [line.split()[1] for line in ended.stderr.splitlines() if line.startswith("VmHWM:")]
    return ended.returncode, row, int(peak) * 1024


def _balanced(row: dict[str, Any], what: str) -> tuple[int, int]:
    """Return (in, rejected), having seen that what came in went out or was rejected."""
    found: dict[str, int] = row["counts"][what]
    assert found["in"] == found["out"] + found["rejected"]
    assert found["filtered"] == found["held"] == 0
    return found["in"], found["rejected"]


def _said(shop: Shop, row: dict[str, Any]) -> list[tuple[str, int | None]]:
    """Return (code, line) of every error in the reject .jsonl."""
    paths = [shop.root / name for name in row["rejects"] if name.endswith(".jsonl")]
    found = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    return _sorted((problem["code"], problem["line"] or None) for problem in found if problem["severity"] == "error")


def _sorted(found: Iterable[tuple[str, int | None]]) -> list[tuple[str, int | None]]:
    return sorted(found, key=lambda pair: (pair[1] or 0, pair[0]))
