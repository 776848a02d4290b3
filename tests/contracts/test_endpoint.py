"""What any endpoint does, whatever lies behind it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from exchange.assemble.endpoints import ENDPOINTS
from exchange.kernel.errors import TryLater
from exchange.kernel.model import Artifact, SourceFile
from tests.contracts.places import EPOCH, PLACES, FolderPlace, Place

SHA = hashlib.sha256(b"sealed").hexdigest()


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """An empty place."""
    with PLACES[request.param](tmp_path) as made:
        yield made


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    """Bytes in the work folder."""
    path = tmp_path / "sealed"
    path.write_bytes(b"sealed")
    return path


ARTIFACT = Artifact("c1", 1, "output", "wms", "orders", "O_1.xml", ".O_1.xml.c1", "sealed", 6, SHA, 1)


def only(place: Place) -> SourceFile:
    """Return the only file that is listed."""
    [found] = place.endpoint.list("orders", "*").files
    return found


def test_every_transport_runs_this_suite() -> None:
    assert {name.partition(":")[0] for name in PLACES} >= set(ENDPOINTS)


# --- list -----------------------------------------------------------------------------------------------------------
def test_lists_matching_files_oldest_first(place: Place) -> None:
    for name, age in (("b.csv", 10), ("A.CSV", 30), ("c.csv", 20), ("a2.csv", 10), ("note.txt", 40)):
        place.put(name, age=age)

    found = place.endpoint.list("orders", "*.csv").files

    assert [source.name for source in found] == ["A.CSV", "c.csv", "a2.csv", "b.csv"]
    assert {(source.endpoint, source.folder, source.size) for source in found} == {("wms", "orders", 4)}
    assert found[0].mtime_ns == (EPOCH - 30) * 10**9


def test_never_lists_hidden_or_temporary_names(place: Place) -> None:
    for name in (".hidden.csv", "~lock.csv", "a.csv.part", "a.csv.tmp", ".O_1.xml.c1"):
        place.put(name)

    listing = place.endpoint.list("orders", "*")

    assert (listing.files, listing.refused) == ((), ())


def test_never_lists_what_is_no_regular_file_and_says_so(place: Place) -> None:
    """Fault 27: links, pipes and sockets are refused by what they are; folders are none of our business."""
    if not isinstance(place, FolderPlace):
        pytest.skip("holds nothing but files")
    place.put("elsewhere", folder="other")
    place.put("good.csv")
    orders = place.root / "orders"
    (orders / "folder.csv").mkdir()
    (orders / "link.csv").symlink_to(place.root / "other" / "elsewhere")
    (orders / "dead.csv").symlink_to("nowhere")
    os.mkfifo(orders / "pipe.csv")
    os.mkfifo(orders / "pipe.txt")

    listing = place.endpoint.list("orders", "*.csv")

    assert [source.name for source in listing.files] == ["good.csv"]
    assert [(entry.shown, entry.why.partition(",")[0]) for entry in listing.refused] == [
        ("dead.csv", "it is a symbolic link"),
        ("link.csv", "it is a symbolic link"),
        ("pipe.csv", "it is a pipe"),
    ]


def test_a_folder_that_is_not_there_holds_nothing(place: Place) -> None:
    listing = place.endpoint.list("orders", "*")

    assert listing.files == ()
    assert [entry.why for entry in listing.refused] == (
        [] if place.makes_folders else ["there is no such folder on the server"]
    )


def test_names_that_are_hostile_are_only_names(place: Place) -> None:
    """Fault 26: what cannot be joined to a path safely is refused by name, and the files beside it are taken."""
    name = "a\nb \x1b[31m'\"$(x).csv"
    place.put(name)
    place.put("it's $(fine) & more.csv", age=50)

    listing = place.endpoint.list("orders", "*")

    if place.takes_odd_names:
        assert [source.name for source in listing.files] == [name, "it's $(fine) & more.csv"]
    else:
        assert [source.name for source in listing.files] == ["it's $(fine) & more.csv"]
        [refused] = listing.refused
        assert (refused.shown, refused.why) == ("a\\nb \\x1b[31m'\"$(x).csv", "it holds control characters")


def test_names_that_are_no_utf8_are_taken_like_any_other(place: Place, tmp_path: Path) -> None:
    """Fault 26: the bytes of the name are kept; it is fetched, moved and removed by them."""
    if not isinstance(place, FolderPlace):
        pytest.skip("names are text here")
    place.put(os.fsdecode(b"lat\xe9in.csv"), b"latin")
    place.put(os.fsdecode(b"lat\xe8in.csv"), b"other", age=50)

    first, second = place.endpoint.list("orders", "*.CSV").files

    assert (first.raw, second.raw) == (b"lat\xe9in.csv", b"lat\xe8in.csv")
    assert first.name != second.name
    written = place.endpoint.fetch(first, tmp_path / "copy")
    assert written is not None
    assert (tmp_path / "copy").read_bytes() == b"latin"
    assert place.endpoint.remove(first)
    assert place.endpoint.move(second, "done")
    assert (place.names(), place.names("done")) == ([], [os.fsdecode(b"lat\xe8in.csv")])


# --- read -----------------------------------------------------------------------------------------------------------
def test_reads_a_control_file_whole(place: Place) -> None:
    place.put("day.csv.done", b"rows=3\n")

    assert place.endpoint.read("orders", "day.csv.done", 100) == b"rows=3\n"
    assert place.endpoint.read("orders", "day.csv.done", 7) == b"rows=3\n"
    assert place.endpoint.read("orders", "other.done", 100) is None
    with pytest.raises(TryLater, match="longer than the 6 bytes"):
        place.endpoint.read("orders", "day.csv.done", 6)


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
    place.put("day.csv")
    listed = only(place)
    if change == "gone":
        place.take("day.csv")
    else:
        place.put("day.csv", b"data!" if change == "longer" else b"date", age=100 if change == "longer" else 50)

    assert place.endpoint.fetch(listed, tmp_path / "copy") is None
    assert not (tmp_path / "copy").exists()


# --- stage and reveal ---------------------------------------------------------------------------------------------
def test_nothing_is_visible_before_it_is_revealed(place: Place, sealed: Path) -> None:
    place.endpoint.stage(ARTIFACT, sealed)

    assert place.names() == [ARTIFACT.temporary]
    assert place.endpoint.list("orders", "*").files == ()

    receipt = place.endpoint.reveal(ARTIFACT)

    assert place.names() == ["O_1.xml"]
    assert place.data("O_1.xml") == b"sealed"
    assert (receipt.size, receipt.presumed) == (6, False)
    assert receipt.path.endswith("orders/O_1.xml")


def test_staging_again_replaces_a_leftover_of_our_own(place: Place, sealed: Path) -> None:
    place.put(ARTIFACT.temporary, b"half")

    place.endpoint.stage(ARTIFACT, sealed)

    assert place.data(ARTIFACT.temporary) == b"sealed"


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
    place.take("O_1.xml")

    receipt = place.endpoint.reveal(ARTIFACT)

    assert receipt.presumed
    assert place.names() == [], "it is not sent again"


def test_a_folder_that_is_gone_proves_no_delivery(place: Place, sealed: Path) -> None:
    """A share that was unmounted looks like a partner who took everything."""
    if not isinstance(place, FolderPlace):
        pytest.skip("has no folders that could go")
    place.endpoint.stage(ARTIFACT, sealed)
    (place.root / "orders").rename(place.root / "elsewhere")

    with pytest.raises(TryLater, match="folder is gone"):
        place.endpoint.reveal(ARTIFACT)

    (place.root / "elsewhere").rename(place.root / "orders")
    assert not place.endpoint.reveal(ARTIFACT).presumed


def test_a_strangers_file_of_the_same_name_is_never_replaced(place: Place, sealed: Path) -> None:
    """Fault 23: other content under our name waits for a person, unless the delivery says otherwise."""
    place.put("O_1.xml", b"theirs")
    place.endpoint.stage(ARTIFACT, sealed)

    with pytest.raises(TryLater, match="is not replaced"):
        place.endpoint.reveal(ARTIFACT)

    assert place.data("O_1.xml") == b"theirs"
    place.take("O_1.xml")
    assert not place.endpoint.reveal(ARTIFACT).presumed


def test_content_of_the_same_size_is_still_a_strangers(place: Place, sealed: Path) -> None:
    place.put("O_1.xml", b"seAled")
    place.endpoint.stage(ARTIFACT, sealed)

    with pytest.raises(TryLater, match="is not replaced"):
        place.endpoint.reveal(ARTIFACT)


def test_unique_gives_a_name_of_its_own_once(place: Place, sealed: Path) -> None:
    artifact = replace(ARTIFACT, exists="unique")
    place.put("O_1.xml", b"theirs")
    place.endpoint.stage(artifact, sealed)

    receipt = place.endpoint.reveal(artifact)

    assert receipt.path.endswith("orders/O_1.c1.xml")
    assert (place.data("O_1.xml"), place.data("O_1.c1.xml")) == (b"theirs", b"sealed")
    assert place.endpoint.reveal(artifact) == receipt, "after a crash the same is found again"
    assert place.names() == ["O_1.c1.xml", "O_1.xml"]


def test_unique_keeps_the_name_where_it_is_free(place: Place, sealed: Path) -> None:
    artifact = replace(ARTIFACT, exists="unique")
    place.endpoint.stage(artifact, sealed)

    assert place.endpoint.reveal(artifact).path.endswith("orders/O_1.xml")
    assert place.names() == ["O_1.xml"]


def test_replace_puts_ours_in_place_of_theirs(place: Place, sealed: Path) -> None:
    artifact = replace(ARTIFACT, exists="replace")
    place.put("O_1.xml", b"theirs")
    place.endpoint.stage(artifact, sealed)

    if not place.may_replace:
        with pytest.raises(TryLater, match=r"cannot be replaced in one step.*`exists: unique`"):
            place.endpoint.reveal(artifact)
        assert place.data("O_1.xml") == b"theirs"
        return
    assert place.endpoint.reveal(artifact).path.endswith("orders/O_1.xml")
    assert place.data("O_1.xml") == b"sealed"
    assert place.names() == ["O_1.xml"]


@pytest.mark.parametrize("exists", ["fail", "unique", "replace"])
def test_revealed_taken_and_another_put_there_is_presumed_too(place: Place, sealed: Path, exists: str) -> None:
    artifact = replace(ARTIFACT, exists=exists)
    place.endpoint.stage(artifact, sealed)
    place.endpoint.reveal(artifact)
    place.put("O_1.xml", b"theirs")

    assert place.endpoint.reveal(artifact).presumed
    assert place.data("O_1.xml") == b"theirs"


def test_an_empty_file_is_delivered_as_any_other(place: Place, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    artifact = replace(ARTIFACT, size=0, sha256=hashlib.sha256(b"").hexdigest())
    place.endpoint.stage(artifact, tmp_path / "empty")

    assert place.endpoint.reveal(artifact).size == 0
    assert place.data("O_1.xml") == b""


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


def test_removes_nothing_that_is_not_there(place: Place) -> None:
    place.put("other.csv")
    listed = only(place)

    assert place.endpoint.remove(replace(listed, name="never.csv"))
    assert place.names() == ["other.csv"]


# --- move -----------------------------------------------------------------------------------------------------------
def test_moves_what_was_listed_and_is_content_when_it_is_gone(place: Place) -> None:
    place.put("day.csv")
    listed = only(place)

    assert place.endpoint.move(listed, "orders/done")
    assert place.data("day.csv", "orders/done") == b"data"
    assert "day.csv" not in place.names()
    assert place.endpoint.move(listed, "orders/done")
    assert place.names("orders/done") == ["day.csv"]


def test_a_newer_file_of_the_same_name_is_not_moved(place: Place) -> None:
    place.put("day.csv")
    listed = only(place)
    place.put("day.csv", age=50)

    assert not place.endpoint.move(listed, "done")
    assert place.names() == ["day.csv"]


def test_what_was_moved_before_gets_out_of_the_way(place: Place) -> None:
    for number, age in enumerate((300, 300, 100)):
        place.put("day.csv", b"%d" % number, age=age)
        assert place.endpoint.move(only(place), "done")

    assert place.names("done") == ["day.20260304T044820-2.csv", "day.20260304T044820.csv", "day.csv"]
    assert place.data("day.csv", "done") == b"2"
    assert {place.data(name, "done") for name in place.names("done")} == {b"0", b"1", b"2"}


# --- close ----------------------------------------------------------------------------------------------------------
def test_a_closed_endpoint_may_be_used_again(place: Place) -> None:
    place.put("day.csv")
    assert only(place).name == "day.csv"

    place.endpoint.close()
    place.endpoint.close()

    assert only(place).name == "day.csv"


# --- a place that is away -----------------------------------------------------------------------------------------
def test_a_place_that_is_away_is_said_as_something_to_try_later(place: Place, sealed: Path, tmp_path: Path) -> None:
    place.put("day.csv")
    listed = only(place)
    place.go_away()

    for act in (
        lambda: place.endpoint.list("orders", "*"),
        lambda: place.endpoint.fetch(listed, tmp_path / "copy"),
        lambda: place.endpoint.read("orders", "day.csv", 10),
        lambda: place.endpoint.stage(ARTIFACT, sealed),
        lambda: place.endpoint.reveal(ARTIFACT),
        lambda: place.endpoint.remove(listed),
        lambda: place.endpoint.move(listed, "done"),
    ):
        with pytest.raises(TryLater, match="nothing is lost"):
            act()
    assert not (tmp_path / "copy").exists()
