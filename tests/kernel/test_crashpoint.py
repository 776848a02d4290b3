"""A named point does nothing unless the environment names it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

SCRIPT = """
from exchange.kernel.crashpoint import crashpoint
for name in ("a", "b", "a"):
    crashpoint(name)
print("end")
"""


def ran(**environment: str) -> subprocess.CompletedProcess[str]:
    """Run three points in a process of its own."""
    return subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=False)


def test_nothing_happens_by_itself() -> None:
    assert ran().stdout == "end\n"


def test_each_pass_is_logged_with_its_number(tmp_path: Path) -> None:
    log = tmp_path / "log"

    assert ran(EXCHANGE_CRASH_LOG=str(log)).returncode == 0
    assert log.read_text(encoding="utf-8").split() == ["a:1", "b:1", "a:2"]


def test_killed_at_the_named_pass(tmp_path: Path) -> None:
    log = tmp_path / "log"

    ended = ran(EXCHANGE_CRASH_LOG=str(log), EXCHANGE_CRASH_AT="a:2")

    assert (ended.returncode, ended.stdout) == (-signal.SIGKILL, "")
    assert log.read_text(encoding="utf-8").split() == ["a:1", "b:1", "a:2"]
    assert ran(EXCHANGE_CRASH_AT="a:3").returncode == 0


def test_another_signal_at_the_named_pass() -> None:
    assert ran(EXCHANGE_CRASH_AT="b:1", EXCHANGE_CRASH_SIGNAL="SIGTERM").returncode == -signal.SIGTERM
