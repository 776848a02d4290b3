"""What a delivered file is, found by its bytes, else by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.assemble.explain_choice import NotShown
from exchange.assemble.explain_works import made_of, originals_of
from exchange.assemble.house import ledger_of
from exchange.config.workspace import load_flows
from tests.assemble.conftest import SAMPLES
from tests.flows.shop import Shop


def test_by_bytes_whatever_the_name(delivered: Shop, tmp_path: Path) -> None:
    [path] = delivered.files("data/outbox/erp/orders")
    copy = tmp_path / "anything"
    copy.write_bytes(path.read_bytes())

    with ledger_of(load_flows(delivered.root)) as ledger:
        made = made_of(delivered.root, ledger, copy)
        [original] = originals_of(delivered.root, ledger, made)

    assert (made.delivery.artifact.endpoint, made.content, made.notes) == ("erp", copy, ())
    assert original.path.read_bytes() == (SAMPLES / "01_clean_day.csv").read_bytes()
    numbers = {row.number for row in original.rows}
    assert {"1001", "1018"} <= numbers
    assert "1008" not in numbers, "a held order stands in no output"


def test_by_name_with_the_bytes_that_were_sent(delivered: Shop) -> None:
    [path] = delivered.files("data/outbox/wms/orders")

    with ledger_of(load_flows(delivered.root)) as ledger:
        made = made_of(delivered.root, ledger, Path("gone", path.name))

    assert made.content is not None
    assert made.content.read_bytes() == path.read_bytes()
    assert "is not there" in made.notes[0]


def test_held_rows_are_no_output(delivered: Shop) -> None:
    [held] = delivered.files("data/state/held")

    with ledger_of(load_flows(delivered.root)) as ledger, pytest.raises(NotShown, match="a file of kind held"):
        made_of(delivered.root, ledger, held)
