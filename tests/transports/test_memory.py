"""What only a place in memory does; the rest is tests/contracts/test_endpoint.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.kernel.errors import TryLater
from exchange.transports.memory import MemoryEndpoint


def test_it_is_what_it_is_told_to_be() -> None:
    assert not MemoryEndpoint("wms").remote
    assert MemoryEndpoint("wms", remote=True).remote


def test_files_stay_when_it_is_closed_and_while_it_is_away(tmp_path: Path) -> None:
    place = MemoryEndpoint("wms")
    place.put("orders", "day.csv", b"data", 1)
    place.close()
    place.away = "unplugged"
    with pytest.raises(TryLater, match="wms is away: unplugged"):
        place.list("orders", "*")

    place.away = ""
    [source] = place.list("orders", "*").files
    assert place.fetch(source, tmp_path / "copy") is not None


def test_a_file_that_is_put_without_a_time_was_changed_now() -> None:
    place = MemoryEndpoint("wms")
    place.put("orders", "a.csv", b"")
    place.put("orders", "b.csv", b"")

    first, second = place.list("orders", "*").files
    assert (first.name, second.name) == ("a.csv", "b.csv")
    assert first.mtime_ns > 1_700_000_000 * 10**9
