"""How long a file has to rest, whatever the clocks say (fault 35, the pick-up half; fault 16)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from exchange.engine.ready import LOOKS_APART, Watched, rest
from exchange.kernel.model import SourceFile

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
TEN = timedelta(seconds=10)
NOTHING = timedelta(0)


def file(age: float, changed: float | None = None) -> SourceFile:
    """Return a file whose own clock says it changed so many seconds ago, and this machine's so many."""

    def moment(seconds: float) -> int:
        return int((NOW.timestamp() - seconds) * 1e9)

    return SourceFile(
        "shopify", "orders", "a.csv", 1, moment(age), changed_ns=0 if changed is None else moment(changed)
    )


def seen(ago: float, *, twice: bool) -> Watched:
    """Return what looks say of a file that is as it is since so many seconds."""
    return Watched(NOW - timedelta(seconds=ago), twice=twice)


def near(wait: timedelta, seconds: float) -> bool:
    """Tell whether a wait is that long, to the millisecond."""
    return abs(wait.total_seconds() - seconds) < 1e-3


def test_a_local_file_rests_by_its_modification_time() -> None:
    assert near(rest(file(4), TEN, NOW, None), 6)
    assert rest(file(10), TEN, NOW, None) == NOTHING
    assert rest(file(0), NOTHING, NOW, None) == NOTHING


def test_a_local_time_in_the_future_says_nothing_the_machines_own_note_does() -> None:
    assert near(rest(file(-3600, changed=4), TEN, NOW, None), 6)
    assert near(rest(file(-3600), TEN, NOW, None), 10)


def test_a_remote_file_needs_two_looks_however_old_it_is() -> None:
    assert rest(file(1e6), TEN, NOW, seen(0, twice=False)) == LOOKS_APART
    assert rest(file(1e6), TEN, NOW, seen(1, twice=True)) == NOTHING


def test_a_remote_file_of_a_wrong_clock_rests_by_looks() -> None:
    assert near(rest(file(-7200), TEN, NOW, seen(4, twice=True)), 6)
    assert rest(file(-7200), TEN, NOW, seen(10, twice=True)) == NOTHING


def test_a_remote_time_by_this_machines_clock_is_preferred() -> None:
    """The server's clock is an hour behind: by its own word the file is old, and it is not."""
    assert near(rest(file(3604, changed=4), TEN, NOW, seen(1, twice=True)), 6)


seconds = st.floats(-1e8, 1e8)


@given(seconds, st.none() | seconds, st.floats(0, 1e6), st.none() | st.tuples(seconds, st.booleans()))
def test_the_wait_is_never_negative_and_never_longer_than_asked(
    age: float, changed: float | None, needed: float, watched: tuple[float, bool] | None
) -> None:
    """Fault 35: no clock, however wrong, makes a file wait for ever."""
    asked = timedelta(seconds=needed)
    wait = rest(file(age, changed), asked, NOW, None if watched is None else seen(watched[0], twice=watched[1]))

    assert NOTHING <= wait <= max(asked, LOOKS_APART)


@given(st.integers(-(2**63), 2**63 - 1))
def test_any_time_that_a_file_system_can_hold_is_an_age(mtime_ns: int) -> None:
    assert NOTHING <= rest(SourceFile("s", "", "a", 1, mtime_ns), TEN, NOW, None) <= TEN
