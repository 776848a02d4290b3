"""What any endpoint does with files that we deliver: stage and reveal, and what it says when it is away."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from exchange.kernel.errors import TryLater
from exchange.kernel.model import Artifact
from exchange.testing.places import FolderPlace, Place, only

SHA = hashlib.sha256(b"sealed").hexdigest()
ARTIFACT = Artifact("c1", 1, "output", "wms", "orders", "O_1.xml", ".O_1.xml.c1", "sealed", 6, SHA, 1)


class DeliveringSuite:
    """Tests that deliver files; `place` is a fixture with an empty place, `sealed` one with the bytes."""

    # --- stage and reveal ---
    def test_nothing_is_visible_before_it_is_revealed(self, place: Place, sealed: Path) -> None:
        place.endpoint.stage(ARTIFACT, sealed)

        assert place.names() == [ARTIFACT.temporary]
        assert place.endpoint.list("orders", "*").files == ()

        receipt = place.endpoint.reveal(ARTIFACT)

        assert place.names() == ["O_1.xml"]
        assert place.data("O_1.xml") == b"sealed"
        assert (receipt.size, receipt.presumed) == (6, False)
        assert receipt.path.endswith("orders/O_1.xml")

    def test_staging_again_replaces_a_leftover_of_our_own(self, place: Place, sealed: Path) -> None:
        place.put(ARTIFACT.temporary, b"half")

        place.endpoint.stage(ARTIFACT, sealed)

        assert place.data(ARTIFACT.temporary) == b"sealed"

    def test_a_size_that_is_not_the_sealed_one_is_not_staged(self, place: Place, sealed: Path) -> None:
        with pytest.raises(TryLater):
            place.endpoint.stage(replace(ARTIFACT, size=7), sealed)

    def test_revealed_before_the_crash_is_found_again(self, place: Place, sealed: Path) -> None:
        place.endpoint.stage(ARTIFACT, sealed)
        first = place.endpoint.reveal(ARTIFACT)

        assert place.endpoint.reveal(ARTIFACT) == first
        place.endpoint.stage(ARTIFACT, sealed)
        assert place.endpoint.reveal(ARTIFACT) == first
        assert place.names() == ["O_1.xml"]

    def test_revealed_and_taken_before_the_note_is_presumed_delivered(self, place: Place, sealed: Path) -> None:
        place.endpoint.stage(ARTIFACT, sealed)
        place.endpoint.reveal(ARTIFACT)
        place.take("O_1.xml")

        receipt = place.endpoint.reveal(ARTIFACT)

        assert receipt.presumed
        assert place.names() == [], "it is not sent again"

    def test_a_folder_that_is_gone_proves_no_delivery(self, place: Place, sealed: Path) -> None:
        """A share that was unmounted looks like a partner who took everything."""
        if not isinstance(place, FolderPlace):
            pytest.skip("has no folders that could go")
        place.endpoint.stage(ARTIFACT, sealed)
        (place.root / "orders").rename(place.root / "elsewhere")

        with pytest.raises(TryLater, match="folder is gone"):
            place.endpoint.reveal(ARTIFACT)

        (place.root / "elsewhere").rename(place.root / "orders")
        assert not place.endpoint.reveal(ARTIFACT).presumed

    def test_a_strangers_file_of_the_same_name_is_never_replaced(self, place: Place, sealed: Path) -> None:
        """Fault 23: other content under our name waits for a person, unless the delivery says otherwise."""
        place.put("O_1.xml", b"theirs")
        place.endpoint.stage(ARTIFACT, sealed)

        with pytest.raises(TryLater, match="is not replaced"):
            place.endpoint.reveal(ARTIFACT)

        assert place.data("O_1.xml") == b"theirs"
        place.take("O_1.xml")
        assert not place.endpoint.reveal(ARTIFACT).presumed

    def test_content_of_the_same_size_is_still_a_strangers(self, place: Place, sealed: Path) -> None:
        place.put("O_1.xml", b"seAled")
        place.endpoint.stage(ARTIFACT, sealed)

        with pytest.raises(TryLater, match="is not replaced"):
            place.endpoint.reveal(ARTIFACT)

    def test_unique_gives_a_name_of_its_own_once(self, place: Place, sealed: Path) -> None:
        artifact = replace(ARTIFACT, exists="unique")
        place.put("O_1.xml", b"theirs")
        place.endpoint.stage(artifact, sealed)

        receipt = place.endpoint.reveal(artifact)

        assert receipt.path.endswith("orders/O_1.c1.xml")
        assert (place.data("O_1.xml"), place.data("O_1.c1.xml")) == (b"theirs", b"sealed")
        assert place.endpoint.reveal(artifact) == receipt, "after a crash the same is found again"
        assert place.names() == ["O_1.c1.xml", "O_1.xml"]

    def test_unique_keeps_the_name_where_it_is_free(self, place: Place, sealed: Path) -> None:
        artifact = replace(ARTIFACT, exists="unique")
        place.endpoint.stage(artifact, sealed)

        assert place.endpoint.reveal(artifact).path.endswith("orders/O_1.xml")
        assert place.names() == ["O_1.xml"]

    def test_replace_puts_ours_in_place_of_theirs(self, place: Place, sealed: Path) -> None:
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
    def test_revealed_taken_and_another_put_there_is_presumed_too(
        self, place: Place, sealed: Path, exists: str
    ) -> None:
        artifact = replace(ARTIFACT, exists=exists)
        place.endpoint.stage(artifact, sealed)
        place.endpoint.reveal(artifact)
        place.put("O_1.xml", b"theirs")

        assert place.endpoint.reveal(artifact).presumed
        assert place.data("O_1.xml") == b"theirs"

    def test_an_empty_file_is_delivered_as_any_other(self, place: Place, tmp_path: Path) -> None:
        (tmp_path / "empty").touch()
        artifact = replace(ARTIFACT, size=0, sha256=hashlib.sha256(b"").hexdigest())
        place.endpoint.stage(artifact, tmp_path / "empty")

        assert place.endpoint.reveal(artifact).size == 0
        assert place.data("O_1.xml") == b""

    # --- a place that is away ---
    def test_a_place_that_is_away_is_said_as_something_to_try_later(
        self, place: Place, sealed: Path, tmp_path: Path
    ) -> None:
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
