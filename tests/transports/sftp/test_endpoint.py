"""One endpoint as a whole: its connection, servers that hang, refuse or are away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from exchange.kernel.errors import TryLater
from exchange.transports.sftp.settings import Profile
from tests.servers.sshd import Sshd
from tests.transports.sftp.conftest import Disturb, Reach, Serve
from tests.transports.sftp.files import IMPATIENT, blob, names, only, put, sealed


def test_a_folder_of_many_names_is_listed_whole(sshd: Sshd, reach: Reach) -> None:
    for number in range(1500):
        (sshd.root / "orders" / f"{number}.csv").touch()

    assert len(reach(sshd).list("orders", "*.csv").files) == 1500


def test_a_line_of_single_bytes_carries_everything(sshd: Sshd, reach: Reach, disturb: Disturb, tmp_path: Path) -> None:
    put(sshd, "day.csv", blob(3_000))
    chaos = disturb(sshd, segment=1)
    endpoint = reach(sshd, port=chaos.port)
    artifact, local = sealed(tmp_path, blob(3_000, seed=3))

    assert endpoint.fetch(only(endpoint), tmp_path / "copy") is not None
    endpoint.stage(artifact, local)
    endpoint.reveal(artifact)

    assert (tmp_path / "copy").read_bytes() == blob(3_000)
    assert (sshd.root / "orders" / "O.xml").read_bytes() == blob(3_000, seed=3)


@pytest.mark.parametrize("act", ["list", "fetch", "stage", "reveal", "remove"])
def test_a_server_that_hangs_is_let_go(sshd: Sshd, reach: Reach, disturb: Disturb, tmp_path: Path, act: str) -> None:
    """Fault 19: no call waits for ever; the run says it and ends, and no second attempt waits as long again."""
    put(sshd, "day.csv", blob())
    chaos = disturb(sshd)
    endpoint = reach(sshd, port=chaos.port, timeouts=IMPATIENT)
    source = only(endpoint)
    artifact, local = sealed(tmp_path, blob())
    acts: dict[str, Callable[[], object]] = {
        "list": lambda: endpoint.list("orders", "*"),
        "fetch": lambda: endpoint.fetch(source, tmp_path / "copy"),
        "stage": lambda: endpoint.stage(artifact, local),
        "reveal": lambda: endpoint.reveal(artifact),
        "remove": lambda: endpoint.remove(source),
    }
    sshd.stop()

    with pytest.raises(TryLater, match=r"has not answered for 0.7 s.*nothing is lost"):
        acts[act]()

    assert chaos.connections == 1
    assert not list(tmp_path.glob("copy*"))
    assert only(endpoint).name == "day.csv", "a new connection is as good as ever"


def test_a_server_that_may_only_be_read_says_so(serve: Serve, reach: Reach, tmp_path: Path) -> None:
    """Fault 9, on the other side: files can be fetched, everything else waits."""
    server = serve(options="-R")
    (server.root / "orders").mkdir()
    put(server, "day.csv", b"data")
    endpoint = reach(server)
    source = only(endpoint)
    artifact, local = sealed(tmp_path, b"sealed")

    assert endpoint.fetch(source, tmp_path / "copy") is not None
    for act in (
        lambda: endpoint.stage(artifact, local),
        lambda: endpoint.remove(source),
        lambda: endpoint.move(source, "done"),
    ):
        with pytest.raises(TryLater, match="permission denied: ask the partner"):
            act()
    assert names(server) == ["day.csv"]


def test_one_connection_serves_everything(sshd: Sshd, reach: Reach, disturb: Disturb, tmp_path: Path) -> None:
    put(sshd, "day.csv", b"data")
    chaos = disturb(sshd)
    endpoint = reach(sshd, port=chaos.port)
    assert chaos.connections == 0, "nobody has asked for anything"
    artifact, local = sealed(tmp_path, b"sealed")

    source = only(endpoint)
    endpoint.fetch(source, tmp_path / "copy")
    endpoint.stage(artifact, local)
    endpoint.reveal(artifact)
    endpoint.remove(source)

    assert chaos.connections == 1


def test_a_server_that_comes_back_in_time_is_reached(sshd: Sshd, reach: Reach, disturb: Disturb) -> None:
    """Fault 18: a connection that was reset while it was made is tried again, with what was tried told."""
    said: list[str] = []
    chaos = disturb(sshd, cut_down=10, cuts=2)
    endpoint = reach(sshd, port=chaos.port, told=said.append)

    assert endpoint.list("orders", "*").files == ()

    assert chaos.connections == 3
    assert [line.rpartition("; ")[2] for line in said] == [
        "trying again",
        "trying again",
        f"wms: logged in to 127.0.0.1 as {sshd.user} with file client_ed25519",
    ]


def test_nothing_listens_there(sshd: Sshd, reach: Reach) -> None:
    sshd.close()

    with pytest.raises(TryLater, match=r"no connection to 127.0.0.1:.*run again, nothing is lost"):
        reach(sshd).list("orders", "*")


def test_times_are_told_by_our_clock_where_the_difference_is_known(sshd: Sshd, reach: Reach) -> None:
    """Fault 35: a partner whose clock is an hour ahead; without a measured difference only looks tell."""
    put(sshd, "day.csv", b"data", age=0)

    unknown, ahead = reach(sshd), reach(sshd, profile=Profile(clock_skew=3600.0))

    assert only(unknown).changed_ns == 0
    assert only(ahead).changed_ns == only(ahead).mtime_ns - 3600 * 10**9


def test_a_folder_that_is_missing_is_told_as_one(sshd: Sshd, reach: Reach) -> None:
    [refused] = reach(sshd).list("typo", "*.csv").refused

    assert (refused.shown, refused.why) == ("wms:typo/", "there is no such folder on the server")
