"""Locks: one holder, and none once it is dead."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from exchange.kernel.errors import FlowLocked
from exchange.state.locks import exclusive, flow_lock

_HOLD = """
import sys, time
from pathlib import Path
from exchange.state.locks import flow_lock
with flow_lock(Path(sys.argv[1]), "orders"):
    print("held", flush=True)
    time.sleep(600)
"""


def test_second_holder_is_refused_and_other_flows_are_not(tmp_path: Path) -> None:
    folder = tmp_path / "locks"
    with flow_lock(folder, "orders"):
        with pytest.raises(FlowLocked, match=r"flow orders is being run by another process .*orders\.lock"):
            flow_lock(folder, "orders").__enter__()
        with flow_lock(folder, "stock"):
            assert (folder / "orders.lock").read_text() == f"{os.getpid()}\n"

    with flow_lock(folder, "orders"):
        pass


def test_lock_is_free_after_a_failure(tmp_path: Path) -> None:
    with pytest.raises(KeyError), flow_lock(tmp_path, "orders"):
        raise KeyError

    with flow_lock(tmp_path, "orders"):
        pass


def test_killed_holder_leaves_it_free(tmp_path: Path) -> None:
    """Fault 12: the holder of a lock died."""
    with subprocess.Popen([sys.executable, "-c", _HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True) as holder:
        if holder.stdout is None:
            raise RuntimeError
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(FlowLocked):
            flow_lock(tmp_path, "orders").__enter__()
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()

    with flow_lock(tmp_path, "orders"):
        pass


def test_child_process_does_not_inherit_it(tmp_path: Path) -> None:
    with flow_lock(tmp_path, "orders"):
        child = subprocess.Popen(["sleep", "600"], close_fds=False)
    try:
        with flow_lock(tmp_path, "orders"):
            pass
    finally:
        child.kill()
        child.wait()


def test_exclusive_can_be_held_again_and_again(tmp_path: Path) -> None:
    for _ in range(2):
        with exclusive(tmp_path / "a.lock"):
            pass
