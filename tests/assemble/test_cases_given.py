"""What a case gives becomes the rows that a mapping reads."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from exchange.assemble.cases_given import as_read, known_columns, stage
from exchange.config.cases import Cases
from exchange.config.loader import load_bytes
from exchange.config.scaffold import starter
from exchange.config.workspace import load_mapping, load_schema
from exchange.documents.loader import document

TOP = starter()


def rows(name: str, text: str, root: Path = TOP) -> list[dict[str, str]]:
    """Return the filled cells of each row that the machine reads."""
    cases = load_bytes(text.encode(), "m_test.yaml", Cases).required()
    staged = stage(root, name, cases.cases[0], cases.defaults)
    assert staged.content is not None
    read = csv.DictReader(io.StringIO(staged.content.decode(), newline=""))
    return [{column: cell for column, cell in row.items() if cell} for row in read]


def test_first_rows_have_the_cells_of_first_rows() -> None:
    text = """
defaults: {first_row: {Id: "1", Total: 2.00}, every_row: {Lineitem sku: A}}
cases:
- case: a
  given: {rows: [{Name: "#1"}, {Name: "#1", Lineitem sku: B}, {Name: "#2", Total: ""}]}
"""
    assert rows("shopify/orders", text) == [
        {"Name": "#1", "Id": "1", "Total": "2.00", "Lineitem sku": "A"},
        {"Name": "#1", "Lineitem sku": "B"},
        {"Name": "#2", "Id": "1", "Lineitem sku": "A"},
    ]


def test_documents_become_a_row_for_each_line() -> None:
    text = """
defaults: {fields: {currency: EUR}, lines: {unit: EA}}
cases:
- case: a
  given:
    documents:
    - {fields: {order_number: "7", ordered_at: "2026-03-02T09:00:00+01:00"}, lines: [{sku: A}, {sku: B, unit: CS}]}
    - {}
"""
    assert rows("wms/orders", text) == [
        {
            "_given": "1",
            "_record": "1",
            "order_number": "7",
            "ordered_at": "2026-03-02T08:00:00Z",
            "currency": "EUR",
            "line.sku": "A",
            "line.unit": "EA",
        },
        {"_given": "1", "line.sku": "B", "line.unit": "CS"},
        {"_given": "2", "_record": "2", "currency": "EUR", "line.unit": "EA"},
    ]


def test_columns_that_rows_may_have() -> None:
    known = known_columns(load_mapping(TOP, "shopify/orders"), load_schema(TOP, "shopify_orders"))
    assert {"Name", "Lineitem sku", "Vendor"} <= set(known)
    alone = known_columns(load_mapping(TOP, "shopify/orders"), None)
    assert "Vendor" not in alone
    assert {"Name", "Id", "Shipping Zip"} <= set(alone)


def test_moments_are_written_as_they_are_read() -> None:
    fields = document("order").fields
    assert as_read(fields["ordered_at"], "2026-03-02T09:00:00+01:00") == "2026-03-02T08:00:00Z"
    assert as_read(fields["order_number"], "2026-03-02") == "2026-03-02"
    with pytest.raises(ValueError, match="2026-03-02"):
        as_read(fields["ordered_at"], "2026-03-02")
