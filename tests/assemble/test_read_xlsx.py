"""How the inbound files of type xlsx are read: by their flat copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.assemble.plan import READERS
from exchange.assemble.read_xlsx import xlsx_reader
from exchange.config.formats import CsvFormat, XlsxFormat
from exchange.config.models import Flow
from exchange.formats.delimited.flat import FlatReader, FlatSetAside
from exchange.formats.xlsx.flatten import Workbook
from exchange.kernel.errors import ConfigurationError
from tests.assemble.test_read_csv import written


def test_a_flat_copy_is_read(root: Path, flow: Flow) -> None:
    reader, aside = xlsx_reader(
        written(root, flow, XlsxFormat(type="xlsx", sheet="Orders")), ("Name", "Email"), ("Name",), "Name"
    )
    assert isinstance(reader, FlatReader)
    assert isinstance(reader.flatten, Workbook)
    assert isinstance(aside, FlatSetAside)
    assert (reader.rows.wanted, reader.rows.required, reader.rows.group_key) == (("Name", "Email"), ("Name",), "Name")
    assert READERS["xlsx"] == "exchange.assemble.read_xlsx:xlsx_reader"


def test_a_mapping_of_another_format_is_none(root: Path, flow: Flow) -> None:
    with pytest.raises(ConfigurationError, match="is no workbook mapping"):
        xlsx_reader(written(root, flow, CsvFormat()), (), (), "Name")
