"""Alone finds deliveries whose files would lie under the same names in the same folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import PurePosixPath

from exchange.config.files import Files
from exchange.config.loader import Loaded
from exchange.config.models import Delivery, Flow
from exchange.config.overlaps import place_of
from exchange.config.sample_names import done_names, sample_names
from exchange.kernel.errors import Mistake


@dataclass(frozen=True, slots=True)
class _Names:
    """The files, or the done files, of one delivery."""

    number: int
    """Of the delivery, from 0."""
    pattern: str
    place: str
    samples: frozenset[str]
    done: bool = False

    @property
    def called(self) -> str:
        return f"the done file of delivery {self.number + 1}" if self.done else f"delivery {self.number + 1}"

    def shared(self, other: _Names) -> str:
        """Return a name that both make in one folder; blank where there is none."""
        return min(self.samples & other.samples, default="") if self.place == other.place else ""


def target_mistakes(flow: Loaded[Flow], value: Flow, files: Files) -> Iterator[Mistake]:
    """Yield where a file would take the name of another one of the same flow: data would be lost under it."""
    known: list[_Names] = []
    for names in [*_names(value, files), *_done(value, files)]:
        first = next((other for other in known if names.shared(other)), None)
        known.append(names)
        if first is None:
            continue
        if names.done:
            what = f"the done file would be called {names.pattern!r}, as {first.called} is"
            path, instead = ("deliver", names.number, "done_file"), "write it like {name}.done"
        else:
            alike = first.pattern.casefold() == names.pattern.casefold()
            example = "" if alike else f", such as {names.shared(first)!r}"
            what = f"{first.called} writes the same names to the same folder{example}"
            path, instead = ("deliver", names.number, "name"), "give it another name or folder"
        yield flow.mistake(path, what, instead, key=False, code="NAME_CLASH")


def shared_mistakes(files: Files) -> Iterator[Mistake]:
    """Yield deliveries of two flows that would write the same names to the same folder."""
    flows = [(flow, flow.value) for flow in files.flows if flow.value is not None]
    for (first, one), (flow, two) in combinations(flows, 2):
        for names in _names(two, files):
            if any(names.shared(other) for other in _names(one, files)):
                what = f"{first.file} writes the same names to the same folder"
                path = ("deliver", names.number, "name")
                instead = "give it another name or folder, or write {claim} into the name"
                yield flow.mistake(path, what, instead, key=False, code="NAME_SHARED")


def _names(value: Flow, files: Files) -> Iterator[_Names]:
    for number, delivery in enumerate(value.deliver):
        yield _Names(number, delivery.name, _place(delivery, files), sample_names(delivery, value.flow))


def _done(value: Flow, files: Files) -> Iterator[_Names]:
    for number, delivery in enumerate(value.deliver):
        if delivery.done_file:
            pattern = delivery.done_file.format(name=delivery.name, stem=PurePosixPath(delivery.name).stem)
            samples = done_names(delivery, value.flow)
            yield _Names(number, pattern, _place(delivery, files), samples, done=True)


def _place(delivery: Delivery, files: Files) -> str:
    return place_of(delivery.to, delivery.folder, files)
