"""What any endpoint does with files that lie there: list, read, fetch, remove, move."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest

from exchange.kernel.errors import TryLater
from exchange.testing.places import EPOCH, FolderPlace, Place, only


class TakingSuite:
    """Tests that take files; `place` is a fixture with an empty place."""

    # --- list ---
    def test_lists_matching_files_oldest_first(self, place: Place) -> None:
        for name, age in (("b.csv", 10), ("A.CSV", 30), ("c.csv", 20), ("a2.csv", 10), ("note.txt", 40)):
            place.put(name, age=age)

        found = place.endpoint.list("orders", "*.csv").files

        assert [source.name for source in found] == ["A.CSV", "c.csv", "a2.csv", "b.csv"]
        assert {(source.endpoint, source.folder, source.size) for source in found} == {("wms", "orders", 4)}
        assert found[0].mtime_ns == (EPOCH - 30) * 10**9

    def test_never_lists_hidden_or_temporary_names(self, place: Place) -> None:
        for name in (".hidden.csv", "~lock.csv", "a.csv.part", "a.csv.tmp", ".O_1.xml.c1"):
            place.put(name)

        listing = place.endpoint.list("orders", "*")

        assert (listing.files, listing.refused) == ((), ())

    def test_never_lists_what_is_no_regular_file_and_says_so(self, place: Place) -> None:
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

    def test_a_folder_that_is_not_there_holds_nothing(self, place: Place) -> None:
        listing = place.endpoint.list("orders", "*")

        assert listing.files == ()
        assert [entry.why for entry in listing.refused] == (
            [] if place.makes_folders else ["there is no such folder on the server"]
        )

    def test_names_that_are_hostile_are_only_names(self, place: Place) -> None:
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

    def test_names_that_are_no_utf8_are_taken_like_any_other(self, place: Place, tmp_path: Path) -> None:
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

    # --- read ---
    def test_reads_a_control_file_whole(self, place: Place) -> None:
        place.put("day.csv.done", b"rows=3\n")

        assert place.endpoint.read("orders", "day.csv.done", 100) == b"rows=3\n"
        assert place.endpoint.read("orders", "day.csv.done", 7) == b"rows=3\n"
        assert place.endpoint.read("orders", "other.done", 100) is None
        with pytest.raises(TryLater, match="longer than the 6 bytes"):
            place.endpoint.read("orders", "day.csv.done", 6)

    # --- fetch ---
    def test_fetches_a_complete_copy(self, place: Place, tmp_path: Path) -> None:
        data = bytes(range(256)) * 9000
        place.put("day.csv", data)

        written = place.endpoint.fetch(only(place), tmp_path / "copy")

        assert written is not None
        assert (written.size, written.sha256) == (len(data), hashlib.sha256(data).hexdigest())
        assert (tmp_path / "copy").read_bytes() == data
        assert place.names() == ["day.csv"]

    @pytest.mark.parametrize("change", ["gone", "longer", "newer"])
    def test_a_file_that_is_not_the_listed_one_is_not_taken(self, place: Place, tmp_path: Path, change: str) -> None:
        place.put("day.csv")
        listed = only(place)
        if change == "gone":
            place.take("day.csv")
        else:
            place.put("day.csv", b"data!" if change == "longer" else b"date", age=100 if change == "longer" else 50)

        assert place.endpoint.fetch(listed, tmp_path / "copy") is None
        assert not (tmp_path / "copy").exists()

    # --- remove ---
    def test_removes_what_was_listed_and_is_content_when_it_is_gone(self, place: Place) -> None:
        place.put("day.csv")
        listed = only(place)

        assert place.endpoint.remove(listed)
        assert place.names() == []
        assert place.endpoint.remove(listed)

    def test_a_newer_file_of_the_same_name_stays(self, place: Place) -> None:
        place.put("day.csv")
        listed = only(place)
        place.put("day.csv", age=50)

        assert not place.endpoint.remove(listed)
        assert place.names() == ["day.csv"]

    def test_removes_nothing_that_is_not_there(self, place: Place) -> None:
        place.put("other.csv")
        listed = only(place)

        assert place.endpoint.remove(replace(listed, name="never.csv"))
        assert place.names() == ["other.csv"]

    # --- move ---
    def test_moves_what_was_listed_and_is_content_when_it_is_gone(self, place: Place) -> None:
        place.put("day.csv")
        listed = only(place)

        assert place.endpoint.move(listed, "orders/done")
        assert place.data("day.csv", "orders/done") == b"data"
        assert "day.csv" not in place.names()
        assert place.endpoint.move(listed, "orders/done")
        assert place.names("orders/done") == ["day.csv"]

    def test_a_newer_file_of_the_same_name_is_not_moved(self, place: Place) -> None:
        place.put("day.csv")
        listed = only(place)
        place.put("day.csv", age=50)

        assert not place.endpoint.move(listed, "done")
        assert place.names() == ["day.csv"]

    def test_what_was_moved_before_gets_out_of_the_way(self, place: Place) -> None:
        for number, age in enumerate((300, 300, 100)):
            place.put("day.csv", b"%d" % number, age=age)
            assert place.endpoint.move(only(place), "done")

        assert place.names("done") == ["day.20260304T044820-2.csv", "day.20260304T044820.csv", "day.csv"]
        assert place.data("day.csv", "done") == b"2"
        assert {place.data(name, "done") for name in place.names("done")} == {b"0", b"1", b"2"}

    # --- close ---
    def test_a_closed_endpoint_may_be_used_again(self, place: Place) -> None:
        place.put("day.csv")
        assert only(place).name == "day.csv"

        place.endpoint.close()
        place.endpoint.close()

        assert only(place).name == "day.csv"
