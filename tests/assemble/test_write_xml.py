"""XML deliveries: a record a document, checked against the XSD."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from exchange.assemble.sources import load_sources
from exchange.assemble.write_xml import xml_writer
from exchange.config.models import Flow
from exchange.kernel.errors import ConfigurationError


def test_header_and_footer_make_a_document(root: Path, flow: Flow) -> None:
    made = xml_writer(load_sources(root, flow, 0).outbound[0], "wms")

    assert etree.fromstring(made.header + made.footer).tag == "Orders"


def test_a_csv_mapping_is_none(root: Path, flow: Flow) -> None:
    with pytest.raises(ConfigurationError, match="erp/orders, which erp uses, is no XML mapping"):
        xml_writer(load_sources(root, flow, 0).outbound[1], "erp")
