"""Joins rendered fragments into artifact files in the work folder, cut where a delivery says so."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import numpy as np

from exchange.kernel.atomic import HashingWriter, synced_file
from exchange.kernel.chunk import Fragment, Ints
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.errors import Stop
from exchange.kernel.model import Artifact, Claim
from exchange.kernel.naming import artifact_name, temporary_name
from exchange.kernel.pipeline import Target


class Numbers:
    """Hands out artifact numbers: the order of delivery within the claim, from 1."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> int:
        """Return the next number."""
        self._last += 1
        return self._last


@dataclass(slots=True)
class _OpenFile:
    number: int
    name: str
    path: Path
    closing: AbstractContextManager[HashingWriter]
    out: HashingWriter
    documents: int = 0
    records: int = 0


@dataclass(slots=True)
class TargetFiles:
    """The artifact files of one target, written one after the other; use as a context manager."""

    target: Target
    claim: Claim
    folder: Path
    numbers: Numbers
    artifacts: list[Artifact] = field(default_factory=list)
    _open: _OpenFile | None = None

    def __enter__(self) -> TargetFiles:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None) -> None:
        if kind is None:
            self._close()
        elif self._open is not None:
            self._leave(self._open, fault)

    def add(self, fragment: Fragment) -> Ints:
        """Write a fragment and return the artifact number of each of its entries.

        A file is cut where its documents are enough; the parts of one document stay together.
        """
        numbers = np.zeros(len(fragment.ends), np.int64)
        if not len(fragment.ends):
            return numbers
        begins = np.flatnonzero(np.diff(fragment.documents, prepend=-1) != 0)
        view = memoryview(fragment.data)
        done = 0  # entries written
        while done < len(numbers):
            current = self._open or self._next()
            left = self._limit() - current.documents
            following = begins[np.searchsorted(begins, done) :]
            stop = int(following[left]) if len(following) > left else len(numbers)
            start_byte = int(fragment.ends[done - 1]) if done else 0
            current.out.write(view[start_byte : int(fragment.ends[stop - 1])])
            current.documents += min(left, len(following))
            current.records += int(fragment.records[done:stop].sum())
            numbers[done:stop] = current.number
            done = stop
            if current.documents >= self._limit():
                self._close()
        return numbers

    def _limit(self) -> int:
        return self.target.documents_per_file or 2**62

    def _next(self) -> _OpenFile:
        number = self.numbers.next()
        name = artifact_name(
            self.target.pattern,
            claim=self.claim.id,
            part=len(self.artifacts) + 1,
            as_of=self.claim.as_of,
            flow=self.claim.flow,
        )
        path = self.folder / f"{number:05}.artifact"
        path.unlink(missing_ok=True)
        closing = synced_file(path)
        self._open = _OpenFile(number, name, path, closing, closing.__enter__())
        self._open.out.write(self.target.written.header)
        crashpoint("outputs.opened")
        return self._open

    def _close(self) -> None:
        if self._open is None:
            return
        done = self._open
        done.out.write(self.target.written.footer)
        self._leave(done, None)
        crashpoint("outputs.written")
        written = done.out.written()
        if any(artifact.name == done.name for artifact in self.artifacts):
            raise Stop(f"two files of delivery {self.target.name} would be called {done.name}; use {{part}} in `name:`")
        self.artifacts.append(
            Artifact(
                self.claim.id,
                done.number,
                "output",
                self.target.endpoint,
                self.target.folder,
                done.name,
                temporary_name(done.name, self.claim.id),
                done.path.name,
                written.size,
                written.sha256,
                done.records,
            )
        )

    def _leave(self, done: _OpenFile, fault: BaseException | None) -> None:
        self._open = None
        done.closing.__exit__(None if fault is None else type(fault), fault, None)
