"""A work folder that is gone is told; a file that is missed for another reason is not taken for that."""

from __future__ import annotations

import shutil

import pytest

from exchange.engine.removal import passing_faults
from exchange.kernel.errors import TryLater
from tests.engine.hall import Hall


def test_what_is_missed_in_a_folder_that_is_gone_passes(hall: Hall) -> None:
    source = hall.house.work.source("0123456789ab")

    with (
        pytest.raises(TryLater, match="0123456789ab was removed while a file was worked on there"),
        passing_faults(hall.house),
    ):
        source.read_bytes()


def test_so_does_what_an_endpoint_misses_there(hall: Hall) -> None:
    incoming = hall.house.work.incoming()
    shutil.rmtree(incoming.parent)

    def fetch() -> None:
        try:
            incoming.write_bytes(b"")
        except OSError as fault:
            raise TryLater("cannot copy a.csv") from fault

    with pytest.raises(TryLater, match="incoming was removed"), passing_faults(hall.house):
        fetch()


def test_any_other_fault_stays_what_it_is(hall: Hall) -> None:
    folder = hall.house.work.folder("0123456789ab")
    folder.mkdir(parents=True)

    with pytest.raises(FileNotFoundError), passing_faults(hall.house):
        (folder / "never made").read_bytes()
    with pytest.raises(FileNotFoundError), passing_faults(hall.house):
        (hall.house.root / "elsewhere").read_bytes()
    with pytest.raises(TryLater, match="no route"), passing_faults(hall.house):
        raise TryLater("no route")
