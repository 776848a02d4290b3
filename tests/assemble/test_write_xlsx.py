"""Workbook deliveries: rows first, the workbook at the end."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from exchange.assemble.sources import load_sources
from exchange.assemble.write_xlsx import xlsx_writer
from exchange.config.formats import XlsxFormat
from exchange.config.models import Flow
from exchange.formats.xlsx.writer import CELL_CHARACTERS
from exchange.kernel.errors import ConfigurationError
from tests.assemble.test_write_jsonl import small
from tests.formats.delimited.test_reader import rows
from tests.formats.xlsx.test_flatten import chunk_of
from tests.formats.xlsx.test_flatten import made as reader


def test_rows_become_a_workbook_without_what_it_cannot_hold(root: Path, flow: Flow, tmp_path: Path) -> None:
    made = xlsx_writer(small(root, flow, XlsxFormat(type="xlsx", sheet="Out"), "OrderNumber", "Sku"), "erp")
    header = {"OrderNumber": pa.array(["1", "2", "x" * (CELL_CHARACTERS + 1)])}
    lines = {"Sku": pa.array(["01", "y" * (CELL_CHARACTERS + 1), "=1", "03"])}
    fragment, failures = made.render(header, lines, np.array([0, 1, 1, 2]))
    assert [(each.row, each.field, each.code) for each in failures] == [
        (2, "OrderNumber", "TOO_LONG"),
        (1, "Sku", "TOO_LONG"),
    ]
    assert (fragment.documents.tolist(), fragment.records.tolist()) == ([0], [1])
    assert made.pack is not None
    (tmp_path / "rows").write_bytes(made.header + bytes(fragment.data) + made.footer)
    made.pack(tmp_path / "rows", tmp_path / "out.xlsx")
    each = reader("OrderNumber", "Sku", name="Out", header_has=())
    assert rows([chunk_of(each, tmp_path / "out.xlsx")]) == [{"OrderNumber": "1", "Sku": "01"}]


def test_an_xml_mapping_is_none(root: Path, flow: Flow) -> None:
    with pytest.raises(ConfigurationError, match="wms/orders, which wms uses, is no workbook mapping"):
        xlsx_writer(load_sources(root, flow, 0).outbound[0], "wms")
