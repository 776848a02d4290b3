"""A folder on an SFTP server as an endpoint: every promise of the protocol of endpoints, whatever the line does."""

from __future__ import annotations

import fnmatch
import stat
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TypeVar

import stamina

from exchange.kernel.atomic import Written
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.endpoint import Listing, RefusedName
from exchange.kernel.errors import ExchangeError, TryLater
from exchange.kernel.limits import REMOTE_SIZE
from exchange.kernel.model import Artifact, Receipt, SourceFile
from exchange.kernel.naming import in_the_way, matching, shown_name, why_refused
from exchange.transports.sftp.ahead import ReadAhead
from exchange.transports.sftp.download import download, download_several, is_listed, read_whole
from exchange.transports.sftp.faults import Code, Lost, Refused, Stalled
from exchange.transports.sftp.remote import Remote, join
from exchange.transports.sftp.reveal import Revealing, reveal
from exchange.transports.sftp.session import Session, connect
from exchange.transports.sftp.settings import SftpSettings
from exchange.transports.sftp.upload import upload
from exchange.transports.sftp.wire import Attributes, Entry

T = TypeVar("T")
_ODD = {
    stat.S_IFLNK: "it is a symbolic link, not a regular file",
    stat.S_IFIFO: "it is a pipe, not a regular file",
    stat.S_IFSOCK: "it is a socket, not a regular file",
    stat.S_IFBLK: "it is a device, not a regular file",
    stat.S_IFCHR: "it is a device, not a regular file",
}
_LETTERS = {b"l": stat.S_IFLNK, b"p": stat.S_IFIFO, b"s": stat.S_IFSOCK, b"b": stat.S_IFBLK, b"c": stat.S_IFCHR}
_WORDS = {
    Code.NO_SUCH_FILE: "there is no such file or folder",
    Code.PERMISSION_DENIED: "the server says permission denied: ask the partner for access",
}

# Retries are told in our own words, by `SftpSettings.told`.
stamina.instrumentation.set_on_retry_hooks([])


class SftpEndpoint:
    """One server and one folder on it; connects when first used, and keeps one connection until it is closed."""

    def __init__(self, settings: SftpSettings) -> None:
        self._settings = settings
        self._session: Session | None = None
        self._lock = threading.RLock()
        self._ahead = ReadAhead()

    @property
    def name(self) -> str:
        """Of the endpoint."""
        return self._settings.name

    @property
    def remote(self) -> bool:
        """Other writers, another clock."""
        return True

    def list(self, folder: str, match: str) -> Listing:
        """Return the regular files that match, oldest first, and what matches but is never taken."""
        path = self._path(folder)

        def work(remote: Remote) -> Listing:
            try:
                entries = list(remote.entries(path))
            except Refused as refused:
                if refused.missing:
                    missing = RefusedName(f"{self._shown(path)}/", "there is no such folder on the server")
                    return Listing(refused=(missing,))
                raise
            found = [self._looked_at(remote, folder, entry, match) for entry in entries]
            files = sorted((f for f in found if isinstance(f, SourceFile)), key=lambda f: (f.mtime_ns, f.name))
            refused_names = sorted((f for f in found if isinstance(f, RefusedName)), key=lambda f: f.shown)
            return Listing(tuple(files), tuple(refused_names))

        with self._lock:
            listing = self._do(f"cannot list {self._shown(path)}", work)
            self._ahead.listed((folder, match), listing.files)
        return listing

    def read(self, folder: str, name: str, limit: int) -> bytes | None:
        """Return a small file whole; None where it is not there; TryLater where it is longer than `limit` bytes."""
        path = self._path(folder, name)
        data = self._do(f"cannot read {self._shown(path)}", lambda remote: read_whole(remote, path, limit))
        if data is not None and len(data) > limit:
            raise TryLater(
                f"{self._shown(path)} is longer than the {limit:,} bytes that a control file may have; "
                "look at it, then run again"
            )
        return data

    def fetch(self, source: SourceFile, copy: Path) -> Written | None:
        """Write a complete, synced copy; None where the file is gone or is not the listed one, before or after."""
        path = self._path_of(source)
        with self._lock:
            written = self._ahead.take(source, copy)
            if written is None and len(several := self._ahead.next(source)) > 1:
                self._fetch_ahead(several, copy)
                written = self._ahead.take(source, copy)
            if written is not None:
                crashpoint("sftp.fetched")
                return written
            return self._do(
                f"cannot fetch {self._shown(path)}", lambda remote: download(remote, path, source, copy), whole=True
            )

    def stage(self, artifact: Artifact, local: Path) -> None:
        """Write the bytes under a temporary name, complete, synced where the server can, compared in size."""
        path = self._staged(artifact)

        def work(remote: Remote) -> None:
            try:
                size = upload(remote, local, path)
            except Refused as refused:
                raise self._not_written(remote, path, artifact, refused) from refused
            if size != artifact.size:
                remote.remove(path)
                raise TryLater(f"{self._shown(path)} came out with {size} of {artifact.size} bytes; run again")

        self._do(f"cannot write {self._shown(path)}", work, whole=True)

    def reveal(self, artifact: Artifact) -> Receipt:
        """Rename into view, or find out that this has happened already; `exists` decides on a name that is taken."""
        folder = self._path(artifact.folder)
        doing = Revealing(artifact, folder, self._staged(artifact), self._settings, self._shown)
        return self._do(f"cannot write {self._shown(join(folder, artifact.name.encode()))}", lambda r: reveal(r, doing))

    def remove(self, source: SourceFile) -> bool:
        """Remove a source that is still the file that was listed; False where it is not."""
        path = self._path_of(source)

        def work(remote: Remote) -> bool:
            found = remote.lstat(path)
            if found is not None and not is_listed(source, found):
                return False
            if found is not None:
                crashpoint("sftp.remove")
                remote.remove(path)
            return True

        return self._do(f"cannot remove {self._shown(path)}", work)

    def move(self, source: SourceFile, folder: str) -> bool:
        """Move a source into another folder of this endpoint; False where it is another file by now."""
        path = self._path_of(source)
        place = self._path(folder)
        target = join(place, _raw(source))

        def work(remote: Remote) -> bool:
            found, there = remote.looks(path, target)
            if found is None or not is_listed(source, found):
                return found is None
            if there is not None:
                _make_room(remote, place, _raw(source), there)
            crashpoint("sftp.move")
            try:
                remote.rename(path, target)
            except Refused as refused:
                if not refused.missing:
                    raise
                remote.make_folders(place)
                remote.rename(path, target)
            return True

        return self._do(f"cannot move {self._shown(path)} to {self._shown(place)}", work)

    def close(self) -> None:
        """Hang up; the next use connects anew."""
        with self._lock:
            session, self._session = self._session, None
            self._ahead.clear()
            if session is not None:
                session.close()

    # --- connection -----------------------------------------------------------------------------------------------
    def _do(self, what: str, work: Callable[[Remote], T], *, whole: bool = False) -> T:
        """Do something on the server, again over a new connection where the line broke; say faults in words.

        `whole`: it moves a whole file, which has a deadline of its own.
        """
        retries = self._settings.retries
        caller = stamina.RetryingCaller(
            attempts=retries.attempts,
            timeout=None,
            wait_initial=retries.wait,
            wait_max=retries.longest,
            wait_jitter=retries.wait,
        ).on(_is_worth_another)
        with self._lock:
            try:
                return caller(self._once, work, self._settings.timeouts.file if whole else None)
            except Lost as fault:
                raise TryLater(f"{self.name}: {what}: {fault}; run again, nothing is lost") from fault
            except Refused as refused:
                why = _WORDS.get(Code(refused.code)) if refused.code in set(Code) else None
                said = why or f"the server says no: {refused}"
                raise TryLater(f"{self.name}: {what}: {said}; then run again, nothing is lost") from refused

    def _once(self, work: Callable[[Remote], T], limit: float | None) -> T:
        try:
            if self._session is None or not self._session.alive:
                self._drop()
                self._session = connect(self._settings)
            session = self._session
            session.wire.limit(limit)
            return work(Remote(session.wire, session.server))
        except ExchangeError:
            raise
        except BaseException as fault:
            # Whatever was in flight may still be answered: nothing more is asked on this connection.
            self._drop()
            if isinstance(fault, Lost) and not isinstance(fault, Stalled):
                self._settings.told(f"{self.name}: {fault}; trying again")
            raise

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.close()

    # --- files ----------------------------------------------------------------------------------------------------
    def _fetch_ahead(self, sources: Sequence[SourceFile], copy: Path) -> None:
        wanted = [(self._path_of(source), source) for source in sources]
        found = self._do(
            f"cannot fetch {self._shown(wanted[0][0])}", lambda remote: download_several(remote, wanted), whole=True
        )
        self._ahead.keep(list(zip(sources, found, strict=True)), copy)

    def _looked_at(self, remote: Remote, folder: str, entry: Entry, match: str) -> SourceFile | RefusedName | None:
        shown = shown_name(entry.raw)
        if why := why_refused(entry.raw):
            return RefusedName(shown, why) if fnmatch.fnmatch(shown.lower(), match.lower()) else None
        if not matching([shown], match):
            return None
        found: Attributes | None = entry.attributes
        if found is None or found.size is None or found.mtime is None:
            found = remote.lstat(self._path(folder).rstrip(b"/") + b"/" + entry.raw)
        if found is None:
            return None
        kind = stat.S_IFMT(found.mode or 0) or _LETTERS.get(entry.longname[:1], stat.S_IFREG)
        if kind != stat.S_IFREG or entry.longname[:1] == b"d":
            return RefusedName(shown, _ODD[kind]) if kind in _ODD else None
        if found.size is None or found.size >= REMOTE_SIZE:
            return RefusedName(shown, f"the server claims that it has {found.size} bytes" if found.size else _NO_SIZE)
        raw = b"" if shown.encode() == entry.raw else entry.raw
        path = self._shown(join(self._path(folder), entry.raw))
        mtime_ns, skew = (
            (found.mtime or 0) * 10**9,
            self._settings.profile.clock_skew if self._settings.profile else None,
        )
        by_our_clock = 0 if skew is None else mtime_ns - int(skew * 1e9)
        return SourceFile(self.name, folder, shown, found.size, mtime_ns, path, by_our_clock, raw)

    def _by_our_clock(self, moment: int) -> int:
        """Return a time of the server's clock as one of ours, nanoseconds; 0 where nobody measured the difference."""
        skew = self._settings.profile.clock_skew if self._settings.profile is not None else None
        return 0 if skew is None else moment - int(skew * 1e9)

    def _not_written(self, remote: Remote, path: bytes, artifact: Artifact, refused: Refused) -> Exception:
        """Return what a failed upload is to be told as; what was written of it is removed, to give back the space."""
        free = remote.free(self._path(artifact.folder))
        remote.remove(path)
        if free is not None and free < artifact.size:
            return TryLater(
                f"{self.name}: cannot write {self._shown(path)}: the server's disk is full ({free:,} bytes are free, "
                f"{artifact.size:,} are needed): have some space freed; then run again, nothing is lost"
            )
        return refused

    def _staged(self, artifact: Artifact) -> bytes:
        if not self._settings.temp_folder:
            return self._path(artifact.folder, artifact.temporary)
        # Artifacts of several folders meet here: the number keeps them apart.
        return self._path(self._settings.temp_folder, f"{artifact.temporary}.{artifact.number}")

    def _path(self, *parts: str) -> bytes:
        return join(self._settings.root.encode(), *(part.encode() for part in parts))

    def _path_of(self, source: SourceFile) -> bytes:
        return join(self._path(source.folder), _raw(source))

    def _shown(self, path: bytes) -> str:
        return f"{self.name}:{shown_name(path)}"


_NO_SIZE = "the server does not tell its size"


def _raw(source: SourceFile) -> bytes:
    """Return the bytes of a name; raises TryLater for one that no listing of ours can have brought."""
    raw = source.raw or source.name.encode("utf-8", "surrogateescape")
    if why := why_refused(raw):
        raise TryLater(f"{source.endpoint}: {shown_name(raw)} is not asked for: {why}")
    return raw


def _make_room(remote: Remote, place: bytes, name: bytes, there: Attributes) -> None:
    """Rename what has the name of a file that is moved here."""
    stamp = datetime.fromtimestamp(there.mtime or 0, UTC).strftime("%Y%m%dT%H%M%S")
    text = name.decode("utf-8", "surrogateescape")
    names = (in_the_way(text, stamp, number).encode("utf-8", "surrogateescape") for number in count(1))
    aside = next(path for path in (join(place, other) for other in names) if remote.lstat(path) is None)
    remote.rename(join(place, name), aside)


def _is_worth_another(fault: Exception) -> bool:
    return isinstance(fault, Lost) and not isinstance(fault, Stalled)
