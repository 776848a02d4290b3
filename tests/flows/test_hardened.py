"""The rights that a shipped unit leaves are enough for the work: no system call that it denies, no writable code."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.shop import Shop, order

pytestmark = pytest.mark.slow
UNIT = (Path(__file__).parents[2] / "cron/exchange@.service").read_text()
SCRIPT = "from exchange.cli.main import main; main()"
REFUSE_EXEC_GAIN = """
import ctypes, os, sys
code = ctypes.CDLL(None, use_errno=True).prctl(65, 1, 0, 0, 0)
if code:
    sys.exit(77)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""
"""prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN): what MemoryDenyWriteExecute= does by a filter."""


def filter_set(name: str) -> set[str]:
    """Return the system calls of a set such as @system-service, nested ones too."""
    told = subprocess.run(
        ["systemd-analyze", "syscall-filter", "--no-pager", name], capture_output=True, text=True, check=True
    ).stdout
    found: set[str] = set()
    for line in told.splitlines()[1:]:
        word = line.strip()
        found |= filter_set(word) if word.startswith("@") else {word} if word and not word.startswith("#") else set()
    return found


def allowed() -> set[str]:
    """Return the system calls that the shipped service may make."""
    found: set[str] = set()
    for words in re.findall(r"^SystemCallFilter=(.*)$", UNIT, re.MULTILINE):
        named = {call for word in words.removeprefix("~").split() for call in filter_set(word)}
        found = found - named if words.startswith("~") else found | named
    return found


def traced(shop: Shop, *options: str) -> None:
    """Run the flow under strace, to its end."""
    work = [sys.executable, "-c", SCRIPT, "--workspace", str(shop.root), "run"]
    ran = subprocess.run(["strace", "-f", "-qq", *options, *work], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_the_work_does_without_the_system_calls_that_the_unit_denies(shop: Shop, tmp_path: Path) -> None:
    """What it asks for in vain is a hint to the memory manager: refused, as the unit does, it works all the same."""
    if shutil.which("systemd-analyze") is None or shutil.which("strace") is None:
        pytest.skip("systemd-analyze or strace is not installed")
    shop.drop("a.csv", [order(number) for number in range(1, 200)])
    trace = tmp_path / "calls"
    traced(shop, "-c", "-U", "name", "-o", str(trace))
    made = {line.strip() for line in trace.read_text().splitlines()[2:]}
    assert {"openat", "renameat2", "rename"} & made
    denied = {name for name in made - allowed() if name.isidentifier() and name != "total"}
    # Only root's SQLite hands what it makes to the owner of the database; the unit's user is not root.
    assert denied <= {"fchown", "mbind"}

    assert "SystemCallErrorNumber=EPERM" in UNIT
    shop.drop("b.csv", [order(number) for number in range(1000, 1200)])
    calls = ",".join(sorted(denied)) or "mbind"
    traced(shop, "-o", str(trace), "-e", f"trace={calls}", "-e", f"inject={calls}:error=EPERM")
    assert len(shop.erp()) == 199 + 200


def test_the_work_needs_no_memory_that_is_writable_and_executable(shop: Shop) -> None:
    assert "MemoryDenyWriteExecute=true" in UNIT
    shop.drop("a.csv", [order(number) for number in range(1, 200)])
    ran = subprocess.run(
        [sys.executable, "-c", REFUSE_EXEC_GAIN, "-c", SCRIPT, "--workspace", str(shop.root), "run"],
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode == 77:
        pytest.skip("this kernel cannot refuse executable memory (Linux 6.3 and newer)")

    assert (ran.returncode, ran.stderr) == (0, "")
    assert len(shop.erp()) == 199
