"""Keeps the journal of a workspace: which secret was used, what was tried again, what a server said; never a secret."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

from exchange.kernel.redaction import redacted

JOURNAL = "data/state/journal.log"
_LOGGERS = {"exchange": logging.INFO, "paramiko": logging.WARNING, "stamina": logging.WARNING}
"""Whose words are kept, from which level on."""
_BYTES, _OLDER = 1_000_000, 3
"""The journal begins anew at this size; so many older ones stay."""


class _Masked(logging.Formatter):
    """One line a record, in UTC, with every known secret masked."""

    def format(self, record: logging.LogRecord) -> str:
        """Return what is written, with the lines of a traceback indented."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        return redacted(f"{moment} {super().format(record)}").replace("\n", "\n    ")


class _Quiet(RotatingFileHandler):
    """A journal that cannot be written never costs a delivery."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name in logging
        """Let it be."""
        del record


@contextmanager
def journal(root: Path) -> Iterator[None]:
    """Write what happens meanwhile to the workspace's journal; the file is made with its first line."""
    path = root / JOURNAL
    if not path.parent.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
    handler = _Quiet(path, maxBytes=_BYTES, backupCount=_OLDER, encoding="utf-8", errors="backslashreplace", delay=True)
    handler.setFormatter(_Masked("%(levelname)s %(name)s: %(message)s"))
    for name, level in _LOGGERS.items():
        logging.getLogger(name).addHandler(handler)
        logging.getLogger(name).setLevel(level)
    try:
        yield
    finally:
        for name in _LOGGERS:
            logging.getLogger(name).removeHandler(handler)
        handler.close()
