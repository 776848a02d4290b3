"""One contender of `sftp`: the product's own endpoint, without the engine around it, as a child process."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from exchange.kernel.model import Artifact
from exchange.transports.sftp.endpoint import SftpEndpoint
from exchange.transports.sftp.settings import Secret, SftpSettings


def get(endpoint: SftpEndpoint, folder: Path) -> int:
    """Fetch the only file of `big`; return its bytes."""
    [source] = endpoint.list("big", "*").files
    written = endpoint.fetch(source, folder / "got")
    return 0 if written is None else written.size


def put(endpoint: SftpEndpoint, folder: Path) -> int:
    """Deliver a file: staged, synced, compared, renamed into view; return its bytes."""
    local = folder / "local"
    with local.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    size = local.stat().st_size
    artifact = Artifact("c1", 1, "output", "server", "put", "put.bin", ".put.bin.c1", "local", size, sha256, 1)
    endpoint.stage(artifact, local)
    return endpoint.reveal(artifact).size


def small(endpoint: SftpEndpoint, folder: Path) -> int:
    """List a folder, fetch every file of it and move it away; return how many."""
    (folder / "in").mkdir()
    done = 0
    for source in endpoint.list("small", "*").files:
        fetched = endpoint.fetch(source, folder / "in" / source.name)
        done += fetched is not None and endpoint.move(source, "done")
    return done


TASKS = {"get": get, "put": put, "small": small}


def main(told: dict[str, Any]) -> None:
    """Do one task at one server and print what came of it."""
    key = Path(told["key"])
    endpoint = SftpEndpoint(
        SftpSettings(
            name="server",
            host=told["host"],
            port=told["port"],
            user=told["user"],
            pins=(told["pin"],),
            keys=(Secret("file key", lambda: key.read_text(encoding="utf-8")),),
        )
    )
    try:
        print(json.dumps({"done": TASKS[told["task"]](endpoint, Path(told["folder"]))}))
    finally:
        endpoint.close()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
