"""CSV deliveries: a row a line, the header fields on each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from exchange.assemble.sources import load_sources
from exchange.assemble.write_csv import csv_writer
from exchange.config.formats import CsvFormat
from exchange.config.models import Flow
from exchange.kernel.errors import ConfigurationError


def test_header_fields_are_repeated_on_each_line(root: Path, flow: Flow) -> None:
    out = load_sources(root, flow, 0).outbound[1]
    small = out.mapping.model_copy(
        update={
            "columns": ("Sku", "OrderNumber"),
            "format": CsvFormat.model_validate({"delimiter": ";", "newline": "crlf"}),
        }
    )

    made = csv_writer(type(out)(out.delivery, small), "erp")
    header = {"OrderNumber": pa.array(["1", "2"])}
    lines = {"Sku": pa.array(["A", "B;C", None])}
    fragment, failures = made.render(header, lines, np.array([0, 0, 1]))

    assert made.header == b"Sku;OrderNumber\r\n"
    assert bytes(fragment.data) == b'A;1\r\n"B;C";1\r\n;2\r\n'
    assert (fragment.ends.tolist(), fragment.documents.tolist(), failures) == ([14, 18], [0, 1], [])
    assert made.footer == b""


def test_what_the_target_cannot_hold_is_told_of_its_document(root: Path, flow: Flow) -> None:
    out = load_sources(root, flow, 0).outbound[1]
    small = out.mapping.model_copy(update={"columns": ("Sku",), "format": CsvFormat(encoding="latin-1")})

    made = csv_writer(type(out)(out.delivery, small), "erp")
    _, [failure] = made.render({}, {"Sku": pa.array(["A", "B", "☃"])}, np.array([0, 0, 1]))

    assert (failure.row, failure.code, failure.field) == (1, "ILLEGAL_CHARACTER", "Sku")


def test_an_xml_mapping_is_none(root: Path, flow: Flow) -> None:
    with pytest.raises(ConfigurationError, match="wms/orders, which wms uses, is no CSV mapping"):
        csv_writer(load_sources(root, flow, 0).outbound[0], "wms")
