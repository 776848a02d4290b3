"""A file that is five times as large takes no more memory to speak of."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.shop import INBOX, Shop, export, order

pytestmark = pytest.mark.slow

FIRST = 1_000_000
SMALL, LARGE = 50_000, 250_000
"""Orders of one line, half a kilobyte each: past the size where two spans are at work all the time."""
ROOM_MB = 80
"""What may come on top: less than the bytes that the large file has more (94 MB)."""
# The process between counts its children only: a child's peak would hold that of the process it was forked from.
MEASURE = """
import resource, subprocess, sys
command = [sys.executable, "-c", "from exchange.cli.main import main; main()", *sys.argv[1:]]
ended = subprocess.run(command, stdout=subprocess.DEVNULL)
print(ended.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def peak_mb(folder: Path, orders: int) -> int:
    """Return the peak memory of a run over a file of so many orders."""
    shop = Shop(folder)
    head, row = export(order(FIRST)).splitlines(keepends=True)
    path = shop.root / INBOX / "big.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write(head)
        stream.writelines(row.replace(str(FIRST), str(FIRST + number)) for number in range(orders))
    shop.age(path, 1)
    command = [sys.executable, "-c", MEASURE, "--workspace", str(shop.root), "run"]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    code, peak = map(int, ended.stdout.split())
    assert code == 0, ended.stderr
    return peak


def test_fault_36_memory_is_flat_in_the_size_of_the_file(tmp_path: Path) -> None:
    """Fault 36: spans bound it; what is kept of each order (its key, what was decided) is small."""
    small, large = peak_mb(tmp_path / "small", SMALL), peak_mb(tmp_path / "large", LARGE)

    assert large < small + ROOM_MB
    assert large < 1000
