"""`exchange watch` as a process of its own: files come, folders go, signals arrive; front door only."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from tests.flows.partner import SETTINGS, partner
from tests.flows.shop import INBOX, Line, Shop, order

pytestmark = pytest.mark.slow
EXCHANGE = [sys.executable, "-c", "from exchange.cli.main import main; main()"]
FLOW = "mappings/flows/orders.yaml"
LIMIT = 90.0
QUEUE = Path("/proc/sys/fs/inotify/max_queued_events")


class Watcher:
    """A watcher at work in a shop."""

    def __init__(self, shop: Shop, *words: str, before: list[str] | None = None, **environment: str) -> None:
        self.shop = shop
        self._log = shop.root.with_name("watch.log")
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [*(before or []), *EXCHANGE, "--workspace", str(shop.root), "watch", *words],
                stdout=log,
                stderr=log,
                env={**os.environ, **environment},
                start_new_session=True,
            )

    @property
    def log(self) -> str:
        """What was said so far."""
        return self._log.read_text(encoding="utf-8")

    def says(self, words: str) -> bool:
        """Tell whether it said so."""
        return words in self.log

    def until(self, what: Callable[[], object]) -> None:
        """Wait for something to become true while it watches."""
        deadline = time.monotonic() + LIMIT
        while not what():
            assert self.process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.05)

    def has_begun(self) -> None:
        """Wait until the look in the beginning is over."""
        self.until(lambda: "watching orders" in self.log)
        self.until((self.shop.root / "data/state/ledger.db").exists)
        self.until(lambda: not self.looks())

    def looks(self) -> list[int]:
        """The process ids of the looks under way."""
        return [
            int(number)
            for number in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        ]

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and return how it ended."""
        self.process.send_signal(number)
        return self.process.wait(LIMIT)


@pytest.fixture
def watchers() -> Iterator[list[Watcher]]:
    """Watchers that are gone in the end, whatever happened."""
    made: list[Watcher] = []
    yield made
    for watcher in made:
        if watcher.process.poll() is None:
            family = watcher.looks()
            watcher.process.kill()
            watcher.process.wait()
            for number in family:
                with suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)


@pytest.fixture
def watch(shop: Shop, watchers: list[Watcher]) -> Callable[..., Watcher]:
    """Starts a watcher in the shop."""

    def start(*words: str, before: list[str] | None = None, **environment: str) -> Watcher:
        watchers.append(Watcher(shop, *words, before=before, **environment))
        return watchers[-1]

    return start


def command_lines() -> Iterator[str]:
    """Yield the command line of every process."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            yield path.read_text(errors="replace").replace("\0", " ")


def memory(process: int) -> int:
    """Return the bytes that a process holds in memory."""
    [kilobytes] = re.findall(r"^VmRSS:\s+(\d+) kB$", Path(f"/proc/{process}/status").read_text(), re.MULTILINE)
    return int(kilobytes) * 1024


def sent(shop: Shop) -> set[str]:
    """Return the orders that reached both targets."""
    wms, erp = shop.sent()
    return wms & erp


def test_what_comes_goes_out_and_the_end_is_clean(shop: Shop, watch: Callable[..., Watcher]) -> None:
    """An hour between two looks: it is the event that counts. The words are those of a run."""
    watcher = watch("--every", "1h")
    watcher.has_begun()

    shop.drop("a.csv", [order(1), order(2, Line("NOT-SOLD"))])
    watcher.until(lambda: sent(shop) == {"1"})
    watcher.until(lambda: "ended with 3, done, but some records" in watcher.log)
    shop.drop("b.csv", order(3))
    watcher.until(lambda: sent(shop) == {"1", "3"})

    assert watcher.stop() == 143
    assert re.search(r"^orders: a\.csv \(claim [0-9a-f]{12}\) done in [\d.]+ s$", watcher.log, re.MULTILINE)
    assert "nothing to do" not in watcher.log
    assert shop.files(INBOX) == []
    assert shop.type("run").exit == 0, "the flow is free"


def test_a_file_that_settles_goes_out_as_soon_as_it_is_ready(shop: Shop, watch: Callable[..., Watcher]) -> None:
    """Fault 16: written bit by bit, taken once, whole, and not before it rests."""
    shop.edit(FLOW, "settle: 10s", "settle: 2s")
    watcher = watch("--every", "1h")
    watcher.has_begun()

    whole = (shop.drop("slow.csv", [order(number) for number in range(1, 31)])).read_bytes()
    (shop.root / INBOX / "slow.csv").unlink()
    with (shop.root / INBOX / "slow.csv").open("wb") as stream:
        for start in range(0, len(whole), 1000):
            stream.write(whole[start : start + 1000])
            stream.flush()
            assert sent(shop) == set()
            time.sleep(0.05)  # what a slow writer does
    watcher.until(lambda: sent(shop) == {str(number) for number in range(1, 31)})

    assert watcher.stop() == 143
    assert watcher.log.count("slow.csv (claim") == 1


def test_for_programs_the_lines_are_those_of_a_run(shop: Shop, watch: Callable[..., Watcher]) -> None:
    watcher = watch("orders", "--json")
    watcher.has_begun()
    shop.drop("a.csv", order(1))
    watcher.until(lambda: '"file": "a.csv"' in watcher.log)
    assert watcher.stop(signal.SIGINT) == 130


def test_a_folder_that_is_removed_and_made_again(shop: Shop, watch: Callable[..., Watcher]) -> None:
    """Fault 15."""
    watcher = watch("--every", "1h")
    watcher.has_begun()
    shutil.rmtree(shop.root / "data/inbox")
    time.sleep(0.5)  # so that it may notice; it need not
    (shop.root / INBOX).mkdir(parents=True)
    shop.drop("a.csv", order(1))
    watcher.until(lambda: sent(shop) == {"1"})
    shop.drop("b.csv", order(2))
    watcher.until(lambda: sent(shop) == {"1", "2"})


def test_more_events_than_the_system_keeps(shop: Shop, watch: Callable[..., Watcher]) -> None:
    """Fault 15: the queue of inotify overflows while the watcher sleeps; the file that counts comes last."""
    watcher = watch("--every", "1h")
    watcher.has_begun()
    inbox = shop.root / INBOX
    watcher.process.send_signal(signal.SIGSTOP)
    for number in range(int(QUEUE.read_text()) // 3 + 2000):  # each file is created, written and closed
        (inbox / f"{number}.txt").write_bytes(b"x")
    shop.drop("a.csv", order(1))
    watcher.process.send_signal(signal.SIGCONT)

    watcher.until(lambda: sent(shop) == {"1"})
    assert "more happened than the system keeps track of" in watcher.log


def test_where_the_system_gives_no_events_at_all(shop: Shop, watch: Callable[..., Watcher]) -> None:
    """Fault 15: no inotify left for this user, in a user namespace of its own so that nobody else is troubled."""
    limits = 'echo 0 > /proc/sys/user/max_inotify_instances && exec "$@"'
    before = ["unshare", "--user", "--map-root-user", "sh", "-c", limits, "sh"]
    if (
        shutil.which("unshare") is None
        or subprocess.run([*before, "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("this machine makes no user namespaces")
    watcher = watch("--every", "1h", before=before)
    watcher.until(lambda: "no events from the system" in watcher.log)
    watcher.has_begun()

    shop.drop("a.csv", order(1))
    watcher.until(lambda: sent(shop) == {"1"})
    assert watcher.stop() == 143


def test_told_to_stop_at_any_time_it_ends_and_the_next_run_finishes(shop: Shop, watch: Callable[..., Watcher]) -> None:
    """Fault 2: the lock is free, nothing is half done, and nothing goes out twice."""
    for turn in range(4):
        watcher = watch("--every", "1h")
        watcher.until(partial(watcher.says, "watching orders"))
        shop.drop(f"{turn}.csv", [order(turn * 100 + number) for number in range(1, 40)])
        time.sleep(0.3 * turn)  # another moment each time
        assert watcher.stop() == 143
        assert [words for words in command_lines() if str(shop.root) in words] == [], "nothing is left behind"

    assert shop.type("run").exit == 0
    expected = sorted(str(turn * 100 + number) for turn in range(4) for number in range(1, 40))
    assert sorted(row["OrderNumber"] for row in shop.erp()) == expected
    assert sorted(element.findtext("OrderNumber") or "" for element in shop.wms()) == expected
    assert not [path for path in shop.files("data/outbox") if path.name.startswith(".")]


def test_a_flow_that_another_run_holds_is_skipped_and_taken_later(shop: Shop, watch: Callable[..., Watcher]) -> None:
    """Fault 11."""
    assert shop.type("run").exit == 0
    lock = shop.root / "data/state/locks/orders.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        watcher = watch("--every", "2s")
        shop.drop("a.csv", order(1))
        watcher.until(lambda: "orders: ended with 7, another run holds the flow" in watcher.log)
        assert sent(shop) == set()
    watcher.until(lambda: sent(shop) == {"1"})


def test_a_paused_flow_waits_and_says_so_once(shop: Shop, watch: Callable[..., Watcher]) -> None:
    assert shop.type("run").exit == 0
    assert shop.type("pause", "orders", "--reason", "stocktaking").exit == 0
    watcher = watch("--every", "1s")
    watcher.until(partial(watcher.says, "orders is paused by"))
    shop.drop("a.csv", order(1))
    (shop.root / INBOX / "link.csv").symlink_to("a.csv")
    watcher.until(lambda: len(shop.files("data/state/locks")) and not watcher.looks())
    assert sent(shop) == set()

    assert shop.type("resume", "orders").exit == 0
    watcher.until(lambda: sent(shop) == {"1"})
    shop.drop("b.csv", order(2))
    watcher.until(lambda: sent(shop) == {"1", "2"})
    assert watcher.log.count("orders is paused by") == 1
    assert watcher.log.count("link.csv") == 1, "what is passed over is said when it is news"


def test_an_edit_counts_and_a_broken_one_is_said(shop: Shop, watch: Callable[..., Watcher]) -> None:
    """Fault 38."""
    watcher = watch("--every", "1h")
    watcher.has_begun()
    shop.edit(FLOW, "deliver:", "delivr:")
    watcher.until(lambda: "nothing is picked up until then" in watcher.log)
    shop.drop("a.csv", order(1))
    shop.edit(FLOW, "delivr:", "deliver:")
    watcher.until(lambda: sent(shop) == {"1"})
    assert watcher.log.count("nothing is picked up until then") == 1

    shop.edit("mappings/exchange.yaml", "path: data/inbox/shopify", "path: data/inbox/moved")
    watcher.until(lambda: watcher.log.count("the configuration was edited: watching orders") == 2)
    (shop.root / "data/inbox/moved/orders").mkdir(parents=True)
    path = shop.drop("b.csv", order(2))
    path.rename(shop.root / "data/inbox/moved/orders/b.csv")
    watcher.until(lambda: sent(shop) == {"1", "2"})


def test_a_server_is_looked_at_at_its_interval(tmp_path: Path, watchers: list[Watcher]) -> None:
    """Two looks that agree, persisted; each in a process of its own, with one log-in."""
    with partner(tmp_path) as wms:
        wms.ready()
        wms.shop.edit(SETTINGS, f"port: {wms.server.port}", f"port: {wms.server.port}\n    interval: 1s")
        watcher = Watcher(wms.shop, "--every", "1h")
        watchers.append(watcher)
        watcher.until(partial(watcher.says, "wms_sftp/orders, every 1 s"))
        wms.upload("day.csv", order(1))
        watcher.until(lambda: [name for name in wms.received if not name.startswith(".")])
        watcher.until(lambda: not (wms.server.root / "orders/day.csv").exists())
        assert watcher.stop() == 143
    assert watcher.log.count("day.csv (claim") == 1


def test_systemd_is_told(watch: Callable[..., Watcher], tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(LIMIT)
        watcher = watch(NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="400000")
        assert manager.recv(1000) == b"READY=1\nSTATUS=watching 1 flow"
        assert {manager.recv(1000) for _ in range(5)} == {b"WATCHDOG=1"}
        watcher.process.send_signal(signal.SIGTERM)
        while (told := manager.recv(1000)) != b"STOPPING=1":
            assert told == b"WATCHDOG=1"
        assert watcher.process.wait(LIMIT) == 143


def test_memory_stays_flat_and_light(shop: Shop, watch: Callable[..., Watcher]) -> None:
    """What is heavy is in the looks, which end."""
    watcher = watch("--every", "1h")
    watcher.has_begun()
    process = watcher.process.pid
    shop.drop("0.csv", [order(number) for number in range(1, 500)])
    watcher.until(lambda: "0.csv (claim" in watcher.log)
    before = memory(process)
    for turn in range(1, 5):
        shop.drop(f"{turn}.csv", [order(turn * 1000 + number) for number in range(1, 500)])
        watcher.until(partial(watcher.says, f"{turn}.csv (claim"))
    maps = Path(f"/proc/{process}/maps").read_text()

    assert memory(process) < before + 5_000_000
    assert not [name for name in ("pandas", "pyarrow", "sqlalchemy") if f"/{name}/" in maps]
