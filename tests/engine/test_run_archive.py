"""An archive on its way through the house: its members leave by the path of every output."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from exchange.engine.claim import take
from exchange.engine.members import members
from exchange.engine.run_archive import run_archive
from exchange.kernel.errors import Interrupted
from exchange.kernel.model import ArtifactState, Claim, ClaimState
from tests.engine.desk import Desk, export, order
from tests.flows.shop import INBOX


def claimed(desk: Desk, name: str, data: bytes) -> Claim:
    """Drop an archive and claim it."""
    ready = desk.drop(name, text="x")
    path = desk.house.root / INBOX / name
    path.write_bytes(data)
    [source] = [file for file in desk.house.endpoints["shopify"].list("orders", "*").files if file.name == name]
    claim = take(desk.house, type(ready)(source, 0))
    assert isinstance(claim, Claim)
    return claim


def zipped(*members: tuple[str, str]) -> bytes:
    """Return a .zip."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in members:
            archive.writestr(name, text)
    return made.getvalue()


def test_members_are_sealed_and_revealed_in_the_products_own_place(desk: Desk) -> None:
    data = zipped(("a.csv", export(order(1))), ("b.csv", export(order(2))), ("c.txt", "x"))
    claim = claimed(desk, "week.zip", data)

    report = run_archive(desk.house, claim)

    assert report is not None
    assert (report.state, report.records.total, report.outputs) == ("done", 0, ())
    assert report.notes == (
        "unpacked week.zip/a.csv, week.zip/b.csv",
        "no pick-up of its folder wants c.txt: left in the archive",
    )
    assert [ready.source.shown for ready in members(desk.house)] == ["week.zip/a.csv", "week.zip/b.csv"]
    sealed = desk.house.ledger.claims.sealed(claim.id)
    assert sealed.state is ClaimState.DONE
    assert {delivery.artifact.state for delivery in sealed.deliveries} == {ArtifactState.DELIVERED}
    assert data in desk.tree("data/archive").values()
    assert desk.tree("data/inbox/shopify") == {}


def test_a_refused_archive_is_rejected_whole(desk: Desk) -> None:
    report = run_archive(desk.house, claimed(desk, "bomb.csv.gz", gzip.compress(b"\0" * 30_000_000)))

    assert report is not None
    assert (report.state, report.problems) == ("rejected", {"ARCHIVE_TOO_DENSE": 1})
    assert members(desk.house) == []
    [reject] = desk.house.ledger.rejects.find("orders")
    assert (reject.codes, reject.number) == (("ARCHIVE_TOO_DENSE",), "")
    assert desk.tree("data/state/work") == {}


def test_a_signal_stops_between_members_and_nothing_is_seen_yet(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = claimed(desk, "week.zip", zipped(("a.csv", "x")))

    def stop() -> None:
        raise Interrupted(15)

    monkeypatch.setattr(type(desk.house), "safe_point", staticmethod(stop), raising=False)
    with pytest.raises((Interrupted, AttributeError)):
        run_archive(desk.house, claim)

    assert members(desk.house) == []
