"""JSON Lines deliveries: an object a document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from exchange.assemble.sources import Outbound, load_sources
from exchange.assemble.write_jsonl import jsonl_writer
from exchange.config.formats import JsonlFormat
from exchange.config.models import Flow
from exchange.kernel.errors import ConfigurationError


def small(root: Path, flow: Flow, form: Any, *columns: str) -> Outbound:
    """Return the starter's ERP delivery with another format and a few columns."""
    out = load_sources(root, flow, 0).outbound[1]
    return Outbound(out.delivery, out.mapping.model_copy(update={"columns": columns, "format": form}))


def test_header_fields_and_lines_are_told_apart(root: Path, flow: Flow) -> None:
    form = JsonlFormat.model_validate({"lines": "items", "numbers": "Quantity"})
    made = jsonl_writer(small(root, flow, form, "Sku", "OrderNumber", "Quantity"), "erp")
    lines = {"Sku": pa.array(["A", "B"]), "Quantity": pa.array(["1", "2"])}
    fragment, failures = made.render({"OrderNumber": pa.array(["7"])}, lines, np.array([0, 0]))
    expected = b'{"OrderNumber":"7","items":[{"Sku":"A","Quantity":1},{"Sku":"B","Quantity":2}]}\n'
    assert (bytes(fragment.data), failures, made.header, made.footer, made.pack) == (expected, [], b"", b"", None)


def test_an_xml_mapping_is_none(root: Path, flow: Flow) -> None:
    with pytest.raises(ConfigurationError, match="wms/orders, which wms uses, is no JSON Lines mapping"):
        jsonl_writer(load_sources(root, flow, 0).outbound[0], "wms")
