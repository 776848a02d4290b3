"""Uploads over lines that break, to disks that fill, by way of temporary folders."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange.kernel.errors import TryLater
from tests.servers.sshd import Sshd
from tests.transports.sftp.conftest import Disturb, Reach, Serve
from tests.transports.sftp.files import IMPATIENT, blob, names, sealed, sha256


@pytest.mark.parametrize("cut", [100, 4_000, 100_000, 3_000_000])
def test_an_upload_that_is_cut_at_any_byte_is_begun_again(
    sshd: Sshd, reach: Reach, disturb: Disturb, tmp_path: Path, cut: int
) -> None:
    """Fault 18: a leftover under the temporary name is ours and is replaced."""
    artifact, local = sealed(tmp_path, blob())
    chaos = disturb(sshd, cut_up=cut)
    endpoint = reach(sshd, port=chaos.port)

    endpoint.stage(artifact, local)

    assert names(sshd) == [artifact.temporary]
    assert sha256(sshd.root / "orders" / artifact.temporary) == artifact.sha256
    assert chaos.connections == 2


def test_an_upload_to_a_server_that_takes_nothing_is_let_go(
    sshd: Sshd, reach: Reach, disturb: Disturb, tmp_path: Path
) -> None:
    """Fault 19: more is written than the line can hold."""
    chaos = disturb(sshd)
    endpoint = reach(sshd, port=chaos.port, timeouts=IMPATIENT)
    endpoint.list("orders", "*")
    chaos.stall = 0
    artifact, local = sealed(tmp_path, blob(30_000_000))

    with pytest.raises(TryLater, match="nothing is lost"):
        endpoint.stage(artifact, local)


@pytest.fixture
def small_disk(serve: Serve) -> Iterator[Sshd]:
    """A server whose folder `orders` is a disk of one megabyte."""
    server = serve()
    folder = server.root / "orders"
    folder.mkdir()
    try:
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "exchange", str(folder)], check=True, capture_output=True
        )
    except (OSError, subprocess.CalledProcessError) as fault:
        pytest.skip(f"a small file system cannot be mounted here (it needs root): {fault}")
    yield server
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_at_the_server_is_said_and_what_was_written_is_removed(
    small_disk: Sshd, reach: Reach, tmp_path: Path
) -> None:
    """Fault 21: the server only says `Failure`; its free space tells why."""
    endpoint = reach(small_disk)
    artifact, local = sealed(tmp_path, blob(2_000_000))
    (small_disk.root / "orders" / "ballast").write_bytes(b"x" * 500_000)

    with pytest.raises(TryLater, match=r"the server's disk is full .*2,000,000 are needed.*nothing is lost"):
        endpoint.stage(artifact, local)

    assert names(small_disk) == ["ballast"]
    artifact, local = sealed(tmp_path, blob(200_000))
    endpoint.stage(artifact, local)
    endpoint.reveal(artifact)
    assert names(small_disk) == ["O.xml", "ballast"]


def test_a_temporary_folder_on_another_file_system_is_said(small_disk: Sshd, reach: Reach, tmp_path: Path) -> None:
    """Fault 8: a rename cannot go from one file system to another; the final name never shows a part."""
    endpoint = reach(small_disk, temp_folder="tmp")
    artifact, local = sealed(tmp_path, b"sealed")
    endpoint.stage(artifact, local)

    with pytest.raises(TryLater, match=r"cannot write wms:orders/O.xml.*nothing is lost"):
        endpoint.reveal(artifact)

    assert names(small_disk) == []
    assert names(small_disk, "tmp") == [".O.xml.c1.1"]


def test_a_temporary_folder_is_used_and_folders_are_made(sshd: Sshd, reach: Reach, tmp_path: Path) -> None:
    endpoint = reach(sshd, root="drop/zone", temp_folder="tmp")
    artifact, local = sealed(tmp_path, b"sealed", folder="new/orders")

    endpoint.stage(artifact, local)

    assert names(sshd, "drop/zone") == ["tmp"]
    assert endpoint.reveal(artifact).path == "wms:drop/zone/new/orders/O.xml"
    assert (sshd.root / "drop/zone/new/orders/O.xml").read_bytes() == b"sealed"
    assert names(sshd, "drop/zone/tmp") == []


def test_two_folders_of_one_claim_do_not_meet_in_the_temporary_folder(sshd: Sshd, reach: Reach, tmp_path: Path) -> None:
    endpoint = reach(sshd, temp_folder="tmp")
    first, local = sealed(tmp_path, b"first", folder="a")
    endpoint.stage(first, local)
    second, local = sealed(tmp_path, b"second", folder="b", number=2)
    endpoint.stage(second, local)

    endpoint.reveal(first)
    endpoint.reveal(second)

    assert [(sshd.root / folder / "O.xml").read_bytes() for folder in "ab"] == [b"first", b"second"]
