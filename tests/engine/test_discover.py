"""What is ready, what still settles, and what is passed over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from exchange.config.models import Flow
from exchange.engine.discover import Ready, discover
from exchange.kernel.model import SourceFile

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


class Place:
    """An endpoint with these files, whatever is asked for."""

    def __init__(self, *files: SourceFile) -> None:
        self._files = files

    def list(self, folder: str, match: str) -> list[SourceFile]:
        """Return the files of one folder."""
        del match
        return [file for file in self._files if file.folder == folder]


def places(*files: SourceFile) -> Any:
    """Return the endpoints of a workspace that has one."""
    return {"shopify": Place(*files)}


class Sightings:
    """Knows some names."""

    def __init__(self, *names: str) -> None:
        self._names = names

    def sighting(self, source: SourceFile) -> str | None:
        """Return a hash for a known name."""
        return "ab" if source.name in self._names else None

    def note(self, source: SourceFile, sha256: str, at: datetime) -> None:
        """Nothing is noted by looking."""
        pytest.fail(f"looking notes nothing, but {source.name} {sha256} {at}")


def file(name: str, age: float, folder: str = "orders") -> SourceFile:
    """Return a file last changed so many seconds ago."""
    return SourceFile("shopify", folder, name, 1, int((NOW.timestamp() - age) * 1e9))


def found(*files: SourceFile, seen: Sightings | None = None, **pick_up: Any) -> tuple[list[str], dict[str, float]]:
    """Return the names that are ready, and the seconds others still have to rest."""
    flow = Flow.model_validate(
        {
            "flow": "orders",
            "pick_up": [{"from": "shopify", "folder": "orders", "mapping": "m", **pick_up}],
            "deliver": [{"to": "erp", "mapping": "n", "name": "x"}],
        }
    )
    made = discover(flow, places(*files), seen or Sightings(), lambda: NOW)
    return [ready.source.name for ready in made.ready], {
        s.source.name: s.ready_in.total_seconds() for s in made.settling
    }


def test_oldest_first_then_by_name() -> None:
    assert found(file("b", 50), file("c", 90), file("a", 50)) == (["c", "a", "b"], {})


def test_a_fresh_file_still_settles() -> None:
    ready, settling = found(file("old", 10), file("fresh", 4))

    assert ready == ["old"]
    assert settling == {"fresh": pytest.approx(6, abs=0.01)}


def test_a_file_from_the_future_counts_as_fresh() -> None:
    ready, settling = found(file("ahead", -3600))

    assert ready == []
    assert settling == {"ahead": pytest.approx(10, abs=0.01)}


def test_settle_is_said_by_the_pick_up() -> None:
    assert found(file("fresh", 0), settle="0s") == (["fresh"], {})


def test_kept_files_are_taken_once() -> None:
    seen = Sightings("known")

    assert found(file("known", 50), file("new", 50), seen=seen, then="keep") == (["new"], {})
    assert found(file("known", 50), seen=seen, then="archive") == (["known"], {})


def test_first_pick_up_that_fits_takes_a_file() -> None:
    pick_up = {"from": "shopify", "folder": "orders", "mapping": "m"}
    flow = Flow.model_validate(
        {
            "flow": "orders",
            "pick_up": [pick_up, pick_up, {**pick_up, "folder": "late"}],
            "deliver": [{"to": "erp", "mapping": "n", "name": "x"}],
        }
    )
    here, late = file("a", 50), file("a", 90, "late")

    made = discover(flow, places(here, late), Sightings(), lambda: NOW)

    assert made.ready == (Ready(late, 2), Ready(here, 0))
    assert timedelta(0) not in [settling.ready_in for settling in made.settling]
