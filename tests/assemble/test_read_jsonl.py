"""How the inbound files of type jsonl are read: by their flat copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.assemble.plan import READERS
from exchange.assemble.read_jsonl import jsonl_reader
from exchange.config.formats import CsvFormat, JsonlFormat
from exchange.config.models import Flow
from exchange.formats.delimited.flat import FlatReader, FlatSetAside
from exchange.formats.jsonl.flatten import JsonLines
from exchange.kernel.errors import ConfigurationError
from tests.assemble.test_read_csv import written


def test_a_flat_copy_is_read(root: Path, flow: Flow) -> None:
    reader, aside = jsonl_reader(written(root, flow, JsonlFormat(lines="items")), ("Name", "Email"), ("Name",), "Name")
    assert isinstance(reader, FlatReader)
    assert isinstance(reader.flatten, JsonLines)
    assert isinstance(aside, FlatSetAside)
    assert (reader.rows.wanted, reader.rows.required, reader.rows.group_key) == (("Name", "Email"), ("Name",), "Name")
    assert READERS["jsonl"] == "exchange.assemble.read_jsonl:jsonl_reader"


def test_a_mapping_of_another_format_is_none(root: Path, flow: Flow) -> None:
    with pytest.raises(ConfigurationError, match="is no JSON Lines mapping"):
        jsonl_reader(written(root, flow, CsvFormat()), (), (), "Name")
