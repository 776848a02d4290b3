"""What people ask of `exchange run`, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Choice:
    """What the command line asked for."""

    flows: tuple[str, ...] = ()
    """None for all."""
    file: Path | None = None
    baseline: bool = False
    settle: timedelta = timedelta(0)
    due: bool = False
    watcher: int | None = None
    """Descriptor on which a watcher waits to be told when it should look again."""
    as_json: bool = False
    dry: bool = False

    @property
    def cheap(self) -> bool:
        """Whether a look may find that there is nothing to do."""
        return self.file is None and not self.settle
