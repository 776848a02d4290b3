"""What cases name and nobody knows: typical mistakes, each with its message at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.assemble.cases_names import flow_mistakes, mapping_mistakes
from exchange.config.cases import Cases, FlowCases
from exchange.config.loader import load_bytes
from exchange.config.scaffold import starter

ROOT = starter()
INBOUND = """\
cases:
  - case: one
    given: {rows: [{Name: "#1"}]}
    tables: {items: [{sku: A}]}
    expect:
      documents: [{fields: {total: 1}, lines: [{sku: A}]}]
      problems: [{code: LOOKUP_MISS, row: 1}]
"""
OUTBOUND = """\
defaults: {fields: {currency: EUR}}
cases:
  - case: one
    given: {documents: [{fields: {total: 1}, lines: [{quantity: 2}]}]}
    expect: {rows: [{Quantity: 2}]}
"""
ROWS = "an outbound mapping is given documents, or rows that another mapping reads; write `documents:`, or `through:"
IN = [
    ("Name:", "Nmae:", "3:21: there is no column 'Nmae'; did you mean 'Name'?"),
    ('{rows: [{Name: "#1"}]}', "{file: samples/no.csv}", "3:19: there is no file samples/no.csv; write its path from"),
    ('{rows: [{Name: "#1"}]}', "{documents: [{}]}", "3:13: an inbound mapping reads rows or a file; write `rows:` or"),
    ('"#1"}]', '"#1"}], through: wms/orders', "3:44: an inbound mapping reads rows itself; remove `through`"),
    ("items:", "itmes:", "4:14: there is no table 'itmes'; did you mean 'items'?"),
    ("sku: A}]}\n    expect", "skuu: A}]}\n    expect", "4:23: table items has no column 'skuu'; did you mean 'sku'?"),
    ("total:", "totl:", "6:29: nothing fills a field 'totl'; did you mean 'total'?"),
    ("{sku: A}]}]\n", "{skuu: A}]}]\n", "6:49: nothing fills a field 'skuu'; did you mean 'sku'?"),
    ("documents: [{fields", "text: x\n      documents: [{fields", "6:7: an inbound mapping makes documents, not text"),
    ("LOOKUP_MISS", "LOOKUP_MIS", "7:25: there is no problem code 'LOOKUP_MIS'; did you mean 'LOOKUP_MISS'?"),
    ("LOOKUP_MISS", "XXX", "7:25: there is no problem code 'XXX'; `exchange explain` lists them all"),
    ("row: 1", "row: 2", "7:43: the case gives no row 2; write at most 1"),
    ("row: 1", "line: 1", "7:44: no file is given; write `row:`, counted from 1"),
    ("cases:\n", "defaults: {every_row: {Nmae: x}}\ncases:\n", "1:24: there is no column 'Nmae'; did you mean 'Name'?"),
    ("cases:\n", "defaults: {fields: {total: 1}}\ncases:\n", "1:12: documents are given to outbound mappings only"),
]
OUT = [
    ("currency:", "curency:", "1:21: the order has no field 'curency'; did you mean 'currency'?"),
    ("EUR", "EUR, part: 2", "1:36: the order has no field 'part'"),
    ("total: 1", "total: much", "4:35: 'much' is not decimal; write a number such as 12.50"),
    ("total: 1", "paid_at: soon", "4:35: 'soon' is not datetime; write a moment with its zone such as"),
    ("total: 1", 'paid_at: "2026-03-05"', "4:35: '2026-03-05' is not datetime; write a moment with its zone such as"),
    ("quantity: 2}", "quantity: 2.5}", "4:55: '2.5' is not integer; write a whole number such as 2"),
    ("quantity: 2}", "taxable: maybe}", "4:55: 'maybe' is not boolean; write true or false"),
    ("{documents: [{fields: {total: 1}, lines: [{quantity: 2}]}]}", "{rows: [{Name: x}]}", f"4:5: {ROWS}"),
    (
        "{documents: [{fields: {total: 1}, lines: [{quantity: 2}]}]}",
        "{through: shopify/order, rows: [{Name: x}]}",
        "4:22: there is no mapping 'shopify/order'; did you mean 'shopify/orders'?",
    ),
    (
        "{documents: [{fields: {total: 1}, lines: [{quantity: 2}]}]}",
        "{through: erp/orders, rows: [{Name: x}]}",
        "4:22: erp/orders does not read order documents; name an inbound mapping with `reads: order`",
    ),
    (
        "{documents: [{fields: {total: 1}, lines: [{quantity: 2}]}]}",
        "{through: shopify/orders, rows: [{Nmae: x}]}",
        "4:46: there is no column 'Nmae'; did you mean 'Name'?",
    ),
    ("Quantity:", "Quantiti:", "5:22: nothing fills a field 'Quantiti'; did you mean 'Quantity'?"),
    ("  - case: one", "  - case: one\n    given: {documents: [{}]}\n  - case: one", "5:11: two cases are called 'one'"),
]


@pytest.mark.parametrize(
    ("name", "good", "old", "new", "told"),
    [*(("shopify/orders", INBOUND, *row) for row in IN), *(("wms/orders", OUTBOUND, *row) for row in OUT)],
)
def test_mistakes_of_a_mapping(name: str, good: str, old: str, new: str, told: str) -> None:
    assert old in good
    loaded = load_bytes(good.replace(old, new, 1).encode(), "m_test.yaml", Cases)
    assert loaded.mistakes == ()

    found = [str(mistake) for mistake in mapping_mistakes(ROOT, name, loaded)]

    # Rows that are not given any more are not there to be told problems of.
    assert len(found) == 1 + ("no.csv" in new), found
    assert found[0].startswith(f"m_test.yaml:{told}")


@pytest.mark.parametrize(("name", "good"), [("shopify/orders", INBOUND), ("wms/orders", OUTBOUND)])
def test_what_is_right_has_no_mistakes(name: str, good: str) -> None:
    assert list(mapping_mistakes(ROOT, name, load_bytes(good.encode(), "m_test.yaml", Cases))) == []


def test_mistakes_of_a_flow(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x")
    one = '  - {case: one, at: "2026-03-05T09:00:00Z", files: [a.csv, b*.csv], expected: kept}\n'
    loaded = load_bytes(f"cases:\n{one}{one}".encode(), "f_test.yaml", FlowCases)

    assert [str(mistake) for mistake in flow_mistakes(tmp_path, loaded)] == [
        "f_test.yaml:3:12: two cases are called 'one'; give each a name of its own",
        "f_test.yaml:2:60: there is no file b*.csv; write its path from the workspace on",
        "f_test.yaml:3:60: there is no file b*.csv; write its path from the workspace on",
    ]
