"""Writing several small files and syncing them at once; apart from `atomic`, because threads cost an import."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from exchange.kernel.atomic import Written

_AT_ONCE = 4


def write_several_synced(files: Sequence[tuple[Path, bytes]]) -> list[Written]:
    """Write small new files and sync them at once, which takes a disk half as long; all of them are left, or none."""
    with ExitStack() as left:
        outs = []
        for path, data in files:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
            left.callback(path.unlink, missing_ok=True)
            stream = left.enter_context(os.fdopen(descriptor, "wb"))
            stream.write(data)
            stream.flush()
            outs.append(stream)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(os.fsync, [stream.fileno() for stream in outs]))
        for stream in outs:
            stream.close()
        left.pop_all()
    return [Written(len(data), hashlib.sha256(data).hexdigest()) for _, data in files]
