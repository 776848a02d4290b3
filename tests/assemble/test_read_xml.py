"""XML pick-ups: what a mapping says becomes a walk, a check and a way to set records aside."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from exchange.assemble.read_xml import xml_reader
from exchange.assemble.sources import Sources, load_sources
from exchange.config.formats import JsonlFormat, XmlFormat
from exchange.config.models import Flow, Mapping
from exchange.formats.xml.flatten import XmlFlatten
from exchange.kernel.errors import ConfigurationError

MAPPING = {
    "reads": "order",
    "format": {
        "type": "xml",
        "record": "/o:Os/o:O",
        "lines": "Ls/L",
        "namespaces": {"o": "urn:o"},
        "join": {"N": ", "},
    },
    "fields": {"order_number": {"from": "No"}, "notes": {"from": "N"}},
    "lines": {"sku": {"from": "Ls/L/S"}, "warehouse": {"from": "W"}},
}


def written(root: Path, flow: Flow, **format_: Any) -> Sources:
    """Return the sources of the starter's flow with an XML mapping."""
    sources = load_sources(root, flow, 0)
    form = {**MAPPING["format"], **format_}  # type: ignore[dict-item]
    return replace(sources, mapping=Mapping.model_validate({**MAPPING, "format": form}), schema=None)


def read(sources: Sources) -> XmlFlatten:
    reader, aside = xml_reader(sources, ("No", "_record", "N", "Ls/L/S", "W"), ("No",), "No")
    assert (aside.suffix, reader.returned) == (".xml", False)
    assert isinstance(reader.flatten, XmlFlatten)
    assert aside.shape == reader.flatten.shape
    return reader.flatten


def test_a_mapping_becomes_columns(root: Path, flow: Flow) -> None:
    flatten = read(written(root, flow))
    assert flatten.columns.names == ("_record", "No", "N", "Ls/L/S", "W")
    assert (flatten.columns.joins, flatten.columns.every_row) == ({2: ", "}, (1, 4))
    shape = flatten.shape
    assert (shape.record, shape.shown, shape.mapping) == (
        ("{urn:o}Os", "{urn:o}O"),
        "/o:Os/o:O",
        "mappings/shopify/orders.yaml",
    )
    assert (shape.doctype, shape.keep_records, flatten.check) == (False, False, None)


def test_what_is_switched_on(root: Path, flow: Flow) -> None:
    xsd = root / "mappings/schemas/wms_orders.xsd"
    assert xsd.is_file()
    sources = replace(written(root, flow, doctype="allow", on_broken="keep_records"), xsd=xsd)
    flatten = read(sources)
    assert (flatten.shape.doctype, flatten.shape.keep_records) == (True, True)
    assert flatten.check is not None


def test_the_xsd_is_one_of_the_sources(root: Path, flow: Flow) -> None:
    (root / "mappings/schemas/o.xsd").write_text("<x/>", encoding="utf-8")
    file = root / "mappings/shopify/orders.yaml"
    text = file.read_text(encoding="utf-8")
    old = 'format: {type: csv, encoding: utf-8, delimiter: ","}'
    assert old in text
    file.write_text(text.replace(old, "format: {type: xml, record: /a/b, schema: o.xsd}"), encoding="utf-8")
    first = load_sources(root, flow, 0)
    assert first.xsd == root / "mappings/schemas/o.xsd"
    (root / "mappings/schemas/o.xsd").write_text("<y/>", encoding="utf-8")
    assert load_sources(root, flow, 0).version != first.version


def test_what_cannot_be_read_is_told(root: Path, flow: Flow) -> None:
    with pytest.raises(ConfigurationError, match=r"mappings/shopify/orders\.yaml: the prefix 'x' is not declared"):
        read(written(root, flow, record="/x:a/b"))
    other = written(root, flow)
    wrong = replace(other, mapping=other.mapping.model_copy(update={"format": JsonlFormat()}))
    with pytest.raises(ConfigurationError, match="is no XML mapping"):
        xml_reader(wrong, (), (), "No")


def test_only_records_that_hold_lines_are_nested() -> None:
    assert XmlFormat(record="/a/b", lines="c").nests
    assert not XmlFormat(record="/a/b").nests, "several records may then be one document, as rows of CSV are"
