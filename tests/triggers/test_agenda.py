"""When a watched flow is looked at next: time is told here, so nothing is waited for."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from exchange.triggers.agenda import DEBOUNCE, REST, SLACK, Agenda, Post

INBOX = Path("/in")


def post(flow: str = "orders", interval: float = 30.0) -> Post:
    """Return a flow to watch."""
    return Post(flow, (INBOX,), interval)


def watching(*posts: Post) -> Agenda:
    """Return an agenda whose flows were looked at once, at second 100, and found nothing."""
    agenda = Agenda()
    agenda.renew(posts, 100.0)
    for flow in agenda.due(100.0):
        agenda.begin(flow, 100.0)
        agenda.end(flow, 100.0, None)
    return agenda


def test_every_flow_is_looked_at_once_in_the_beginning_and_then_at_its_interval() -> None:
    agenda = Agenda()
    agenda.renew([post("a", 30), post("b", 55)], 100.0)
    assert agenda.due(100.0) == ["a", "b"]

    for flow in ("a", "b"):
        agenda.begin(flow, 100.0)
    assert agenda.next() is None, "both are under way"
    for flow in ("a", "b"):
        agenda.end(flow, 101.0, None)

    assert agenda.next() == 130.0
    assert agenda.due(129.9) == []
    assert agenda.due(155.0) == ["a", "b"]


def test_a_burst_of_events_is_one_look() -> None:
    agenda = watching(post())
    for number in range(1000):
        agenda.wake("orders", f"{number}.csv", 110.0 + number / 10_000)

    assert agenda.next() == 110.0 + DEBOUNCE
    agenda.begin("orders", 110.3)
    agenda.end("orders", 110.5, None)
    assert agenda.due(139.0) == []


def test_a_flow_rests_between_two_looks() -> None:
    agenda = watching(post())
    agenda.wake("orders", "a.csv", 100.1)

    assert agenda.next() == 100.0 + REST


def test_what_comes_during_a_look_causes_another() -> None:
    agenda = watching(post())
    agenda.begin("orders", 110.0)
    agenda.wake("orders", "late.csv", 110.2)
    assert agenda.due(120.0) == [], "never two at a time"
    agenda.end("orders", 111.0, None)

    assert agenda.next() == 111.0 + REST


def test_a_settling_file_is_looked_at_when_it_is_ready_whatever_is_written_to_it_meanwhile() -> None:
    """Fault 16, and the cost of it: a slow upload of ten minutes is not hundreds of processes."""
    agenda = watching(post())
    agenda.wake("orders", "slow.csv", 110.0)
    agenda.begin("orders", 110.2)
    agenda.wake("orders", "slow.csv", 110.3)
    agenda.end("orders", 110.5, ready_in=10.0)

    for second in range(111, 120):
        agenda.wake("orders", "slow.csv", float(second))
    assert agenda.next() == 110.5 + 10.0 + SLACK

    agenda.wake("orders", "other.csv", 115.0)
    assert agenda.next() == 115.0 + DEBOUNCE, "another file is news"


def test_a_new_version_of_a_file_that_was_taken_is_news() -> None:
    agenda = watching(post())
    agenda.wake("orders", "a.csv", 110.0)
    agenda.begin("orders", 110.2)
    agenda.wake("orders", "a.csv", 110.4)
    agenda.end("orders", 111.0, None)
    assert agenda.next() == 111.0 + REST

    agenda.begin("orders", 112.0)
    agenda.end("orders", 112.5, None)
    agenda.wake("orders", "a.csv", 120.0)
    assert agenda.next() == 120.0 + DEBOUNCE


def test_flows_come_and_go_with_the_configuration() -> None:
    agenda = watching(post("a"), post("b"))
    agenda.begin("b", 110.0)

    agenda.renew([post("a", 10), post("c")], 110.0)

    assert agenda.due(110.0) == ["c"], "new ones at once"
    assert agenda.next() == 110.0
    agenda.end("b", 111.0, None)
    agenda.wake("b", "x.csv", 111.0)
    assert set(agenda.due(1000.0)) == {"a", "c"}
    agenda.renew([post("a", 10), post("b"), post("c")], 111.0)
    assert "b" in agenda.due(111.0)


def test_a_flow_that_goes_and_comes_back_during_a_look_has_one_look_at_a_time() -> None:
    agenda = watching(post("a"))
    agenda.begin("a", 110.0)
    agenda.renew([], 110.1)
    agenda.renew([post("a")], 110.2)

    assert agenda.due(500.0) == []
    agenda.end("a", 111.0, None)
    assert agenda.due(500.0) == ["a"]


def test_a_shorter_interval_holds_from_now_on() -> None:
    agenda = watching(post(interval=300))
    agenda.renew([post(interval=5)], 110.0)

    assert agenda.next() == 115.0


HAPPENINGS = st.lists(
    st.one_of(
        st.tuples(st.just("event"), st.sampled_from(["a.csv", "b.csv", ""])),
        st.tuples(st.just("begin"), st.none()),
        st.tuples(st.just("end"), st.one_of(st.none(), st.floats(0, 100))),
        st.tuples(st.just("wait"), st.floats(0, 20)),
    ),
    max_size=60,
)


@given(HAPPENINGS)
def test_whatever_happens_a_look_is_never_further_away_than_the_interval(happenings: list[tuple[str, object]]) -> None:
    agenda, now, running = watching(post()), 100.0, False
    for what, value in happenings:
        match what, value:
            case "event", str(name):
                agenda.wake("orders", name, now)
            case "wait", float(seconds):
                now += seconds
            case "begin", _ if not running:
                agenda.begin("orders", now)
                running = True
            case "end", ready_in if running:
                agenda.end("orders", now, ready_in if isinstance(ready_in, float) else None)
                running = False
            case _:
                pass
        coming = agenda.next()
        assert running == (coming is None)
        assert coming is None or coming <= now + 30.0
