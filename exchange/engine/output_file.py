"""One artifact file while it is written: its records first, and what stands around them when it is known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from decimal import Context, Decimal
from itertools import chain
from pathlib import Path

from exchange.kernel.atomic import HashingWriter, Written, copy_synced, synced_file, write_synced
from exchange.kernel.chunk import Fragment, Ints
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.errors import ConfigurationError, Stop
from exchange.kernel.pipeline import FileFacts, Finished, Unfit
from exchange.kernel.pipeline import Written as Format

_BLOCK = 1024 * 1024
SAMPLE, SAMPLE_BYTES = 3, 4_000
"""Most records of a sample, and most bytes."""
_EXACT = Context(prec=120)


@dataclass(slots=True)
class OutputFile:
    """A file that takes records until it is finished or abandoned."""

    number: int
    """The artifact's."""
    name: str
    path: Path
    part: int
    """Which file of its delivery it is, from 1."""
    written: Format
    documents: int = 0
    """As the delivery counts them: an order in two parts is one."""
    records: int = 0
    unfit: tuple[Unfit, ...] = ()
    """Why the finished file cannot be delivered: rules that some of its records break together."""
    sources: list[tuple[int, Ints]] = field(default_factory=list)
    """(span, document of each entry) of what was added, in order; only where a check may ask."""
    sample: bytes = b""
    """Its first records."""
    _entries: int = 0
    _lines: int = 0
    _first: bytes = b""
    _totals: dict[str, Decimal] = field(default_factory=dict)
    _closing: ExitStack = field(default_factory=ExitStack)
    _out: HashingWriter | None = None

    def open(self) -> None:
        """Begin the file; what a run before this one left is overwritten."""
        self.path.unlink(missing_ok=True)
        if self.written.around is not None:
            self._out = self._closing.enter_context(_draft(self._body))
        else:
            self._out = self._closing.enter_context(synced_file(self.path))
            self._out.write(self.written.header)
        crashpoint("outputs.opened")

    def add(self, fragment: Fragment, first: int, stop: int) -> None:
        """Write some entries of a fragment, one behind the other."""
        begin = int(fragment.ends[first - 1]) if first else 0
        data = memoryview(fragment.data)[begin : int(fragment.ends[stop - 1])]
        if not self._entries and self.written.check is not None:
            self._first = bytes(data[: int(fragment.ends[first]) - begin])
        if not self._entries:
            shown = int(fragment.ends[min(first + SAMPLE, stop) - 1]) - begin
            self.sample = bytes(data[: min(shown, SAMPLE_BYTES)])
        if self._out is not None:
            self._out.write(data)
        self.records += int(fragment.records[first:stop].sum())
        self._entries += stop - first
        self._lines += int(fragment.lines[first:stop].sum())
        for name, values in fragment.totals.items():
            total = self._totals.get(name, Decimal(0))
            for value in values[first:stop]:
                total = _EXACT.add(total, value)
            self._totals[name] = total

    def finish(self, claim: str, date: str) -> Written:
        """Write what is missing, look at the whole once more, and return the proof of what will be delivered.

        Raises Stop where the finished file is not what it has to be, ConfigurationError where that is as it was meant.
        """
        header, footer = self.written.header, self.written.footer
        if self.written.around is not None:
            facts = FileFacts(self.name, claim, self.part, date, self._entries, self._lines, dict(self._totals))
            header, footer = self.written.around(facts)
            self._closing.close()
            crashpoint("outputs.body")
            made = write_synced(self.path, chain([header], _blocks(self._body), [footer]))
            self._body.unlink()
        elif self._out is not None:
            self._out.write(footer)
            self._closing.close()
            made = self._out.written()
        else:
            raise ValueError(self.name)  # never opened
        crashpoint("outputs.written")
        if self.written.check is not None:
            self.unfit = tuple(self.written.check(self.path, Finished(self._entries, header, self._first, footer)))
            for each in self.unfit:
                if not each.entries:
                    raise (_wrong_by_design if each.by_design else _refusal)(self.name, each.reason, self.path)
        return self._packed() if self.written.pack is not None else made

    def abandon(self, fault: BaseException | None) -> None:
        """Remove what was written."""
        self._closing.__exit__(None if fault is None else type(fault), fault, None)

    @property
    def _body(self) -> Path:
        return self.path.with_suffix(".body")

    def _packed(self) -> Written:
        """Put the file that is delivered in the place of the one that was rendered."""
        made = self.path.with_suffix(".packed")
        made.unlink(missing_ok=True)
        if self.written.pack is not None:
            self.written.pack(self.path, made)
        self.path.unlink()
        with made.open("rb") as stream:
            written = copy_synced(stream, self.path)
        made.unlink()
        crashpoint("outputs.packed")
        return written


@contextmanager
def _draft(path: Path) -> Iterator[HashingWriter]:
    """Open a file that only serves to make another: it is not synced, and gone after any failure."""
    try:
        with path.open("wb", buffering=_BLOCK) as stream:
            yield HashingWriter(stream, path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        yield from iter(lambda: stream.read(_BLOCK), b"")


def _refusal(name: str, reason: str, path: Path) -> Stop:
    return Stop(
        f"the file {name} was not made as it has to be: {reason}; nothing was delivered. Look at {path} and report it"
    )


def _wrong_by_design(name: str, reason: str, path: Path) -> ConfigurationError:
    return ConfigurationError(
        f"the XSD refuses the file {name} as a whole: {reason}; nothing was delivered. Look at {path}, then correct "
        "the template or the XSD, or `documents_per_file:` of the delivery; the next run makes the file again"
    )
