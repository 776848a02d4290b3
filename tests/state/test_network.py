"""Network file systems are known by the mount table."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.state.network import network_type

MOUNTS = r"""
21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
22 21 0:30 / /srv rw - nfs4 filer:/srv rw,vers=4.2
23 22 8:2 / /srv/local rw - xfs /dev/sdb1 rw
24 21 0:31 / /mnt/two\040words rw,nosuid shared:9 master:2 - cifs //filer/share rw
25 21 8:3 / /both rw - nfs filer:/both rw
26 25 8:4 / /both rw - ext4 /dev/sdc1 rw
""".lstrip()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/exchange", None),
        ("/srv/exchange/data", "nfs4"),
        ("/srv", "nfs4"),
        ("/srvice", None),
        ("/srv/local/data", None),
        ("/mnt/two words/data", "cifs"),
        ("/both/data", None),
    ],
)
def test_deepest_and_latest_mount_decides(tmp_path: Path, path: str, kind: str | None) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(MOUNTS, encoding="utf-8")

    assert network_type(Path(path), table) == kind


def test_without_a_mount_table_nothing_is_known(tmp_path: Path) -> None:
    assert network_type(tmp_path, tmp_path / "none") is None


def test_this_machine_can_be_read(tmp_path: Path) -> None:
    assert network_type(tmp_path) in {None, "nfs", "nfs4", "cifs", "fuse.sshfs"}
