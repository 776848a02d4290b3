"""Where the bytes of an artifact lie, before, while and after they are sent."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from exchange.engine.kept import find, keep_sent, keep_waiting, pending_path, sent_path, verified
from exchange.engine.reach import PENDING
from exchange.kernel.errors import Stop
from exchange.kernel.model import Artifact, Claim
from tests.engine.hall import Hall

FILES = (("wms", "ORD 1.xml"), ("erp", "../SO.csv"), (".rejects", "a.rejects.csv"))


@pytest.fixture
def claim(hall: Hall) -> Claim:
    """A sealed claim with an output for each of two targets, and a reject file."""
    return hall.sealed("a", FILES, {"a.rejects.csv": "reject"})


def artifacts(hall: Hall, claim: Claim) -> list[Artifact]:
    """Return them."""
    return list(hall.house.ledger.claims.sealed(claim.id).undelivered)


def test_from_the_work_folder_to_where_it_waits_to_where_it_is_kept(hall: Hall, claim: Claim) -> None:
    made = artifacts(hall, claim)
    content = [path.read_bytes() for one in made if (path := find(hall.house, claim, one))]

    keep_waiting(hall.house, claim, made)
    keep_waiting(hall.house, claim, made)

    assert [find(hall.house, claim, one) for one in made] == [pending_path(hall.house, one) for one in made]
    assert [verified(hall.house, claim, one).read_bytes() for one in made] == content
    keep_sent(hall.house, claim, made)
    keep_sent(hall.house, claim, made)
    assert [find(hall.house, claim, one) for one in made] == [
        *(sent_path(hall.house, claim, one) for one in made),
    ]
    assert [verified(hall.house, claim, one).read_bytes() for one in made[:2]] == content[:2]
    assert not any((hall.house.root / PENDING).iterdir()), "folders of nothing are not left behind"


def test_names_are_for_people_and_safe(hall: Hall, claim: Claim) -> None:
    paths = [pending_path(hall.house, one).relative_to(hall.house.root) for one in artifacts(hall, claim)]
    kept = [sent_path(hall.house, claim, one).relative_to(hall.house.archive) for one in artifacts(hall, claim)]

    assert paths[:2] == [
        Path(PENDING, "wms", claim.id, "001.ORD 1.xml"),
        Path(PENDING, "erp", claim.id, "002._SO.csv"),
    ]
    assert kept[1] == Path("orders", "2026-03-04", f"{claim.id}.sent", "002._SO.csv")


def test_only_what_was_delivered_leaves_where_it_waits(hall: Hall, claim: Claim) -> None:
    made = artifacts(hall, claim)
    keep_waiting(hall.house, claim, made)

    keep_sent(hall.house, claim, made[:1])

    assert [find(hall.house, claim, one) for one in made[1:]] == [pending_path(hall.house, one) for one in made[1:]]


def test_an_archive_on_another_disk_gets_a_copy(hall: Hall, claim: Claim, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.replace

    def replace(path: Path, target: Path) -> Path:
        if path.parent != target.parent:
            raise OSError(errno.EXDEV, "another disk")
        return rename(path, target)

    monkeypatch.setattr(Path, "replace", replace)
    [one, *_] = artifacts(hall, claim)

    keep_sent(hall.house, claim, [one])

    assert find(hall.house, claim, one) == sent_path(hall.house, claim, one)
    assert verified(hall.house, claim, one).read_bytes() == b"a: ORD 1.xml"


@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_fault_43_bytes_that_are_not_the_sealed_ones_are_refused(hall: Hall, claim: Claim, damage: str) -> None:
    """Fault 43: the sha256 is compared before use."""
    [one, *_] = artifacts(hall, claim)
    path = find(hall.house, claim, one)
    assert path is not None
    path.unlink() if damage == "gone" else path.write_bytes(b"a: ORD 2.xml")

    with pytest.raises(Stop, match=r"ORD 1.xml for wms .* is not delivered.* Bring it back from a backup"):
        verified(hall.house, claim, one)
