"""Where the pure functions run: here, or in a few threads of this process; results come in order either way.

The functions spend most of their time in column kernels that let go of the interpreter's lock, so that a second thread
is worth nearly a second processor. A process pool or a cluster would be one more class with the same method.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Executor(Protocol):
    """Runs a pure function over items."""

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yield the results in the order of the items; only a few items are in work at any time."""
        ...


class Inline:
    """Runs everything here and now."""

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yield the results one by one."""
        return map(function, items)


class Threads:
    """Runs a few items at a time; memory is bounded by as many items as there are workers."""

    def __init__(self, workers: int) -> None:
        self._workers = workers

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yield the results in order. A single item runs here: small files start no thread."""
        waiting = iter(items)
        head = next(waiting, None)
        if head is None:
            return
        following = next(waiting, None)
        if following is None:
            yield function(head)
            return
        with ThreadPoolExecutor(self._workers) as pool:
            running: deque[Future[Result]] = deque()
            running.append(pool.submit(function, head))
            running.append(pool.submit(function, following))
            try:
                for item in waiting:
                    if len(running) >= self._workers:
                        yield running.popleft().result()
                    running.append(pool.submit(function, item))
                while running:
                    yield running.popleft().result()
            finally:
                for future in running:
                    future.cancel()
