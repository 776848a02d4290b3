"""What survives a power cut at a partner's or here: the order of syncs, renames and removals on both sides of the line.

The server's own process is traced too; one machine has one clock, so that the calls of both are put in one order.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.crash.test_ordering import CALLS
from tests.flows.partner import Partner
from tests.flows.shop import order
from tests.servers.required import need_sshd
from tests.servers.sshd import Setup

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed"),
]
_CALL = re.compile(r"^(?:\d+ +)?(\d+\.\d+) (\w+)\((.*)\) += (\d+)")
_BEGUN = re.compile(r"^(\d+) +(\d+\.\d+) (.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"^(\d+) +(\d+\.\d+) <\.\.\. \w+ resumed>(.*)$")


@dataclass(frozen=True, order=True)
class Call:
    """One call that succeeded."""

    at: float
    """When it was over, or nearly so."""
    side: str
    """`here` or `there`."""
    name: str
    arguments: str


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> list[Call]:
    """Everything that one run over SFTP asks of the file systems of both sides, in order."""
    need_sshd()
    home = tmp_path_factory.mktemp("ordering")
    here, there = home / "here", home / "there"
    strace = f"strace -f -ttt -y -s 0 -e trace={CALLS},openat"
    made = Partner(home / "partner", Setup(options="", tracer=f"{strace} -o {there}"))
    with closing(made.server):
        made.ready()
        made.upload("day.csv", order(1001), order(1002))
        command = [sys.executable, "-c", "from exchange.cli.main import main; main()"]
        workspace = ["--workspace", str(made.shop.root), "run"]
        done = subprocess.run(
            [*strace.split(), "-o", str(here), *command, *workspace], capture_output=True, text=True, check=False
        )
    if "ptrace" in done.stderr:
        pytest.skip(f"strace may not trace here: {done.stderr.splitlines()[0]}")
    assert done.returncode == 0, done.stderr
    assert made.received != []
    found = [call for side, log in (("here", here), ("there", there)) for call in read(side, log)]
    return sorted(found)


def read(side: str, log: Path) -> list[Call]:
    """Return the calls of one side that succeeded."""
    begun: dict[str, str] = {}
    found = []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if cut := _BEGUN.match(line):
            begun[cut[1]] = cut[3]
            continue
        whole = line
        if resumed := _RESUMED.match(line):
            whole = f"{resumed[1]} {resumed[2]} {begun.pop(resumed[1], '')}{resumed[3]}"
        if call := _CALL.match(whole):
            found.append(Call(float(call[1]), side, call[2], call[3]))
    return found


def moments(calls: list[Call], side: str, names: str, *parts: str) -> list[float]:
    """Return when calls of these names with these parts in their arguments were made."""
    return [
        call.at
        for call in calls
        if call.side == side and call.name in names.split() and all(part in call.arguments for part in parts)
    ]


def test_a_delivery_is_on_the_partners_disk_before_it_comes_into_view(calls: list[Call]) -> None:
    written = moments(calls, "there", "write pwrite64", "/incoming/.ORD_")
    synced = moments(calls, "there", "fsync", "/incoming/.ORD_")
    shown = moments(calls, "there", "link linkat rename renameat renameat2", "incoming/.ORD_")

    assert len(shown) == 1
    assert max(written) < max(synced) < shown[0]


def test_a_delivery_is_shown_after_the_ledger_knows_of_it(calls: list[Call]) -> None:
    synced = moments(calls, "there", "fsync", "/incoming/.ORD_")
    shown = moments(calls, "there", "link linkat rename renameat renameat2", "incoming/.ORD_")
    noted = moments(calls, "here", "fsync fdatasync", "ledger.db-wal")

    assert [at for at in noted if max(synced) < at < shown[0]], "the note `staged` is on the disk first"
    assert [at for at in noted if at < min(moments(calls, "there", "openat", "incoming/.ORD_", "O_EXCL"))], "the seal"


def test_a_source_is_removed_after_our_copy_and_the_ledger_are_on_the_disk(calls: list[Call]) -> None:
    [removed] = moments(calls, "there", "unlink unlinkat", "orders/day.csv")
    copied = moments(calls, "here", "fsync fdatasync", "/incoming/", ".part")
    archived = moments(calls, "here", "rename renameat renameat2", "data/archive/", ".day.csv")
    noted = moments(calls, "here", "fsync fdatasync", "ledger.db-wal")

    assert copied
    assert max(copied) < removed
    assert [at for at in noted if max(copied) < at < archived[0]], "the claim is on the disk"
    assert archived[0] < removed
    assert [at for at in moments(calls, "here", "fsync", "data/archive/") if archived[0] < at < removed]
