"""CSV pick-ups: plain ones keep the source's bytes, other dialects are flattened first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from exchange.assemble.read_csv import csv_reader, described
from exchange.assemble.sources import Sources, load_sources
from exchange.config.formats import CsvFormat, JsonlFormat
from exchange.config.models import Flow
from exchange.formats.delimited.flat import FlatReader, FlatSetAside
from exchange.formats.delimited.reader import DelimitedReader
from exchange.formats.delimited.rejectfile import DelimitedSetAside
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.pipeline import Reader, SetAside


def written(root: Path, flow: Flow, form: Any) -> Sources:
    """Return the sources of the starter's flow, its inbound mapping in another format."""
    sources = load_sources(root, flow, 0)
    return replace(sources, mapping=sources.mapping.model_copy(update={"format": form}))


def csv(root: Path, flow: Flow, **keys: object) -> tuple[Reader, SetAside]:
    return csv_reader(written(root, flow, CsvFormat.model_validate(keys)), ("Name",), ("Name",), "Name")


def test_a_plain_dialect_is_read_as_it_is(root: Path, flow: Flow) -> None:
    reader, aside = csv(
        root, flow, delimiter=";", encoding="cp1252", skip=2, comment="#", footer="x", header_has="Name"
    )
    assert isinstance(reader, DelimitedReader)
    assert type(aside) is DelimitedSetAside
    assert (reader.delimiter, reader.encoding, reader.mapping) == (";", "cp1252", "mappings/shopify/orders.yaml")
    around = reader.around
    assert (around.skip, around.header_has, around.comment, around.footer) == (2, ("Name",), "#", ("x",))
    assert "Lineitem sku" in reader.known


@pytest.mark.parametrize("keys", [{"delimiter": "||"}, {"quote": "none", "delimiter": "\t"}])
def test_others_are_flattened(root: Path, flow: Flow, keys: dict[str, str]) -> None:
    reader, aside = csv(root, flow, **keys)
    assert isinstance(reader, FlatReader)
    assert isinstance(aside, FlatSetAside)
    assert (reader.rows.delimiter, reader.rows.encoding, reader.rows.around.leads) == (",", "utf-8", False)


def test_without_a_schema_no_column_is_described(root: Path, flow: Flow) -> None:
    assert described(replace(load_sources(root, flow, 0), schema=None)) == ()


def test_a_mapping_of_another_format_is_none(root: Path, flow: Flow) -> None:
    with pytest.raises(ConfigurationError, match=r"mappings/shopify/orders\.yaml is no CSV mapping"):
        csv_reader(written(root, flow, JsonlFormat()), (), (), "Name")
