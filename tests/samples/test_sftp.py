"""The README's round trip over SFTP, typed as it stands there."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.servers.required import need_sshd

README = Path(__file__).parents[2] / "README.md"


def lines() -> str:
    """Return the lines behind `<!-- sftp -->`."""
    [block] = re.findall(r"<!-- sftp -->\n```bash\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    return str(block)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


@pytest.mark.slow
def test_the_round_trip_of_the_readme(tmp_path: Path) -> None:
    need_sshd()
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}:/usr/sbin"
    environment = {**os.environ, "PATH": path, "SFTP_PORT": str(free_port())}
    server = tmp_path / "shop/data/sftp-server"
    try:
        ran = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", lines()],
            check=False,
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
        )
    finally:
        with suppress(FileNotFoundError, ProcessLookupError):
            os.kill(int((server / "pid").read_text()), signal.SIGTERM)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "FAIL" not in ran.stdout
    assert "01_clean_day.csv (claim " in ran.stdout
    assert re.search(r"^ORD_\w+_001\.xml$", ran.stdout, re.MULTILINE), ran.stdout
    assert list((server / "files/orders").iterdir()) == [], "it was picked up"
    assert [each.suffix for each in (server / "files/to_wms").iterdir()] == [".xml"]
    assert list((tmp_path / "shop/data/outbox/erp/orders").glob("SO_*.csv")), "the other target is still a folder"


def test_the_server_says_how_it_is_used(tmp_path: Path) -> None:
    script = README.parent / "samples/sftp/server.sh"
    ran = subprocess.run(["sh", str(script)], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "sh samples/sftp/server.sh up" in ran.stderr
