"""How old a file is before anybody looks into it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from exchange.config.as_of import AsOf
from exchange.config.models import Flow
from exchange.engine.age import age_in_name, file_age, not_in_name
from exchange.kernel.model import UNPACKED, Origin, SourceFile
from tests.engine.desk import AS_OF, claim_of


def flow(as_of: object) -> Flow:
    """Return a flow with one pick-up that says so."""
    pick_up = {"from": "shopify", "mapping": "shopify/orders", "as_of": as_of}
    return Flow.model_validate(
        {
            "flow": "orders",
            "timezone": "Europe/Berlin",
            "pick_up": [pick_up],
            "deliver": [{"to": "w", "mapping": "m", "name": "n"}],
        }
    )


NAMED = SourceFile("shopify", "orders", "o_20260302.csv", 1, int(AS_OF.timestamp()) * 10**9)
MIDNIGHT = datetime(2026, 3, 1, 23, tzinfo=UTC)


def test_by_time_by_name_and_as_it_was() -> None:
    by_name = flow({"name": "o_%Y%m%d.csv"})

    assert file_age(flow("mtime"), 0, NAMED) == AS_OF
    assert file_age(by_name, 0, NAMED) == MIDNIGHT
    assert file_age(by_name, 0, NAMED, Origin.RELEASE) == AS_OF
    assert file_age(by_name, 0, NAMED, Origin.REPLAY) == AS_OF
    assert file_age(by_name, 0, replace(NAMED, name="other.csv")) == AS_OF
    assert age_in_name(flow("mtime"), 0, NAMED) is None


def test_what_came_in_an_archive_has_the_name_that_it_had_there() -> None:
    member = replace(NAMED, endpoint=UNPACKED, name="abc.0001.o.csv", path="week.zip/o_20260302.csv")

    assert age_in_name(flow({"name": "o_%Y%m%d.csv"}), 0, member) == MIDNIGHT


def test_name_without_a_moment_is_a_problem_where_one_is_asked_for() -> None:
    by_name, claim = flow({"name": "o_%Y%m%d.csv"}), claim_of("monday.csv")

    problem = not_in_name(by_name, 0, claim)
    assert problem is not None
    assert (problem.code, "monday.csv" in problem.message) == ("AS_OF_NOT_IN_NAME", True)
    assert not_in_name(by_name, 0, claim_of("o_20260302.csv")) is None
    assert not_in_name(by_name, 0, replace(claim, origin=Origin.REPLAY)) is None
    assert not_in_name(flow("mtime"), 0, claim) is None
    assert not_in_name(flow(AsOf(column="a", format="%Y%m%d").model_dump(exclude={"name"})), 0, claim) is None
