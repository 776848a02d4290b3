"""A fetched copy is checked before it is ours."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from exchange.engine import complete
from exchange.engine.complete import why_incomplete
from exchange.engine.discover import Ready
from exchange.kernel.atomic import Written
from exchange.kernel.errors import TryLater
from exchange.kernel.limits import CONTROL_BYTES
from exchange.kernel.load import load
from exchange.kernel.model import SourceFile
from tests.engine.desk import Desk, export, order
from tests.flows.shop import INBOX


def asked(desk: Desk, name: str, data: bytes, control: str | None = None) -> str:
    """Return why a file with this done file is left where it is."""
    copy = desk.house.work.incoming()
    copy.write_bytes(data)
    source = SourceFile("shopify", "orders", name, len(data), 0)
    promised = None
    if control is not None:
        folder = desk.house.root / INBOX
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.done").write_text(control)
        promised = replace(source, name=f"{name}.done")
    written = Written(len(data), hashlib.sha256(data).hexdigest())
    why = why_incomplete(desk.house, Ready(source, 0, promised), copy, written)
    assert [path.name for path in copy.parent.iterdir()] == [copy.name], "nothing is left beside it"
    copy.unlink()
    return why


def test_nothing_promised_is_nothing_broken(desk: Desk) -> None:
    assert asked(desk, "a.csv", b"anything") == ""
    assert asked(desk, "a.csv", b"anything", "") == ""
    assert asked(desk, "a.csv", b"anything", "sent by: shop") == ""


def test_rows_are_counted_as_the_mapping_reads_them(desk: Desk) -> None:
    text = export(order(1), order(2))

    assert asked(desk, "a.csv", text.encode(), "2") == ""
    assert asked(desk, "a.csv", text.encode(), "3") == "is not complete: it has 2 records, a.csv.done says 3"
    assert asked(desk, "a.csv", text.encode("utf-8-sig"), "2") == ""
    assert asked(desk, "a.csv", b"", "2") == "is not complete: it has 0 records, a.csv.done says 2"


def test_a_checksum_is_that_of_the_bytes(desk: Desk) -> None:
    digest = hashlib.sha256(b"x").hexdigest()

    assert asked(desk, "a.csv", b"x", f"{digest}  a.csv") == ""
    assert f"a.csv.done says {digest}" in asked(desk, "a.csv", b"y", f"{digest}  a.csv")


def test_a_done_file_that_is_gone_or_is_none(desk: Desk) -> None:
    ready = SourceFile("shopify", "orders", "a.csv", 1, 0)
    gone = Ready(ready, 0, replace(ready, name="a.csv.done"))

    assert why_incomplete(desk.house, gone, Path("copy"), Written(1, "")) == "waits for a.csv.done"
    with pytest.raises(TryLater, match=r"a\.csv\.done"):
        asked(desk, "a.csv", b"x", "1" * (CONTROL_BYTES + 1))


def test_records_of_an_archive_are_not_counted_before_it_is_unpacked(desk: Desk) -> None:
    assert asked(desk, "a.csv.gz", gzip.compress(b"x"), "99") == ""


def test_an_archive_with_nothing_for_the_flow_is_not_ours(desk: Desk) -> None:
    def zipped(name: str) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr(name, b"x")
        return made.getvalue()

    assert "no file in it fits" in asked(desk, "a.zip", zipped("stock.xml"))
    assert asked(desk, "a.zip", zipped("a.csv")) == ""
    assert asked(desk, "a.zip", b"not an archive") == "", "it is rejected with its reason"


def test_rows_are_what_is_loaded_late() -> None:
    assert all(callable(load(row)) for row in complete.ROWS)
