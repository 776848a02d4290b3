"""Turns SIGTERM and SIGINT into a stop at the next safe point."""

from __future__ import annotations

import signal
from types import FrameType

from exchange.kernel.errors import Interrupted


class SafePoints:
    """Notes a signal when it comes; raises Interrupted where it is safe to stop."""

    def __init__(self) -> None:
        self._signal: int | None = None

    def watch(self) -> None:
        """Install the handlers. A second signal of the same kind ends the process at once."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note)

    def check(self) -> None:
        """Raise Interrupted if a signal came."""
        if self._signal is not None:
            raise Interrupted(self._signal)

    def asked(self) -> int | None:
        """Return the signal that came, if one did."""
        return self._signal

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self._signal = number
        signal.signal(number, signal.SIG_DFL)
