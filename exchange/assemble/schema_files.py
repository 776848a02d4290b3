"""Alone writes the JSON Schemas of a workspace and the lines that name them; both only where they differ."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from exchange.assemble.schemas import schemas_of
from exchange.config.modelines import FOLDER, editable, modeline, with_modeline
from exchange.kernel.atomic import make_folder, replace_synced, write_synced


@dataclass(frozen=True, slots=True)
class Pinned:
    """What differs between a workspace and the schemas that are right for it; paths are relative to it."""

    written: tuple[str, ...]
    """Schemas that are missing or not what they should be."""
    removed: tuple[str, ...]
    """Schemas of files that are gone."""
    kept: int
    """Schemas that are right already."""
    unlined: tuple[str, ...]
    """YAML files that do not name their schema."""

    @property
    def stale(self) -> bool:
        """Whether any schema is not what it should be."""
        return bool(self.written or self.removed)


def export(root: Path, *, dry: bool = False, lines: bool = False) -> Pinned:
    """Bring the schemas of a workspace up to date, with `lines` also the files that name them; `dry`: only look."""
    wanted = schemas_of(root)
    written = tuple(path for path, text in wanted.items() if _content(root / path) != text.encode())
    removed = tuple(sorted(set(_present(root)) - set(wanted)))
    if not dry:
        for path in written:
            make_folder((root / path).parent)
            _write(root / path, wanted[path].encode())
        for path in removed:
            (root / path).unlink()
    unlined = tuple(_unlined(root, wanted))
    if lines and not dry:
        for file in unlined:
            _write(root / file, with_modeline((root / file).read_bytes(), modeline(file, wanted)))
    return Pinned(written, removed, len(wanted) - len(written), unlined)


def _unlined(root: Path, wanted: dict[str, str]) -> Iterator[str]:
    for file in editable(root):
        content = (root / file).read_bytes()
        if with_modeline(content, modeline(file, wanted)) != content:
            yield file


def _present(root: Path) -> Iterator[str]:
    yield from (path.relative_to(root).as_posix() for path in (root / FOLDER).rglob("*.json"))


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _write(path: Path, content: bytes) -> None:
    """Write a file under another name first: an editor sees the old one or the new one."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    write_synced(beside, [content])
    if path.exists():
        shutil.copymode(path, beside)
    replace_synced(beside, path)
