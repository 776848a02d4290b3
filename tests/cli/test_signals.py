"""A signal is noted, and ends the run where it is safe."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from exchange.cli.signals import SafePoints
from exchange.kernel.errors import Interrupted


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Put the handlers back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_noted_at_once_raised_at_the_next_safe_point(number: signal.Signals) -> None:
    points = SafePoints()
    points.watch()
    points.check()
    assert points.asked() is None

    os.kill(os.getpid(), number)

    with pytest.raises(Interrupted) as error:
        points.check()
    assert error.value.signal_number == points.asked() == number
    assert signal.getsignal(number) is signal.SIG_DFL, "the second one ends the process at once"
