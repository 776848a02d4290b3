"""Done files: their names, and the forms in which partners write what they promise."""

from __future__ import annotations

import hashlib

import pytest

from exchange.engine.control import Controls, Promise, control_name, control_pattern, promise
from exchange.kernel.model import SourceFile
from exchange.kernel.naming import matching

SHA = hashlib.sha256(b"orders").hexdigest()
OTHER = hashlib.sha256(b"other").hexdigest()


def file(name: str, mtime: int = 0) -> SourceFile:
    """Return a file as it is listed."""
    return SourceFile("shopify", "orders", name, 1, mtime)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", Promise()),
        (b"\n", Promise()),
        (b"done", Promise()),
        (b"123", Promise(rows=123)),
        (b"\xef\xbb\xbf 123 \r\n", Promise(rows=123)),
        (b"rows=123", Promise(rows=123)),
        (b"ROWS = 123", Promise(rows=123)),
        (b"records: 0", Promise(rows=0)),
        (b"row_count=7\n", Promise(rows=7)),
        (SHA.encode(), Promise(sha256=SHA)),
        (f"{SHA.upper()}\n".encode(), Promise(sha256=SHA)),
        (f"{SHA}  orders.csv\n".encode(), Promise(sha256=SHA)),
        (f"{SHA} *./out/orders.csv\n".encode(), Promise(sha256=SHA)),
        (f"{SHA}  C:\\out\\ORDERS.CSV\n".encode(), Promise(sha256=SHA)),
        (f"sha256={SHA}".encode(), Promise(sha256=SHA)),
        (f"SHA256 (orders.csv) = {SHA}".encode(), Promise(sha256=SHA)),
        (f"{OTHER}  other.csv\n{SHA}  orders.csv\n".encode(), Promise(sha256=SHA)),
        (f"{OTHER}  other.csv\n".encode(), Promise()),
        (f"rows=5\nsha256: {SHA}\nsent by: shop\n".encode(), Promise(rows=5, sha256=SHA)),
        (b"\xff\xfe1\x002\x00", Promise()),
    ],
)
def test_the_usual_forms(content: bytes, expected: Promise) -> None:
    assert promise(content, "orders.csv") == expected


def test_names() -> None:
    assert control_name("{name}.done", "a.csv") == "a.csv.done"
    assert control_name("{stem}.ok", "a.csv") == "a.ok"
    assert matching(["a.csv.done", "A.DONE", "done", "a.done.csv"], control_pattern("{name}.done")) == [
        "a.csv.done",
        "A.DONE",
    ]
    assert matching(["[x]a", "xa"], control_pattern("[x]{name}")) == ["[x]a"]


def test_a_file_is_complete_once_its_done_file_is_there() -> None:
    controls = Controls("{name}.done", [file("a.csv"), file("A.CSV.Done"), file("b.csv")])

    assert controls.why_not(file("a.csv")) == ""
    assert controls.of(file("a.csv")) == file("A.CSV.Done")
    assert controls.why_not(file("b.csv")) == "waits for b.csv.done"
    assert [controls.are(file(name)) for name in ("a.csv", "a.csv.done")] == [False, True]


def test_a_done_file_older_than_its_file_belongs_to_an_earlier_one() -> None:
    controls = Controls(
        "{name}.done", [file("a.csv", 5), file("a.csv.done", 4), file("b.csv", 5), file("b.csv.done", 5)]
    )

    assert "older" in controls.why_not(file("a.csv", 5))
    assert controls.why_not(file("b.csv", 5)) == ""


def test_the_very_name_comes_before_one_that_differs_in_case() -> None:
    controls = Controls("{name}.done", [file("A.csv.done", 1), file("a.csv.done", 2)])

    assert controls.of(file("a.csv")) == file("a.csv.done", 2)
    assert controls.of(file("A.csv")) == file("A.csv.done", 1)
