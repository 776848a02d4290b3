"""The three families of exceptions, named by what the reader of the message must do.

    ExchangeError
    ├── ConfigurationError   edit the configuration             exit 5
    ├── TryLater             a partner or a disk is away        exit 6
    │   ├── FlowLocked       another run holds the flow         exit 7
    │   └── Braked           a person wants it to wait          exit 0
    └── Stop                 ledger or integrity fault          exit 8

Data faults are none of these: they are `Problem` values. Anything else that is raised is a bug.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from exchange.kernel.catalogue import CATALOGUE, Severity
from exchange.kernel.catalogue_lint import ANY
from exchange.kernel.exits import Exit


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing wrong in one configuration file, with what to write instead."""

    file: str
    """Path of the file, relative to the workspace."""
    line: int
    """1-based; 0 when the file as a whole is meant."""
    column: int
    """1-based; 0 when the file as a whole is meant."""
    what: str
    instead: str = ""
    code: str = field(default=ANY, compare=False)
    """A key of the catalogue whose scope is the configuration."""
    via: str = ""
    """The mapping whose mistake it is, where it stands in the one that it extends."""

    @property
    def severity(self) -> Severity:
        """Error (nothing runs until it is corrected), warning, or note."""
        return CATALOGUE[self.code].severity

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{where}: {self.what}; {self.instead}" if self.instead else f"{where}: {self.what}"


class ExchangeError(Exception):
    """Something the operator can act on; the message says what, where and what to do."""

    exit = Exit.BUG


class ConfigurationError(ExchangeError):
    """The configuration must be edited; carries every mistake that was found, not only the first."""

    exit = Exit.CONFIGURATION

    def __init__(self, mistakes: Sequence[Mistake] | str) -> None:
        self.mistakes = (Mistake("", 0, 0, mistakes),) if isinstance(mistakes, str) else tuple(sorted(mistakes))
        text = mistakes if isinstance(mistakes, str) else "\n".join(map(str, self.mistakes))
        super().__init__(text)


class TryLater(ExchangeError):
    """A partner, a disk or another run is in the way; the same command can succeed later."""

    exit = Exit.UNAVAILABLE


class FlowLocked(TryLater):
    """Another run holds the lock of this flow."""

    exit = Exit.LOCKED

    def __init__(self, flow: str, lock: Path) -> None:
        super().__init__(
            f"flow {flow} is being run by another process (lock {lock}); "
            f"wait for it to end, then run `exchange run {flow}` again"
        )


class Braked(TryLater):
    """A person has paused this, or a limit that a person set is reached: nothing is wrong, it waits."""

    exit = Exit.FINE


class Stop(ExchangeError):
    """The ledger or a file contradicts what was recorded; nothing more may be delivered."""

    exit = Exit.INTEGRITY


class Interrupted(ExchangeError):
    """A signal asked the run to end; raised at safe points only, so the next run carries on."""

    def __init__(self, signal_number: int) -> None:
        self.signal_number = signal_number
        super().__init__("stopped at a safe point on request; the next run carries on from here")
