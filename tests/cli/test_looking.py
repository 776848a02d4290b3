"""`exchange run` looks at folders alone once it knows the configuration, and says the same."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from exchange.assemble.quiet import MARK
from exchange.cli import run as command
from tests.flows.shop import Shop, order

FLOW = "mappings/flows/orders.yaml"
NOBODY = "exchange.cli.looking:nobody"
"""Who loads this to read the configuration fails."""


@pytest.fixture
def known(shop: Shop) -> Shop:
    """A shop whose configuration is known from a run before."""
    for _ in range(2):  # the first one makes the ledger
        assert shop.type("run").exit == 0
    assert (shop.root / MARK).is_file()
    return shop


@pytest.mark.parametrize("words", [(), ("orders",), ("--dry-run",), ("--json",), ("--baseline",)])
def test_nothing_is_read_where_nothing_lies(
    known: Shop, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setattr(command, "_LOOK", NOBODY)
    ran = known.type("run", *words)

    assert (ran.exit, ran.out, ran.err) == (0, "", "nothing to do: no file is ready\n")


def test_what_comes_is_taken(known: Shop) -> None:
    assert known.take("day.csv", order(1001)).exit == 0
    assert known.sent() == ({"1001"}, {"1001"})
    assert known.type("run").err == "nothing to do: no file is ready\n"


def test_an_edit_is_read(known: Shop) -> None:
    known.edit(FLOW, "settle: 10s", "settle: soon")
    ran = known.type("run")
    assert (ran.exit, "expected a duration such as 10s" in ran.err) == (5, True)

    known.edit(FLOW, "settle: soon", "settle: 1h")
    known.drop("day.csv", order(1001)).touch()
    assert known.type("run").err.startswith("1 file still settling: day.csv")


@pytest.mark.parametrize("words", [("run",), ("run", "--dry-run"), ("run", "--due"), ("watch",), ("timers",)])
def test_a_workspace_without_flows_is_not_one_with_nothing_to_do(known: Shop, words: tuple[str, ...]) -> None:
    (known.root / "mappings/flows").rename(known.root / "flows")

    ran = known.type(*words)

    assert (ran.exit, ran.err) == (5, "mappings/flows: there is no flow; write mappings/flows/<flow>.yaml\n")


@pytest.mark.parametrize("words", [("run",), ("run", "orders"), ("check",), ("status",), ("watch",)])
def test_flows_that_nobody_may_read_are_told(
    known: Shop, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    look = Path.iterdir  # tests may run as root, who may read everything

    def refused(folder: Path) -> Iterator[Path]:
        if folder == known.root / "mappings/flows":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return look(folder)

    monkeypatch.setattr(Path, "iterdir", refused)
    ran = known.type(*words)

    said = "mappings/flows cannot be read (Permission denied): give this user the right to read the folder\n"
    assert (ran.exit, ran.err) == (5, said)


def test_a_dry_run_keeps_nothing(shop: Shop) -> None:
    for _ in range(2):
        shop.type("run", "--dry-run")

    assert not (shop.root / MARK).exists()


def test_between_the_moments_of_schedules_nothing_is_read(known: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime.now(UTC).replace(minute=1, second=0)
    monkeypatch.setattr(command, "now", lambda: at)
    first = known.type("run", "--due")
    monkeypatch.setattr(command, "_LOOK", NOBODY)

    assert known.type("run", "--due").err == first.err
    assert first.err == f"nothing is due; next: orders at {at.replace(minute=5):%Y-%m-%d %H:%M} UTC\n"
    monkeypatch.setattr(command, "now", lambda: at + timedelta(minutes=4))
    with pytest.raises(AttributeError):
        known.type("run", "--due")
