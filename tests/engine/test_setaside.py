"""What does not go out lies in the source's own columns and bytes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np

from exchange.engine.outputs import Numbers
from exchange.engine.rejects import Rejected
from exchange.engine.setaside import write_held, write_refusal, write_rejects
from exchange.kernel.chunk import Ints
from exchange.kernel.layout import REJECT_COLUMNS
from exchange.kernel.model import Artifact
from exchange.kernel.pipeline import machine_of
from exchange.kernel.problems import Problem
from tests.engine.desk import Desk, claim_of, export, order

CLAIM = claim_of("day.csv")


def places(desk: Desk, text: str) -> Ints:
    """Return (record, line, start, length) of the rows of an export."""
    layout = desk.layout(text)
    reader = machine_of(desk.plan).reader
    [span] = reader.spans(layout)
    where = reader.parse(span, layout).positions
    return np.column_stack([where.record, where.file_line, where.start, where.length])


def content(folder: Path, artifact: Artifact) -> str:
    """Return what was written."""
    return (folder / artifact.work_path).read_bytes().decode()


def test_rejected_rows_keep_their_bytes_and_gain_seven_columns(desk: Desk, tmp_path: Path) -> None:
    text = export(order(1001), order(1002))
    problem = Problem("LOOKUP_MISS", 3, 1, "Lineitem sku", "X", {"key": "sku", "table": "items"})
    reject = Rejected("1002", 1, 3, [problem], places(desk, text)[1:], id="c-0001")

    table, told = write_rejects(
        CLAIM, desk.layout(text), machine_of(desk.plan).set_aside, [reject], (tmp_path, Numbers())
    )

    assert (table.name, told.name) == (f"day.csv.{CLAIM.id}.rejects.csv", f"day.csv.{CLAIM.id}.rejects.jsonl")
    assert (table.endpoint, table.folder, table.kind, table.records, told.records) == (
        ".rejects",
        "orders",
        "reject",
        1,
        1,
    )
    lines = content(tmp_path, table).splitlines()
    source = text.splitlines()
    assert lines[0] == source[0] + "," + ",".join(REJECT_COLUMNS)
    assert lines[1].startswith(source[2] + ",c-0001,3,Lineitem sku,X,LOOKUP_MISS,")
    assert len(lines) == 2
    assert json.loads(content(tmp_path, told))["code"] == "LOOKUP_MISS"


def test_nothing_rejected_writes_nothing(desk: Desk, tmp_path: Path) -> None:
    layout = desk.layout(export(order(1001)))

    assert write_rejects(CLAIM, layout, machine_of(desk.plan).set_aside, [], (tmp_path, Numbers())) == []
    assert write_held(CLAIM, layout, machine_of(desk.plan).set_aside, [], (tmp_path, Numbers())) == []


def test_held_rows_are_kept_as_they_came(desk: Desk, tmp_path: Path) -> None:
    text = export(order(1001), order(1002), order(1003))
    rows = places(desk, text)[:, 2:]

    [made] = write_held(
        CLAIM, desk.layout(text), machine_of(desk.plan).set_aside, [rows[:1], rows[2:]], (tmp_path, Numbers())
    )

    assert (made.kind, made.endpoint, made.name, made.records) == ("held", ".held", f"day.csv.{CLAIM.id}.held.csv", 2)
    found = list(csv.DictReader(io.StringIO(content(tmp_path, made), newline="")))
    assert [row["Name"] for row in found] == ["#1001", "#1003"]
    assert content(tmp_path, made).splitlines()[1] == text.splitlines()[1]


def test_a_refused_file_is_told_as_json_alone(tmp_path: Path) -> None:
    problems = [Problem("FILE_EMPTY"), Problem("BOM_REPEATED", detail={"count": 2})]

    [made] = write_refusal(CLAIM, problems, "c-0001", (tmp_path, Numbers()))

    told = [json.loads(line) for line in content(tmp_path, made).splitlines()]
    assert [(row["code"], row["severity"], row["document"]) for row in told] == [
        ("FILE_EMPTY", "error", None),
        ("BOM_REPEATED", "warning", None),
    ]
