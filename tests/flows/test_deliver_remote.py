"""Several targets, one of them a real OpenSSH server: away, back, paused, slow to take, answering."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.partner import FLOW, SETTINGS, Partner, partner
from tests.flows.shop import order

PENDING = "data/outbox/.pending/wms_sftp"


@pytest.fixture
def wms(tmp_path: Path) -> Iterator[Partner]:
    """A partner with an SFTP server; the ERP is a folder here."""
    with partner(tmp_path) as made:
        made.ready()
        yield made


@pytest.fixture
def nobody() -> int:
    """A port at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_a_server_that_is_away_delays_nobody_and_gets_everything_later(wms: Partner, nobody: int) -> None:
    known = wms.shop.root / "mappings/known_hosts"
    pinned = known.read_text(encoding="utf-8")
    known.write_text(pinned + pinned.replace(f":{wms.server.port} ", f":{nobody} "), encoding="utf-8")
    wms.shop.edit(SETTINGS, f"port: {wms.server.port}", f"port: {nobody}")
    claims = []
    for number in (1, 2):
        ran = wms.shop.take(f"{number}.csv", order(number))
        assert ran.exit == 6
        claims.append(str(ran.row["claim"]))
    assert wms.shop.sent()[1] == {"1", "2"}, "the ERP has its files"
    waiting = [hashlib.sha256(path.read_bytes()).hexdigest() for path in wms.shop.files(PENDING)]
    assert len(waiting) == 2
    assert wms.shop.type("status", "--check").exit == 3
    wms.shop.edit(SETTINGS, f"port: {nobody}", f"port: {wms.server.port}")

    ran = wms.shop.type("run", "--json")

    assert (ran.exit, [(row["claim"], row["state"]) for row in ran.rows]) == (0, [(claim, "done") for claim in claims])
    assert wms.received == sorted(f"ORD_{claim}_001.xml" for claim in claims)
    got = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (wms.server.root / "incoming").iterdir()]
    assert sorted(got) == sorted(waiting)
    assert wms.shop.files(PENDING) == []


def test_a_paused_server_is_not_called(wms: Partner) -> None:
    wms.shop.type("pause", "wms_sftp", "--reason", "maintenance")
    before = len(wms.server.connections)

    ran = wms.shop.take("a.csv", order(1))

    assert (ran.exit, ran.row["state"], len(wms.server.connections)) == (0, "sealed", before)
    wms.shop.type("resume", "wms_sftp")
    assert wms.shop.type("run").exit == 0
    assert len(wms.received) == 1


def test_limit_done_file_and_answer_hold_on_a_server_too(wms: Partner) -> None:
    wms.shop.edit(SETTINGS, f"port: {wms.server.port}", f"port: {wms.server.port}\n    max_in_flight: 1")
    more = 'done_file: "{stem}.done", ack: {folder: acks}, name: "ORD_'
    wms.shop.edit(
        FLOW,
        'to: wms_sftp, folder: incoming, mapping: wms/orders, name: "ORD_',
        (f"to: wms_sftp, folder: incoming, mapping: wms/orders, {more}"),
    )
    first = wms.shop.take("a.csv", order(1)).row["claim"]
    second = wms.shop.take("b.csv", order(2))
    assert wms.received == [f"ORD_{first}_001.done", f"ORD_{first}_001.xml"]
    assert (second.exit, second.row["state"]) == (0, "sealed")
    status = wms.shop.type("status", "--check")
    assert (status.exit, "acknowledged (max_in_flight: 1); later runs deliver" in status.out) == (0, True)
    acks = wms.server.root / "acks"
    acks.mkdir()
    (acks / f"ORD_{first}_001.xml.ack").write_text("ok")

    ran = wms.shop.type("run", "--json")

    assert (ran.exit, ran.row["state"]) == (0, "done")
    assert f"ORD_{second.row['claim']}_001.xml" in wms.received, "acknowledged files may go on lying there"
    assert list(acks.iterdir()) == []
    states = {output["target"]: output["state"] for output in wms.shop.trace(1)[-1]["outputs"]}
    assert states["wms_sftp"] == "acknowledged"


def test_sent_again_over_sftp(wms: Partner) -> None:
    ran = wms.shop.take("a.csv", order(1))
    [sent] = [each.id for each in wms.shop.deliveries(ran) if each.artifact.endpoint == "wms_sftp"]
    [path] = (wms.server.root / "incoming").iterdir()
    data = path.read_bytes()
    path.unlink()

    again = wms.shop.type("resend", sent, "--reason", "they lost it")

    assert (again.exit, path.read_bytes()) == (0, data)
