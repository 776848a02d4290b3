"""Joins rendered fragments into artifact files in the work folder, cut where a delivery says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import numpy as np

from exchange.engine.clash import Clash, clashes_of
from exchange.engine.control import control_name
from exchange.engine.output_file import OutputFile
from exchange.kernel.atomic import write_synced
from exchange.kernel.chunk import Fragment, Ints
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.errors import ConfigurationError, Stop
from exchange.kernel.model import Artifact, Claim
from exchange.kernel.naming import artifact_name, placeholder, temporary_name, told_apart
from exchange.kernel.pipeline import Target

MOST_OPEN = 100
"""Files of one delivery that are written side by side; each has a buffer of 1 MiB and a file descriptor."""
SAMPLES = 10
"""Files of one delivery of which a sample is kept."""
Marks = tuple[str, ...]


class Numbers:
    """Hands out artifact numbers: the order of delivery within the claim, from 1."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> int:
        """Return the next number."""
        self._last += 1
        return self._last


@dataclass(slots=True)
class TargetFiles:
    """The artifact files of one target; use as a context manager."""

    target: Target
    claim: Claim
    folder: Path
    numbers: Numbers
    artifacts: list[Artifact] = field(default_factory=list)
    samples: dict[int, bytes] = field(default_factory=dict)
    """By artifact number: how a file begins; of the first files alone."""
    _open: dict[Marks, OutputFile] = field(default_factory=dict)
    """By the values of `file_per`; one file at a time without it."""
    _names: dict[str, int] = field(default_factory=dict)
    """Names given so far, without regard to case -> how many files would be called so."""
    clashes: list[Clash] = field(default_factory=list)
    """Documents that cannot stand together in a finished file; that file is no artifact then."""
    _parts: int = 0
    _fragments: int = 0

    def __enter__(self) -> TargetFiles:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None) -> None:
        try:
            if kind is None:
                for group in tuple(self._open):
                    self._close(group)
                self.artifacts.sort(key=lambda made: made.number)
                self._add_done_files()
        except BaseException as failed:
            fault = failed
            raise
        finally:
            for left in self._open.values():
                left.abandon(fault)
            self._open.clear()

    def add(self, fragment: Fragment) -> Ints:
        """Write a fragment and return the artifact number of each of its entries.

        A file is cut where its documents are enough; the parts of one document stay together within their group.
        """
        numbers = np.zeros(len(fragment.ends), np.int64)
        self._fragments += 1
        for group, entries in self._groups(fragment):
            begins = np.flatnonzero(np.diff(fragment.documents[entries], prepend=-1) != 0)
            done = 0  # entries written
            while done < len(entries):
                current = self._open.get(group) or self._next(group, fragment, int(entries[done]))
                left = self._limit() - current.documents
                following = begins[np.searchsorted(begins, done) :]
                stop = int(following[left]) if len(following) > left else len(entries)
                for first, last in _runs(entries[done:stop]):
                    current.add(fragment, first, last)
                    if self.target.written.check is not None:
                        current.sources.append((self._fragments - 1, fragment.documents[first:last]))
                current.documents += min(left, len(following))
                numbers[entries[done:stop]] = current.number
                done = stop
                if current.documents >= self._limit():
                    self._close(group)
        return numbers

    def _groups(self, fragment: Fragment) -> Iterator[tuple[Marks, Ints]]:
        """Yield the entries of each group, in the order in which groups begin."""
        everything = np.arange(len(fragment.ends))
        if not self.target.file_per:
            yield (), everything
            return
        columns = [fragment.marks[placeholder(name)] for name in self.target.file_per]
        codes: dict[Marks, int] = {}
        of_entry = np.fromiter((codes.setdefault(each, len(codes)) for each in zip(*columns, strict=True)), np.int64)
        for group, code in codes.items():
            yield group, everything[of_entry == code]

    def _limit(self) -> int:
        return self.target.documents_per_file or 2**62

    def _next(self, group: Marks, fragment: Fragment, entry: int) -> OutputFile:
        if len(self._open) >= MOST_OPEN:
            fields = ", ".join(self.target.file_per)
            raise ConfigurationError(
                f"delivery {self.target.name}: `file_per: [{fields}]` makes more than {MOST_OPEN} files of one source "
                "file; name fields of fewer values, or write `documents_per_file: 1`. Nothing was delivered"
            )
        self._parts += 1
        number = self.numbers.next()
        name = self._name({name: values[entry] for name, values in fragment.marks.items()})
        path = self.folder / f"{number:05}.artifact"
        made = OutputFile(number, name, path, self._parts, self.target.written)
        made.open()
        self._open[group] = made
        return made

    def _name(self, marks: dict[str, str]) -> str:
        claim, pattern = self.claim, self.target.pattern
        name = artifact_name(pattern, claim=claim.id, part=self._parts, as_of=claim.as_of, flow=claim.flow, marks=marks)
        # A partner's disk may not tell `a1.xml` from `A1.xml`, and what is made safe may become alike.
        times = self._names[name.casefold()] = self._names.get(name.casefold(), 0) + 1
        if times > 1 and not marks:
            raise Stop(f"two files of delivery {self.target.name} would be called {name}; use {{part}} in `name:`")
        apart = told_apart(name, times)
        while times > 1 and apart.casefold() in self._names:
            times += 1
            apart = told_apart(name, times)
        self._names.setdefault(apart.casefold(), 1)
        return apart

    def _close(self, group: Marks) -> None:
        done = self._open.pop(group)
        try:
            written = done.finish(self.claim.id, self.claim.as_of.strftime("%Y-%m-%d"))
        except BaseException as fault:
            done.abandon(fault)
            raise
        if done.unfit:
            self.clashes += clashes_of(self.target.name, done.unfit, done.sources)
            return
        if len(self.samples) < SAMPLES:
            self.samples[done.number] = self.target.written.header + done.sample
        temporary = temporary_name(done.name, self.claim.id)
        place = (self.target.endpoint, self.target.folder, done.name, temporary, done.path.name)
        proof = (written.size, written.sha256, done.records)
        self.artifacts.append(
            Artifact(self.claim.id, done.number, "output", *place, *proof, self.target.exists, self.target.answers)
        )

    def _add_done_files(self) -> None:
        """Write what says that the outputs are there; numbered after all of them, and so delivered after them."""
        if not self.target.done_file:
            return
        for output in tuple(self.artifacts):
            number = self.numbers.next()
            name = control_name(self.target.done_file, output.name)
            path = self.folder / f"{number:05}.artifact"
            path.unlink(missing_ok=True)
            written = write_synced(path, [f"{output.sha256}  {output.name}\n".encode()])
            crashpoint("outputs.done")
            temporary = temporary_name(name, self.claim.id)
            place = (self.target.endpoint, self.target.folder, name, temporary, path.name)
            made = Artifact(self.claim.id, number, "done", *place, written.size, written.sha256, 0, self.target.exists)
            self.artifacts.append(made)


def _runs(entries: Ints) -> Iterator[tuple[int, int]]:
    """Yield (first, stop) of each stretch of entries that stand side by side."""
    borders = np.flatnonzero(np.diff(entries) != 1) + 1
    for piece in np.split(entries, borders):
        yield int(piece[0]), int(piece[-1]) + 1
