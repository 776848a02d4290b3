"""Named points at which a test ends the process; nothing happens unless the environment names one.

`EXCHANGE_CRASH_AT="publish.revealed:2"` kills the process (SIGKILL) the second time it passes `publish.revealed`.
`EXCHANGE_CRASH_SIGNAL=SIGTERM` sends it that signal instead.
`EXCHANGE_CRASH_LOG=FILE` appends each name that is passed, so that a test can list them all.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from pathlib import Path

_passed: Counter[str] = Counter()


def crashpoint(name: str) -> None:
    """Mark a place just before or after a side effect."""
    target = os.environ.get("EXCHANGE_CRASH_AT")
    log = os.environ.get("EXCHANGE_CRASH_LOG")
    if target is None and log is None:
        return
    _passed[name] += 1
    if log is not None:
        with Path(log).open("a", encoding="utf-8") as stream:
            stream.write(f"{name}:{_passed[name]}\n")
    if target == f"{name}:{_passed[name]}":
        os.kill(os.getpid(), signal.Signals[os.environ.get("EXCHANGE_CRASH_SIGNAL", "SIGKILL")])
