"""What any endpoint does, whatever lies behind it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from exchange.assemble.house import ENDPOINTS
from exchange.kernel.errors import TryLater
from exchange.kernel.model import Artifact, SourceFile
from tests.contracts.places import PLACES, Place

SHA = hashlib.sha256(b"sealed").hexdigest()


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """An empty place."""
    return PLACES[request.param](tmp_path)


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    """Bytes in the work folder."""
    path = tmp_path / "sealed"
    path.write_bytes(b"sealed")
    return path


ARTIFACT = Artifact("c1", 1, "output", "wms", "orders", "O_1.xml", ".O_1.xml.c1", "sealed", 6, SHA, 1)


def only(place: Place) -> SourceFile:
    """Return the only file that is listed."""
    [found] = place.endpoint.list("orders", "*")
    return found


def test_every_transport_runs_this_suite() -> None:
    assert set(PLACES) == set(ENDPOINTS)


# --- list -----------------------------------------------------------------------------------------------------------
def test_lists_matching_files_oldest_first(place: Place) -> None:
    for name, age in (("b.csv", 10), ("A.CSV", 30), ("c.csv", 20), ("a2.csv", 10), ("note.txt", 40)):
        place.put(name, age=age)

    found = place.endpoint.list("orders", "*.csv")

    assert [source.name for source in found] == ["A.CSV", "c.csv", "a2.csv", "b.csv"]
    assert {(source.endpoint, source.folder, source.size) for source in found} == {("wms", "orders", 4)}
    assert found[0].mtime_ns == (1_772_600_000 - 30) * 10**9


def test_never_lists_hidden_temporary_or_odd_things(place: Place) -> None:
    for name in (".hidden.csv", "~lock.csv", "a.csv.part", "a.csv.tmp", ".O_1.xml.c1"):
        place.put(name)
    (place.root / "orders" / "folder.csv").mkdir()
    (place.root / "orders" / "link.csv").symlink_to(place.put("elsewhere", folder="other"))

    assert place.endpoint.list("orders", "*") == []


def test_a_folder_that_is_not_there_yet_is_empty(place: Place) -> None:
    assert place.endpoint.list("orders", "*") == []


def test_names_that_are_hostile_are_only_names(place: Place) -> None:
    name = "a\nb \x1b[31m'\"$(x).csv"
    place.put(name)

    assert only(place).name == name


# --- fetch ----------------------------------------------------------------------------------------------------------
def test_fetches_a_complete_copy(place: Place, tmp_path: Path) -> None:
    data = bytes(range(256)) * 9000
    place.put("day.csv", data)

    written = place.endpoint.fetch(only(place), tmp_path / "copy")

    assert written is not None
    assert (written.size, written.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert (tmp_path / "copy").read_bytes() == data
    assert place.names() == ["day.csv"]


@pytest.mark.parametrize("change", ["gone", "longer", "newer"])
def test_a_file_that_is_not_the_listed_one_is_not_taken(place: Place, tmp_path: Path, change: str) -> None:
    path = place.put("day.csv")
    listed = only(place)
    if change == "gone":
        path.unlink()
    else:
        place.put("day.csv", b"data!" if change == "longer" else b"date", age=100 if change == "longer" else 50)

    assert place.endpoint.fetch(listed, tmp_path / "copy") is None
    assert not (tmp_path / "copy").exists()


# --- stage and reveal ---------------------------------------------------------------------------------------------
def test_nothing_is_visible_before_it_is_revealed(place: Place, sealed: Path) -> None:
    place.endpoint.stage(ARTIFACT, sealed)

    assert place.names() == [ARTIFACT.temporary]
    assert place.endpoint.list("orders", "*") == []

    receipt = place.endpoint.reveal(ARTIFACT)

    assert place.names() == ["O_1.xml"]
    assert (place.root / "orders" / "O_1.xml").read_bytes() == b"sealed"
    assert (receipt.size, receipt.presumed) == (6, False)
    assert receipt.path.endswith("orders/O_1.xml")


def test_staging_again_replaces_a_leftover_of_our_own(place: Place, sealed: Path) -> None:
    place.put(ARTIFACT.temporary, b"half")

    place.endpoint.stage(ARTIFACT, sealed)

    assert (place.root / "orders" / ARTIFACT.temporary).read_bytes() == b"sealed"


def test_a_size_that_is_not_the_sealed_one_is_not_staged(place: Place, sealed: Path) -> None:
    with pytest.raises(TryLater):
        place.endpoint.stage(replace(ARTIFACT, size=7), sealed)


def test_revealed_before_the_crash_is_found_again(place: Place, sealed: Path) -> None:
    place.endpoint.stage(ARTIFACT, sealed)
    first = place.endpoint.reveal(ARTIFACT)

    assert place.endpoint.reveal(ARTIFACT) == first
    place.endpoint.stage(ARTIFACT, sealed)
    assert place.endpoint.reveal(ARTIFACT) == first
    assert place.names() == ["O_1.xml"]


def test_revealed_and_taken_before_the_note_is_presumed_delivered(place: Place, sealed: Path) -> None:
    place.endpoint.stage(ARTIFACT, sealed)
    place.endpoint.reveal(ARTIFACT)
    (place.root / "orders" / "O_1.xml").unlink()

    receipt = place.endpoint.reveal(ARTIFACT)

    assert receipt.presumed
    assert place.names() == [], "it is not sent again"


def test_a_strangers_file_of_the_same_name_is_never_replaced(place: Place, sealed: Path) -> None:
    place.put("O_1.xml", b"theirs")
    place.endpoint.stage(ARTIFACT, sealed)

    with pytest.raises(TryLater, match="is not replaced"):
        place.endpoint.reveal(ARTIFACT)

    assert (place.root / "orders" / "O_1.xml").read_bytes() == b"theirs"
    (place.root / "orders" / "O_1.xml").unlink()
    assert not place.endpoint.reveal(ARTIFACT).presumed


# --- remove -------------------------------------------------------------------------------------------------------
def test_removes_what_was_listed_and_is_content_when_it_is_gone(place: Place) -> None:
    place.put("day.csv")
    listed = only(place)

    assert place.endpoint.remove(listed)
    assert place.names() == []
    assert place.endpoint.remove(listed)


def test_a_newer_file_of_the_same_name_stays(place: Place) -> None:
    place.put("day.csv")
    listed = only(place)
    place.put("day.csv", age=50)

    assert not place.endpoint.remove(listed)
    assert place.names() == ["day.csv"]


# --- a place that is away -----------------------------------------------------------------------------------------
def test_a_place_that_is_away_is_said_as_something_to_try_later(place: Place, sealed: Path, tmp_path: Path) -> None:
    place.put("day.csv")
    listed = only(place)
    (place.root / "orders" / "day.csv").unlink()
    (place.root / "orders").rmdir()
    (place.root / "orders").write_text("a file where a folder is expected", encoding="utf-8")

    for act in (
        lambda: place.endpoint.list("orders", "*"),
        lambda: place.endpoint.fetch(listed, tmp_path / "copy"),
        lambda: place.endpoint.stage(ARTIFACT, sealed),
        lambda: place.endpoint.remove(listed),
    ):
        with pytest.raises(TryLater, match="nothing is lost"):
            act()
