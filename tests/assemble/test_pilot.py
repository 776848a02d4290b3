"""The lists of `only:`, written out or kept in a table."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.assemble.pilot import load_pilot
from exchange.config.loader import load_bytes
from exchange.config.models import Flow
from exchange.kernel.errors import ConfigurationError
from exchange.rules.only import Pilot

_FLOW = "flow: f\npick_up: [{from: a, channel: de, mapping: m}]\ndeliver: [{to: b, mapping: n, name: x}]\n"


def flow(only: str = "") -> Flow:
    return load_bytes((_FLOW + (f"only: {only}\n" if only else "")).encode(), "f.yaml", Flow).required()


def test_lists_and_tables(tmp_path: Path) -> None:
    (tmp_path / "mappings/tables").mkdir(parents=True)
    (tmp_path / "mappings/tables/p.csv").write_text("sku\nA\n\n B \nA\n", encoding="utf-8")
    made = load_pilot(tmp_path, flow("{skus: {file: tables/p.csv, column: sku}, customers: [' A@B.example']}"), 0)
    assert made == Pilot(skus=("A", "B"), customers=("a@b.example",), channel="de")
    assert load_pilot(tmp_path, flow(), 0) is None


@pytest.mark.parametrize(
    ("only", "said"),
    [
        ("{skus: {file: tables/q.csv, column: sku}}", "there is no table 'q'"),
        ("{skus: {file: tables/p.csv, column: x}}", "no column 'x'"),
    ],
)
def test_what_is_not_there(tmp_path: Path, only: str, said: str) -> None:
    (tmp_path / "mappings/tables").mkdir(parents=True)
    (tmp_path / "mappings/tables/p.csv").write_text("sku\nA\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=said):
        load_pilot(tmp_path, flow(only), 0)
