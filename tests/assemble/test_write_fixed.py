"""Fixed-width deliveries: records for documents and lines, and a trailer where the mapping has one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from exchange.assemble.sources import load_sources
from exchange.assemble.write_fixed import fixed_writer
from exchange.config.formats import FixedFormat
from exchange.config.models import Flow
from exchange.kernel.errors import ConfigurationError
from tests.assemble.test_write_jsonl import small

RECORDS: list[dict[str, object]] = [
    {
        "name": "line",
        "code": "P",
        "fields": [{"name": "OrderNumber", "start": 2, "length": 3}, {"name": "Sku", "length": 2}],
    },
    {
        "name": "end",
        "code": "T",
        "role": "trailer",
        "fields": [{"name": "n", "start": 2, "length": 1, "counts": "line"}],
    },
]


def form(*records: dict[str, object]) -> FixedFormat:
    return FixedFormat.model_validate({"type": "fixed", "records": records, "newline": "crlf"})


def test_lines_and_a_trailer_that_counts_them(root: Path, flow: Flow, tmp_path: Path) -> None:
    made = fixed_writer(small(root, flow, form(*RECORDS)), "erp")
    fragment, failures = made.render({"OrderNumber": pa.array(["7"])}, {"Sku": pa.array(["A", "B"])}, np.array([0, 0]))
    assert (bytes(fragment.data), failures) == (b"P7  A \r\nP7  B \r\n", [])
    assert made.pack is not None
    (tmp_path / "body").write_bytes(fragment.data)
    made.pack(tmp_path / "body", tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == b"P7  A \r\nP7  B \r\nT2\r\n"


def test_a_count_that_outgrows_its_place_stops_the_delivery(root: Path, flow: Flow, tmp_path: Path) -> None:
    made = fixed_writer(small(root, flow, form(*RECORDS)), "erp")
    assert made.pack is not None
    (tmp_path / "body").write_bytes(b"P7  A \r\n" * 10)
    with pytest.raises(ConfigurationError, match="'10' does not fit into field n"):
        made.pack(tmp_path / "body", tmp_path / "out")


def test_without_a_trailer_nothing_is_packed(root: Path, flow: Flow) -> None:
    assert fixed_writer(small(root, flow, form(RECORDS[0])), "erp").pack is None


def test_an_xml_mapping_is_none(root: Path, flow: Flow) -> None:
    with pytest.raises(ConfigurationError, match="wms/orders, which wms uses, is no fixed-width mapping"):
        fixed_writer(load_sources(root, flow, 0).outbound[0], "wms")
