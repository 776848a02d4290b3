"""Results come in the order of the items, wherever they are made; few items are in work at a time."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator

import pytest

from exchange.engine.executor import Executor, Inline, Threads


@pytest.mark.parametrize("executor", [Inline(), Threads(1), Threads(3)], ids=["inline", "one", "three"])
@pytest.mark.parametrize("size", [0, 1, 2, 7])
def test_order_is_kept(executor: Executor, size: int) -> None:
    assert list(executor.map(lambda item: item * item, range(size))) == [item * item for item in range(size)]


def test_slow_first_item_comes_first_all_the_same() -> None:
    others = threading.Event()

    def work(item: int) -> int:
        if item:
            others.set()
        else:
            assert others.wait(10), "nothing else was begun meanwhile"
        return item

    assert list(Threads(2).map(work, range(4))) == [0, 1, 2, 3]


@pytest.mark.parametrize("executor", [Inline(), Threads(2)], ids=["inline", "threads"])
def test_fault_is_raised_where_its_result_is_due(executor: Executor) -> None:
    results = executor.map(lambda item: 1 // (item - 2), range(9))

    assert [next(results), next(results)] == [-1, -1]
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_items_are_taken_as_they_are_needed() -> None:
    taken = []

    def items() -> Iterator[int]:
        for item in range(100):
            taken.append(item)
            yield item

    assert list(itertools.islice(Threads(2).map(lambda item: item, items()), 1)) == [0]

    assert len(taken) <= 4


def test_a_single_item_starts_no_thread() -> None:
    assert list(Threads(4).map(lambda _: threading.current_thread() is threading.main_thread(), [1])) == [True]
