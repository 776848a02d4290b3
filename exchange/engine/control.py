"""Done files: what they are called, and what the usual forms of them say about the file they belong to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from exchange.kernel.model import SourceFile
from exchange.kernel.naming import matching

_ROWS = re.compile(r"(?:(?:rows?|records?|lines|count|row_?count|record_?count)\s*[=:]\s*)?(\d+)", re.IGNORECASE)
_SHA256 = re.compile(r"(?:sha-?256\s*[=:]\s*)?([0-9a-f]{64})(?:\s+\*?(?P<name>\S.*))?", re.IGNORECASE)
_SHA256_BSD = re.compile(r"sha-?256 ?\((?P<name>.+)\) ?= ?([0-9a-f]{64})", re.IGNORECASE)
_WILD = re.compile(r"([*?\[])")


@dataclass(frozen=True, slots=True)
class Promise:
    """What a done file says; nothing of it is the usual case."""

    rows: int | None = None
    sha256: str | None = None


def control_name(done_file: str, name: str) -> str:
    """Return what the done file of a data file is called."""
    return done_file.format(name=name, stem=PurePosixPath(name).stem)


def control_pattern(done_file: str) -> str:
    """Return the pattern that all done files fit."""
    return _WILD.sub(r"[\1]", done_file).format(name="*", stem="*")


class Controls:
    """The done files of one folder."""

    def __init__(self, done_file: str, files: Iterable[SourceFile]) -> None:
        self._done_file = done_file
        self._files = {source.name: source for source in files}
        self._folded = {source.name.lower(): source for source in files}

    def are(self, source: SourceFile) -> bool:
        """Tell whether a file is a done file itself."""
        return bool(matching([source.name], control_pattern(self._done_file)))

    def of(self, source: SourceFile) -> SourceFile | None:
        """Return the done file of a data file, if it is there; names that differ in case only are the same."""
        name = control_name(self._done_file, source.name)
        return self._files.get(name) or self._folded.get(name.lower())

    def why_not(self, source: SourceFile) -> str:
        """Return why a data file is not complete yet, as far as names and times tell; empty where it is."""
        control = self.of(source)
        if control is None:
            return f"waits for {control_name(self._done_file, source.name)}"
        if control.mtime_ns < source.mtime_ns:
            return f"waits for a new {control.name}: the one there is older than the file"
        return ""


def promise(content: bytes, name: str) -> Promise:
    """Return what a done file says of the data file `name`: a row count, a sha256, both or nothing.

    Known forms, one a line: `123`, `rows=123`, `records: 123`; `<sha256>`, `<sha256>  name`, `sha256=<sha256>`,
    `SHA256 (name) = <sha256>`. A checksum of another name is none of this file's; anything else says nothing.
    """
    rows: int | None = None
    sha256: str | None = None
    for line in map(str.strip, content.decode("utf-8-sig", errors="replace").splitlines()):
        if found := _ROWS.fullmatch(line):
            rows = int(found[1])
        elif (found := _SHA256.fullmatch(line)) and _about(found["name"], name):
            sha256 = found[1].lower()
        elif (found := _SHA256_BSD.fullmatch(line)) and _about(found["name"], name):
            sha256 = found[2].lower()
    return Promise(rows, sha256)


def _about(named: str | None, name: str) -> bool:
    return named is None or PurePosixPath(named.strip().replace("\\", "/")).name.lower() == name.lower()
