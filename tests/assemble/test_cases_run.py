"""A case runs the mapping as a run does: the same documents, files and problems."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from exchange.config.scaffold import starter
from exchange.kernel.errors import ConfigurationError
from tests.assemble.cases_desk import run
from tests.flows.shop import Shop

SAMPLE = "samples/orders/02_problems.csv"


def test_a_file_gives_what_a_run_gives(tmp_path: Path) -> None:
    """The same problems at the same lines, and the same XML, but for what only a flow decides."""
    shop = Shop(tmp_path / "ws")
    ran = shop.take("day.csv", (shop.root / SAMPLE).read_bytes())
    told = {(row["code"], row["line"]) for row in shop.problems(ran)}

    [made] = run("shopify/orders", f"cases: [{{case: a, given: {{file: {SAMPLE}}}}}]")

    found = {(problem.code, problem.line) for problem in made.problems}
    assert {code for code, _ in found - told} <= {"MOJIBAKE", "EXTRA_COLUMNS"}, "warnings are not in a reject file"
    flows = {"TOTALS_MISMATCH", "DISCOUNT_TOO_LARGE", "ADDRESS_INCOMPLETE", "DUPLICATE_IN_FILE", "TARGET_INVALID"}
    targets = {"TOO_LONG", "UNIT_UNKNOWN", "UNIT_NOT_WHOLE", "REQUIRED_MISSING"}
    assert {code for code, _ in told - found} <= flows | targets

    [made] = run("wms/orders", f"cases: [{{case: a, given: {{file: {SAMPLE}, through: shopify/orders}}}}]")
    assert made.content is not None
    ours, theirs = made.content.decode(), shop.wms(ran)
    assert theirs
    for order in theirs:
        assert f"<OrderNumber>{order.findtext('OrderNumber')}</OrderNumber>" in ours


def test_rows_are_read_whatever_format_the_files_have(tmp_path: Path) -> None:
    """A mapping of nested XML: rows name the paths, and rows of one number are one document."""
    shutil.copytree(starter() / "mappings", tmp_path / "mappings")
    (tmp_path / "mappings/xml").mkdir()
    (tmp_path / "mappings/xml/orders.yaml").write_text(
        """
reads: shipment
format: {type: xml, record: /S/Shipment, lines: Line}
fields:
  shipment_number: {from: Number}
  order_number: {from: Order}
  shipped_at: {from: At, steps: [{parse_date: "%Y-%m-%d"}]}
lines: {sku: {from: Line/Sku, steps: [upper]}, quantity: {from: Line/Qty, steps: [integer]}}
"""
    )
    rows = (
        '[{Number: "1", Order: A, At: "2026-01-02", Line/Sku: a, Line/Qty: 1}, '
        '{Number: "1", Line/Sku: b, Line/Qty: x}, '
        '{Number: "2", Order: B, At: "2026-01-02", Line/Sku: c, Line/Qty: 3}]'
    )

    [made] = run("xml/orders", f"cases: [{{case: a, given: {{rows: {rows}}}}}]", tmp_path)

    assert [(problem.code, problem.row) for problem in made.problems] == [("NOT_AN_INTEGER", 2)]
    [document] = made.documents
    assert (document.fields["shipment_number"], [line["sku"] for line in document.lines]) == ("2", ["C"])


def test_what_a_flow_decides_is_not_asked() -> None:
    """Unpaid, cancelled, sums that do not agree: all of that is the flow's."""
    [made] = run(
        "shopify/orders",
        """
cases:
- case: a
  given:
    rows: [{Name: "#1", Id: 1, Created at: "2026-03-02 09:00:00 +0100", Cancelled at: "2026-03-02 10:00:00 +0100",
            Financial Status: voided, Currency: EUR, Subtotal: 1.00, Total: 99.00, Discount Amount: 3.00,
            Lineitem sku: TEA-ASSAM, Lineitem name: Tea, Lineitem quantity: 2, Lineitem price: 12.50,
            Lineitem discount: 1.00}]
""",
    )
    assert made.problems == ()
    assert made.documents[0].lines[0]["line_discount"] == "1.00", "what the mapping read, nothing allocated"


def test_given_documents_are_not_checked_as_a_file_is() -> None:
    [made] = run("erp/orders", "cases: [{case: a, given: {documents: [{fields: {total: 1, currency: EUR}}]}}]")
    assert {(problem.code, problem.row) for problem in made.problems} == {("REQUIRED_MISSING", 1)}
    assert all("line." not in problem.field for problem in made.problems)
    [other] = run("wms/orders", "cases: [{case: a, given: {documents: [{fields: {notes: x}}]}}]")
    assert other.content is None, "without an address it is nothing for the warehouse"


def test_a_file_that_is_refused_whole_tells_why() -> None:
    [made] = run("shopify/orders", "cases: [{case: a, given: {file: samples/orders/refused/duplicate_column.csv}}]")
    assert [(problem.code, problem.row) for problem in made.problems] == [("DUPLICATE_COLUMN", None)]
    assert made.documents == ()


def test_rows_of_nothing_are_no_documents() -> None:
    [made] = run("shopify/orders", 'cases: [{case: a, given: {rows: [{Name: ""}]}}]')
    assert (made.documents, made.problems) == ((), ())


def test_a_mapping_that_cannot_be_compiled_is_placed(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "ws")
    shop.edit("mappings/wms/orders.yaml", "{from: sku, required: true", "{from: skuu, required: true")
    with pytest.raises(ConfigurationError, match=r"mappings/wms/orders.yaml:\d+:\d+: there is no column skuu"):
        run("wms/orders", "cases: [{case: a, given: {documents: [{}]}}]", shop.root)
