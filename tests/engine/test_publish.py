"""Stage, note, reveal, note; and after a crash nothing twice."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from exchange.engine.publish import publish
from exchange.kernel.errors import Stop, TryLater
from exchange.kernel.ledger import Delivery
from exchange.kernel.model import Artifact, ArtifactState, Receipt
from tests.engine.desk import claim_of
from tests.state.book import artifact

NOW = datetime(2026, 3, 4, tzinfo=UTC)
CLAIM = claim_of()


class Book:
    """A claim ledger, an endpoint and what happened to both, in order."""

    def __init__(self, *artifacts: Artifact) -> None:
        self.artifacts = artifacts
        self.happened: list[str] = []
        self.refuse: set[str] = set()

    def sealed(self, claim: str) -> Any:
        """Return an object with the deliveries."""
        assert claim == CLAIM.id
        return type("Sealed", (), {"deliveries": tuple(Delivery(made) for made in self.artifacts)})

    def staged(self, claim: str, numbers: Collection[int], at: datetime) -> None:
        """Note it."""
        assert (claim, at) == (CLAIM.id, NOW)
        self.happened.append(f"noted {sorted(numbers)}")

    def stage(self, made: Artifact, local: Path) -> None:
        """Note it, or be away."""
        if made.name in self.refuse:
            raise TryLater("away")
        assert local.read_bytes()
        self.happened.append(f"stage {made.number}")

    def reveal(self, made: Artifact) -> Receipt:
        """Note it."""
        self.happened.append(f"reveal {made.number}")
        return Receipt(made.name, made.size)


def made(folder: Path, number: int, state: ArtifactState = ArtifactState.SEALED) -> Artifact:
    """Return an artifact whose bytes lie in the work folder."""
    from_book = artifact(CLAIM, number)
    path = folder / from_book.work_path
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    known = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    return replace(from_book, sha256=known, state=state)


def published(book: Any, folder: Path, *, recovering: bool = False) -> dict[int, Receipt]:
    """Publish to the only endpoint."""
    return publish(CLAIM.id, {"wms": book}, folder, book, lambda: NOW, recovering=recovering)


def test_all_are_staged_and_noted_before_any_is_revealed(tmp_path: Path) -> None:
    book = Book(made(tmp_path, 1), made(tmp_path, 2))

    receipts = published(book, tmp_path)

    assert book.happened == ["stage 1", "stage 2", "noted [1, 2]", "reveal 1", "reveal 2"]
    assert receipts == {1: Receipt(book.artifacts[0].name, 101), 2: Receipt(book.artifacts[1].name, 102)}


def test_what_is_staged_is_only_revealed_and_what_is_delivered_is_left_alone(tmp_path: Path) -> None:
    states = (ArtifactState.DELIVERED, ArtifactState.STAGED, ArtifactState.PRESUMED, ArtifactState.SEALED)
    book = Book(*(made(tmp_path, number, state) for number, state in enumerate(states, start=1)))

    assert sorted(published(book, tmp_path, recovering=True)) == [2, 4]
    assert book.happened == ["stage 4", "noted [4]", "reveal 2", "reveal 4"]


def test_a_target_that_is_away_reveals_nothing(tmp_path: Path) -> None:
    book = Book(made(tmp_path, 1), made(tmp_path, 2))
    book.refuse = {book.artifacts[1].name}

    with pytest.raises(TryLater):
        published(book, tmp_path)
    assert book.happened == ["stage 1"]


@pytest.mark.parametrize("content", [b"changed", None])
def test_bytes_that_are_not_the_sealed_ones_are_not_delivered(tmp_path: Path, content: bytes | None) -> None:
    book = Book(made(tmp_path, 1))
    path = tmp_path / book.artifacts[0].work_path
    path.unlink()
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(Stop, match="is not what was sealed"):
        published(book, tmp_path, recovering=True)
    assert book.happened == []


def test_nothing_to_publish_notes_nothing(tmp_path: Path) -> None:
    book = Book()

    assert published(book, tmp_path) == {}
    assert book.happened == []
