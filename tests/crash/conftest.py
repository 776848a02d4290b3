"""The scene of the crash tests, set once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.crash.child import Nursery
from tests.crash.desks import AT_ONCE, Desk, Scene
from tests.crash.scene import copy, left_in, prepare_today, write
from tests.flows.shop import Shop


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The workspace before today's run, and what an undisturbed run makes of it."""
    folder = tmp_path_factory.mktemp("crash")
    today, work, log = folder / "today", folder / "work", folder / "log"
    write(Shop(today).root)
    with ExitStack() as stack:
        desks = [
            Desk(
                stack.enter_context(Nursery(folder / f"{number}", copy(today, folder / f"{number}" / "work"))),
                folder / f"{number}" / "work",
            )
            for number in range(AT_ONCE)
        ]
        nursery = desks[0].nursery
        assert nursery.run(today, "run").exit == 3
        prepare_today(today)
        copy(today, work)
        ended = nursery.run(work, "run", EXCHANGE_CRASH_LOG=str(log))
        assert ended.exit == 3, ended.err
        made = Scene(today, tuple(log.read_text(encoding="utf-8").split()), left_in(work))
        for desk in desks:
            made.desks.put(desk)
        yield made
