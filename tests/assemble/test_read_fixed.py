"""How the inbound files of type fixed are read: by their flat copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.assemble.plan import READERS
from exchange.assemble.read_fixed import fixed_reader
from exchange.config.formats import CsvFormat, FixedFormat
from exchange.config.models import Flow
from exchange.formats.delimited.flat import FlatReader, FlatSetAside
from exchange.formats.fixed.flatten import FixedWidth
from exchange.kernel.errors import ConfigurationError
from tests.assemble.test_read_csv import written
from tests.formats.fixed.telegrams import WAMAS


def test_a_flat_copy_is_read(root: Path, flow: Flow) -> None:
    reader, aside = fixed_reader(
        written(root, flow, FixedFormat.model_validate(WAMAS)), ("Name", "Email"), ("Name",), "Name"
    )
    assert isinstance(reader, FlatReader)
    assert isinstance(reader.flatten, FixedWidth)
    assert isinstance(aside, FlatSetAside)
    assert (reader.rows.wanted, reader.rows.required, reader.rows.group_key) == (("Name", "Email"), ("Name",), "Name")
    assert READERS["fixed"] == "exchange.assemble.read_fixed:fixed_reader"


def test_a_mapping_of_another_format_is_none(root: Path, flow: Flow) -> None:
    with pytest.raises(ConfigurationError, match="is no fixed-width mapping"):
        fixed_reader(written(root, flow, CsvFormat()), (), (), "Name")
