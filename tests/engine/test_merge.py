"""Which files go together: who joins, in which order, and where a set ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from exchange.config.models import Flow, Merge, PickUp
from exchange.engine.discover import Ready
from exchange.engine.merge import apart, joins, joins_again, most_tries, sets
from exchange.kernel.claim_rows import KnownClaim
from exchange.kernel.model import BY_HAND, Claim, ClaimState, Origin, SourceFile
from tests.engine.desk import AS_OF, claim_of


def pick_up(**keys: object) -> PickUp:
    """Return a pick-up that merges."""
    plain = {"from": "shopify", "folder": "orders", "match": "*.csv", "mapping": "shopify/orders", "merge": True}
    return PickUp.model_validate({**plain, **keys})


def flow(*pick_ups: PickUp) -> Flow:
    """Return a flow of these pick-ups."""
    target = {"to": "erp", "mapping": "erp/orders", "name": "{claim}.csv"}
    written = [each.model_dump(by_alias=True) for each in pick_ups]
    return Flow.model_validate({"flow": "orders", "pick_up": written, "deliver": [target]})


def source(name: str = "a.csv", endpoint: str = "shopify") -> SourceFile:
    """Return a file of 100 bytes."""
    return SourceFile(endpoint, "orders", name, 100, 0)


def aged(name: str, hours: int, size: int = 100, *, origin: Origin = Origin.PICK_UP) -> Claim:
    """Return a claim of a file of some age."""
    made = claim_of(name, origin=origin, as_of=AS_OF - timedelta(hours=hours))
    return replace(made, source=replace(made.source, size=size))


@pytest.mark.parametrize(
    ("keys", "file", "joined"),
    [
        ({}, source(), True),
        ({"merge": False}, source(), False),
        ({"merge": {"files": 2}}, source(), True),
        ({}, source("week.zip"), False),
        ({"unpack": "never"}, source("week.zip"), True),
        ({}, source(endpoint=BY_HAND), False),
    ],
)
def test_who_joins(keys: dict[str, object], file: SourceFile, *, joined: bool) -> None:
    chosen = pick_up(**keys)
    together: list[Ready] = []
    ready = Ready(file, 0)

    assert joins(chosen, file) is joined
    assert apart(flow(chosen), [ready], together) == ([] if joined else [ready])
    assert together == ([ready] if joined else [])


@pytest.mark.parametrize(
    ("state", "tries", "limit", "joined"),
    [
        (ClaimState.CLAIMED, 1, 3, True),
        (ClaimState.CLAIMED, 2, 3, False),
        (ClaimState.CLAIMED, 1, 1, False),
        (ClaimState.CLAIMED, 0, 1, True),
        (ClaimState.HELD, 0, 3, False),
        (ClaimState.SEALED, 0, 3, False),
    ],
)
def test_which_open_claims_join_again(state: ClaimState, tries: int, limit: int, *, joined: bool) -> None:
    assert joins_again(flow(pick_up(tries=limit)), KnownClaim(claim_of(), state, tries)) is joined


def test_other_open_claims_go_their_own_way() -> None:
    replayed = KnownClaim(claim_of(origin=Origin.REPLAY), ClaimState.CLAIMED)
    gone = KnownClaim(replace(claim_of(), mapping="gone/orders"), ClaimState.CLAIMED)

    assert not joins_again(flow(pick_up()), replayed)
    assert not joins_again(flow(pick_up()), gone)


def test_a_file_gets_one_try_by_itself() -> None:
    assert [most_tries(pick_up(tries=tries)) for tries in (1, 2, 3)] == [2, 2, 3]
    assert most_tries(pick_up(tries=1, merge=False)) == 1


def test_sets_hold_the_oldest_first() -> None:
    found = list(sets(flow(pick_up()), [aged("b", 1), aged("a", 1), aged("c", 2)]))

    assert [[claim.source.name for claim in each] for each in found] == [["c", "a", "b"]]


@pytest.mark.parametrize(
    ("limits", "sizes", "expected"),
    [
        (Merge(files=2), [1, 1, 1], [2, 1]),
        (Merge(bytes=10), [4, 6, 1, 20, 1], [2, 1, 1, 1]),
        (Merge(files=1), [1, 1], [1, 1]),
    ],
)
def test_sets_end_where_limits_say(limits: Merge, sizes: list[int], expected: list[int]) -> None:
    chosen = flow(pick_up(merge=limits.model_dump()))
    claims = [aged(f"{number}.csv", 9 - number, size) for number, size in enumerate(sizes)]

    assert [len(each) for each in sets(chosen, claims)] == expected


def test_what_differs_is_never_in_one_set() -> None:
    both = flow(pick_up(), pick_up(folder="returns", mapping="shopify/returns"))
    other = replace(aged("c", 1), mapping="shopify/returns", pick_up=1)
    outlet = replace(aged("d", 1), channel="outlet")
    history = aged("e", 1, origin=Origin.BASELINE)

    found = [
        [claim.source.name for claim in each]
        for each in sets(both, [aged("a", 3), other, outlet, history, aged("b", 2)])
    ]

    assert sorted(found) == [["a", "b"], ["c"], ["d"], ["e"]]
