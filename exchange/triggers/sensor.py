"""Watches folders of this machine for files that come; the only door of watchdog. Events are hints, never the truth."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from watchdog.events import (
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch
from watchdog.observers.polling import PollingObserver

from exchange.kernel.naming import is_wanted
from exchange.triggers.agenda import Post

POLL = 5.0
"""Seconds between two looks of watchdog's own at a folder that sends no events."""
_WAKING = (FileCreatedEvent, FileModifiedEvent, FileMovedEvent, FileClosedEvent, FileAttribEvent)
"""Not: opened, read and deleted, which is what we do ourselves, nor what happens to folders."""

_LOGGER = logging.getLogger("watchdog")

Identity = tuple[int, int]


class _Handler(FileSystemEventHandler):
    """Hands on what happens in one folder."""

    def __init__(self, folder: Path, wake: Callable[[Path, str], None]) -> None:
        self._folder = os.fspath(folder)
        self._wake = wake
        self._path = folder
        self.lost = False

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Wake whoever looks at the folder; called in a thread of watchdog."""
        # The kernel does not say that what was deleted is a folder when it is the watched one itself.
        if event.event_type == FileDeletedEvent.event_type and os.fsdecode(event.src_path) == self._folder:
            self.lost = True
        elif isinstance(event, _WAKING):
            name = Path(os.fsdecode(event.dest_path or event.src_path)).name
            if is_wanted(name):
                self._wake(self._path, name)


class _Faults(logging.Handler):
    """Hands on what watchdog itself has to say: that events were lost, above all."""

    def __init__(self, overflow: Callable[[], None], say: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._overflow = overflow
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        """Take one message; called in a thread of watchdog."""
        if "overflow" in record.getMessage():
            self._overflow()
        else:
            self._say(f"watching folders: {record.getMessage()}")


@dataclass(slots=True)
class _Watched:
    handler: _Handler
    observer: BaseObserver
    watch: ObservedWatch
    identity: Identity


@dataclass(slots=True)
class Sensor:
    """The folders that are watched, and how."""

    wake: Callable[[str, str], None]
    """Told (flow, file name) by a thread; the name is blank where a folder came back."""
    say: Callable[[str], None]
    """Told what a person should know."""
    sends_events: Callable[[Path], bool]
    """Whether the file system of a folder can tell of changes; shares of other machines cannot."""
    _flows: dict[Path, tuple[str, ...]] = field(default_factory=dict)
    _watched: dict[Path, _Watched] = field(default_factory=dict)
    _said: set[Path] = field(default_factory=set)
    _events: BaseObserver | None = None
    _polling: BaseObserver | None = None
    _faults: _Faults | None = None

    def watch(self, posts: Iterable[Post]) -> None:
        """Watch the folders of these posts from now on, and no others."""
        if self._faults is None:
            self._faults = _Faults(self._overflow, self.say)
            _LOGGER.addHandler(self._faults)
            _LOGGER.propagate = False
        flows: dict[Path, tuple[str, ...]] = {}
        for post in posts:
            for folder in post.folders:
                flows[folder] = (*flows.get(folder, ()), post.flow)
        self._flows = flows
        for folder in set(self._watched) - set(flows):
            self._drop(folder)
        self.look_after()

    def look_after(self) -> None:
        """Find folders that came, went or were replaced since the last time; one that came causes a look."""
        for folder in self._flows:
            identity, known = _identity(folder), self._watched.get(folder)
            if known is not None and (known.handler.lost or known.identity != identity):
                self._drop(folder)
                known = None
            if known is None and identity is not None and self._begin(folder, identity):
                self._tell(folder, "")

    def polled(self) -> tuple[Path, ...]:
        """Return the folders that are watched by looking, because there are no events to be had."""
        return tuple(path for path, watched in self._watched.items() if watched.observer is self._polling)

    def stop(self) -> None:
        """Stop watching."""
        for observer in (self._events, self._polling):
            if observer is not None:
                observer.stop()
                observer.join()
        self._watched.clear()
        self._events = self._polling = None
        if self._faults is not None:
            _LOGGER.removeHandler(self._faults)
            _LOGGER.propagate = True
            self._faults = None

    def _begin(self, folder: Path, identity: Identity) -> bool:
        handler = _Handler(folder, self._tell)
        try:
            watched = self._by_events(folder, handler) if self.sends_events(folder) else None
        except OSError as fault:
            self._explain(folder, fault)
            watched = None
        try:
            observer, watch = watched or self._by_looking(folder, handler)
        except OSError:
            return False  # gone again; the next time finds out
        self._watched[folder] = _Watched(handler, observer, watch, identity)
        return True

    def _by_events(self, folder: Path, handler: _Handler) -> tuple[BaseObserver, ObservedWatch]:
        if self._events is None:
            observer = Observer()
            observer.start()
            self._events = observer
        return self._events, self._events.schedule(handler, os.fspath(folder))

    def _by_looking(self, folder: Path, handler: _Handler) -> tuple[BaseObserver, ObservedWatch]:
        if self._polling is None:
            observer = PollingObserver(timeout=POLL)
            observer.start()
            self._polling = observer
        return self._polling, self._polling.schedule(handler, os.fspath(folder))

    def _explain(self, folder: Path, fault: OSError) -> None:
        if folder not in self._said:
            self._said.add(folder)
            self.say(
                f"{folder}: no events from the system ({fault.strerror}): looking every {POLL:.0f} s instead; "
                "`sysctl fs.inotify` shows the limits"
            )

    def _overflow(self) -> None:
        """Look everywhere: whose events were lost is not known."""
        self.say("more happened than the system keeps track of (fs.inotify.max_queued_events): looking at every folder")
        for folder in list(self._flows):
            self._tell(folder, "")

    def _tell(self, folder: Path, name: str) -> None:
        for flow in self._flows.get(folder, ()):
            self.wake(flow, name)

    def _drop(self, folder: Path) -> None:
        gone = self._watched.pop(folder)
        gone.observer.unschedule(gone.watch)


def _identity(folder: Path) -> Identity | None:
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
