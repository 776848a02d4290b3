"""What a dry run shows beyond numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.engine.output_file import SAMPLE
from exchange.engine.preview import EXAMPLES, as_text, refused
from exchange.kernel.reject_rows import ProblemRow
from tests.engine.desk import Line, desk_in, order
from tests.flows.shop import Shop


def test_samples_rejects_and_reasons(shop: Shop, tmp_path: Path) -> None:
    pending = [order(1100 + number, status="pending") for number in range(EXAMPLES + 2)]
    with desk_in(shop.root, tmp_path, dry=True) as desk:
        orders = [order(1001 + number) for number in range(SAMPLE + 1)]
        made = desk.run("day.csv", *orders, order(1050, Line("NOT-SOLD")), order(1060, status="voided"), *pending)

    shown = made.preview
    assert shown is not None
    wms, erp = shown.samples
    assert (wms.endpoint, erp.endpoint) == ("wms", "erp")
    assert [wms.path, erp.path] == [output["path"] for output in made.outputs]
    assert wms.text.startswith('<?xml version="1.0"')
    assert wms.text.count("<Order ") == SAMPLE
    assert erp.text.splitlines()[0].startswith("Action,OrderNumber,")
    assert [line.split(",")[1] for line in erp.text.splitlines()[1:]] == ["1001", "1002", "1003"]
    assert [(each.document, each.code, each.file_line) for each in shown.rejected] == [("1050", "LOOKUP_MISS", 6)]
    [held] = shown.held
    assert (held.reason, held.documents) == ("payment_status is pending", EXAMPLES + 2)
    assert held.examples == tuple(str(1100 + number) for number in range(EXAMPLES))
    [filtered] = shown.filtered
    assert (filtered.reason, filtered.documents, filtered.examples) == ("payment_status is voided", 1, ("1060",))


def test_a_file_that_is_refused_whole_shows_why() -> None:
    row = ProblemRow("FILE_EMPTY", "error", "it is empty", "send it again", None, None, None, None, "", None)

    [only] = refused([row]).rejected

    assert (only.document, only.code, only.message, only.remedy) == ("", "FILE_EMPTY", "it is empty", "send it again")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("März".encode(), "März"),
        ("März".encode()[:2], "M"),
        ("a,März".encode("cp1252"), "a,März"),
        ("März".encode("utf-8-sig"), "März"),
        ("März".encode("utf-16"), "März"),
    ],
)
def test_bytes_are_shown_as_text(data: bytes, text: str) -> None:
    assert as_text(data) == text
