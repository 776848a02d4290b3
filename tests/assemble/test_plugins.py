"""Rows of ours and of others; tests/testing/test_workbench.py and test_endpoints.py use a whole distribution."""

from __future__ import annotations

import pytest

from exchange.assemble.plugins import endpoint_part, format_part
from exchange.config.endpoints import TYPES as ENDPOINT_TYPES
from exchange.config.formats import TYPES as FORMAT_TYPES
from exchange.kernel.errors import ConfigurationError


def test_a_row_of_ours_is_called_with_what_is_given() -> None:
    rows = {"csv": "exchange.kernel.naming:safe_name"}
    assert format_part(rows, "reader", "csv", "a/b") == endpoint_part(rows, "csv", "a/b")


def test_what_nobody_adds_any_more_is_said() -> None:
    with pytest.raises(
        ConfigurationError, match="nothing adds the format 'edifact' any more; install the distribution"
    ):
        format_part({}, "reader", "edifact")
    with pytest.raises(ConfigurationError, match="nothing adds the endpoint type 'ftp' any more"):
        endpoint_part({}, "ftp")


def test_our_own_types() -> None:
    assert {"csv", "xml", "jsonl", "fixed", "xlsx"} == FORMAT_TYPES
    assert {"local", "sftp"} == ENDPOINT_TYPES
