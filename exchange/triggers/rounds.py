"""Starts one look at a flow as a process of its own, reads what it says of its end, and hands signals on.

A process for each look, and not a call within the watcher: memory stays flat however large a file was, a bug or an
out-of-memory kill costs one look and not the watcher, every look reads the configuration, tables, templates and
pinned host keys anew, nothing is left of one that failed (a connection, a refused password), and flows do not wait
for each other. It is the very command that cron or a person would start, so everything that holds for `run` holds
here. The price is the start of an interpreter, 0.3 s of CPU for each look that finds nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from exchange.triggers.notify import PRIVATE

Command = Callable[[str, int], Sequence[str]]
"""(flow, descriptor) -> command line of one look, which writes {"ready_in": seconds or null, "said": [lines]} there."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a look ended."""

    flow: str
    code: int
    """Exit code, 128 + n where signal n killed it."""
    ready_in: float | None
    """Seconds until the first settling file is ready; None where none is settling, or nothing was said."""
    waiting: tuple[str, ...] = ()
    """Lines about what lies there and was not taken."""


class Round:
    """One look under way."""

    def __init__(self, flow: str, command: Command, environment: Mapping[str, str]) -> None:
        self.flow = flow
        self._said = b""
        self._reading, writing = os.pipe()  # neither end is inherited unless it is passed on by name
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own command, and a flow's name that is a file's name
                list(command(flow, writing)),
                stdin=subprocess.DEVNULL,
                pass_fds=(writing,),
                # A group of its own: Ctrl-C reaches the watcher only, which hands it on once. A second one would end
                # the process on the spot instead of at a safe point.
                process_group=0,
                env={name: value for name, value in environment.items() if name not in PRIVATE},
            )
        except BaseException:
            os.close(self._reading)
            raise
        finally:
            os.close(writing)

    def fileno(self) -> int:
        """Return the descriptor that becomes readable when there is something to read, or the process ended."""
        return self._reading

    def read(self) -> bool:
        """Read what there is; False where there will be nothing more, because the process is at its end."""
        block = os.read(self._reading, 65_536)
        self._said += block
        return bool(block)

    def end(self) -> Ended:
        """Wait for the end, which is near once `read` said False, and return how it was."""
        os.close(self._reading)
        code = self._process.wait()
        return Ended(self.flow, code if code >= 0 else 128 - code, *_told(self._said))

    def signal(self, number: int) -> None:
        """Hand a signal on, so that it stops at a safe point."""
        with suppress(ProcessLookupError):
            self._process.send_signal(number)


def _told(said: bytes) -> tuple[float | None, tuple[str, ...]]:
    try:
        row: Any = json.loads(said or b"{}")
    except ValueError:
        return None, ()  # killed in the middle of a line
    known = row if isinstance(row, dict) else {}
    seconds = known.get("ready_in")
    return float(seconds) if isinstance(seconds, int | float) else None, tuple(map(str, known.get("said") or ()))
