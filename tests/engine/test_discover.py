"""What is ready, what still settles, and what is passed over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from exchange.config.models import Flow
from exchange.engine.discover import Discovered, Ready, Search, discover, identity
from exchange.kernel.endpoint import Listing, RefusedName
from exchange.kernel.errors import ConfigurationError, Interrupted, TryLater
from exchange.kernel.file_ledger import Look
from exchange.kernel.model import SourceFile

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


class Place:
    """An endpoint with these files and odd things, whatever is asked for."""

    remote = False

    def __init__(self, *files: SourceFile, refused: tuple[RefusedName, ...] = ()) -> None:
        self._files = files
        self._refused = refused

    def list(self, folder: str, match: str) -> Listing:
        """Return the files of one folder."""
        assert match == "*"
        return Listing(tuple(file for file in self._files if file.folder == folder), self._refused)


class Away(Place):
    """An endpoint that cannot be reached."""

    def list(self, folder: str, match: str) -> Listing:
        """Say so."""
        raise TryLater(f"{folder or match} is away")


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

    def looks(self, endpoint: str, folder: str) -> dict[str, Look]:
        """Nobody has looked before."""
        del endpoint, folder
        return {}

    def look(self, endpoint: str, folder: str, seen: Sequence[SourceFile], at: datetime) -> None:
        """Nothing is kept unasked."""
        pytest.fail(f"{endpoint} {folder} {seen} {at}")


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


# --- over several pick-ups, with limits -----------------------------------------------------------------------------
def searched(endpoints: Any, *pick_ups: dict[str, Any], **search: Any) -> Discovered:
    """Return what is found in the folders of these pick-ups."""
    usual = {"from": "shopify", "folder": "orders", "mapping": "m"}
    flow = Flow.model_validate(
        {
            "flow": "orders",
            "pick_up": [{**usual, **each} for each in pick_ups or ({},)],
            "deliver": [{"to": "erp", "mapping": "n", "name": "x"}],
        }
    )
    return discover(flow, endpoints, Sightings(), lambda: NOW, Search(**search))


def names(found: Discovered) -> list[str]:
    """Return the names that are ready."""
    return [ready.source.name for ready in found.ready]


def test_a_hundred_thousand_files_are_taken_fairly() -> None:
    """Fault 37: the oldest first, no more than asked for, of each pick-up; a full folder starves no other."""
    flood = [file(f"{number:06}.csv", 200_000 - number) for number in range(100_000)]
    late = [file("late.csv", 20, "late"), file("later.csv", 15, "late")]

    found = searched(places(*reversed(flood), *late), {"max_files": 50}, {"folder": "late", "max_files": 1})

    assert names(found) == [*(each.name for each in flood[:50]), "late.csv"]
    assert found.postponed == 100_000 - 50 + 1


def test_files_of_open_claims_and_kept_ones_take_nobodys_place() -> None:
    owned, kept = file("owned.csv", 90), file("known", 80)
    replaced = replace(file("owned2.csv", 70), size=2)

    found = searched(
        places(owned, kept, replaced, file("new.csv", 60)),
        {"max_files": 2, "then": "keep"},
        owned={identity(owned), identity(replace(replaced, size=1))},
    )

    assert (names(found), found.postponed) == (["known", "owned2.csv"], 1)


def test_a_file_without_bytes_rests_longer_and_a_large_one_is_not_taken() -> None:
    empty, large = replace(file("empty.csv", 60), size=0), replace(file("large.csv", 60), size=101)

    found = searched(places(empty, large, file("a.csv", 60)), {"max_size": "100B", "empty_grace": "2m"})

    assert names(found) == ["a.csv"]
    assert [(each.source.name, round(each.ready_in.total_seconds())) for each in found.settling] == [("empty.csv", 60)]
    assert [each.source.name for each in found.too_large] == ["large.csv"]


def test_a_done_file_counts_instead_of_rest() -> None:
    """At once, even without bytes: its writer says that it is complete."""
    empty = replace(file("empty.csv", 0), size=0)
    listed = (file("a.csv", 0), file("a.csv.done", 0), empty, file("empty.csv.done", 0), file("b.csv", 90))

    found = searched(places(*listed), {"done_file": "{name}.done"})

    assert [(ready.source.name, ready.control and ready.control.name) for ready in found.ready] == [
        ("a.csv", "a.csv.done"),
        ("empty.csv", "empty.csv.done"),
    ]
    assert [(each.source.name, each.why) for each in found.settling] == [("b.csv", "waits for b.csv.done")]


def test_odd_names_are_somebodys_business_where_they_fit_or_lead_elsewhere() -> None:
    odd = tuple(RefusedName(shown, "odd") for shown in ("a.csv", "b.txt", "../../etc/passwd"))
    place = {"shopify": Place(refused=odd)}

    assert [each.shown for each in searched(place, {"match": "*.csv"}).refused] == ["a.csv", "../../etc/passwd"]
    assert len(searched(place, {}, {"match": "*.csv"}).refused) == 3, "each once"


def test_a_place_that_is_away_costs_its_own_pick_ups_only() -> None:
    endpoints = {"shopify": Place(file("a.csv", 90)), "share": Away()}

    found = searched(endpoints, {"from": "share"}, {}, {"from": "share", "folder": "other"}, {"from": "share"})

    assert names(found) == ["a.csv"]
    assert [str(fault) for fault in found.away] == ["orders is away", "other is away"]


@pytest.mark.parametrize("fault", [Interrupted(15), ZeroDivisionError()])
def test_signals_and_bugs_are_not_about_a_place(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    def fail(*_: object) -> Listing:
        raise fault

    monkeypatch.setattr(Away, "list", fail)
    with pytest.raises(type(fault)):
        searched({"shopify": Away()})


def test_a_place_that_needs_an_edit_costs_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Listing:
        raise ConfigurationError("no key")

    monkeypatch.setattr(Away, "list", fail)
    found = searched({"shopify": Place(file("a.csv", 90)), "share": Away()}, {"from": "share"}, {})

    assert (names(found), [type(fault) for fault in found.away]) == (["a.csv"], [ConfigurationError])


class Shelf(Place):
    """An endpoint whose files are all workbooks of rejects."""

    def read(self, folder: str, name: str, limit: int) -> bytes:
        """Return one."""
        assert (folder, name.endswith(".xlsx"), limit > 0) == ("orders", True, True)
        made = BytesIO()
        with ZipFile(made, "w") as archive:
            archive.writestr("xl/worksheets/sheet1.xml", "<v>_reject_id</v>")
        return made.getvalue()


def test_workbooks_of_rejects_are_told_that_no_pick_up_takes() -> None:
    shelf = Shelf(*(file(name, 60) for name in ("a.csv", "b.csv", "lying.xlsx", "taken.xlsx")))
    by_name = {"folder": "orders", "match": "taken.*"}

    alone = searched({"shopify": shelf}, {"match": "*.csv"})
    both = searched({"shopify": shelf}, {"match": "*.csv"}, by_name)

    assert [odd.shown for odd in alone.refused] == ["lying.xlsx", "taken.xlsx"]
    assert [odd.shown for odd in both.refused] == ["lying.xlsx"], "the other pick-up of the folder takes it"
    assert names(both) == ["a.csv", "b.csv", "taken.xlsx"]


def test_a_paused_place_is_not_asked() -> None:
    endpoints = {"shopify": Place(file("a.csv", 90)), "share": Away()}

    found = searched(endpoints, {"from": "share"}, {}, paused={"share"})

    assert (names(found), found.away) == (["a.csv"], ())


# --- remote ---------------------------------------------------------------------------------------------------------
class Far(Place):
    """A server's folder; each look sees the next listing, the last one for ever."""

    remote = True

    def __init__(self, *listings: tuple[SourceFile, ...] | TryLater) -> None:
        super().__init__()
        self._listings = list(listings)

    def list(self, folder: str, match: str) -> Listing:
        """Return the next listing."""
        del folder, match
        now = self._listings.pop(0) if len(self._listings) > 1 else self._listings[0]
        if isinstance(now, TryLater):
            raise now
        return Listing(now)


def test_one_pause_for_all_folders_that_need_a_second_look() -> None:
    old, fresh = file("old.csv", 90), file("fresh.csv", 1)
    endpoints = {"shopify": Far((old, fresh)), "other": Far((replace(file("b.csv", 80), endpoint="other"),))}
    pauses: list[float] = []

    found = searched(endpoints, {}, {"from": "other"}, pause=pauses.append)

    assert (names(found), pauses) == (["old.csv", "b.csv"], [1.0])
    assert [each.source.name for each in found.settling] == ["fresh.csv"]


def test_no_pause_where_a_second_look_would_tell_nothing() -> None:
    pauses: list[float] = []

    found = searched({"shopify": Far((file("fresh.csv", 1),))}, pause=pauses.append)

    assert (names(found), pauses) == ([], [])
    assert names(searched({"shopify": Far((file("old.csv", 90),))})) == [], "one look is not enough"


def test_a_place_that_goes_away_between_two_looks() -> None:
    endpoints = {"shopify": Far((file("a.csv", 90),), TryLater("gone")), "other": Far((file("b.csv", 80),))}

    found = searched(endpoints, {}, {"from": "other"}, pause=lambda _: None)

    assert [str(fault) for fault in found.away] == ["gone"]
    assert "a.csv" not in names(found)
