"""What all tests share: `--update` writes files that are made by the product (golden files, references) anew."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from tests.statements import share

# Some machines are told to keep no bytecode. Hundreds of tests start the product as a process of its own, and each
# would compile its 300 modules anew: a second each time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# What the product writes it syncs, and a disk takes its time for that: on most machines half of all the tests' time.
# Whether it syncs, and in which order, is looked at in system calls, which are the same in memory.
_MEMORY, _ENOUGH = "/dev/shm", 6 * 1024**3
if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ENOUGH:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", _MEMORY)

# A machine that runs other things is slow now and then: how long a case takes is no property of the product. Thirty
# cases of each property keep the whole suite within minutes; `--hypothesis-profile=default` looks for longer.
settings.register_profile("exchange", deadline=None, max_examples=30)
settings.load_profile("exchange")

share()

LONGEST = (
    "crash/test_crash.py",
    "test_bench.py",
    "crash/test_crash_sftp.py",
    "flows/test_watch.py",
    "flows_bad/test_bad_input.py",
    "crash/test_bad_disk.py",
    "flows/test_memory.py",
    "crash/test_waiting.py",
    "assemble/test_explain_near.py",
    "crash/test_crash_merged.py",
    "crash/test_full_disk.py",
    "test_layout.py",
    "flows/test_pickup_archives.py",
    "contracts/test_endpoint.py",
    "samples/test_sftp.py",
    "editor/test_editor.py",
)
"""Modules that take longest: they begin first, so that in the end no worker is left alone with one of them."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update`."""
    parser.addoption("--update", action="store_true", help="write golden files anew instead of comparing with them")


def pytest_configure(config: pytest.Config) -> None:
    """Give each worker of `-n` whole modules: what a module makes once is then made by one worker, once."""
    if getattr(config.option, "dist", "no") == "load":
        config.option.dist, config.option.loadscopereorder = "loadfile", False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest modules first."""
    places = {Path(__file__).parent / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


@pytest.fixture(scope="session")
def update(pytestconfig: pytest.Config) -> bool:
    """Whether files made by the product are to be written anew."""
    return bool(pytestconfig.getoption("--update"))
