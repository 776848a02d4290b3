"""Writes what cases came to as what they expect: into the cases files, and into the files that they name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from exchange.cases.differences import Difference
from exchange.cases.rewrite import rewritten


def is_written(difference: Difference) -> bool:
    """Tell whether `--update` can write this down: a run that failed is nothing to expect."""
    return bool(difference.update or difference.files)


def update(root: Path, found: Iterable[tuple[str, Difference]]) -> list[str]:
    """Write the differences (cases file, difference) down and return the files that changed, from the workspace on."""
    changes: dict[str, list[Difference]] = {}
    for file, difference in found:
        changes.setdefault(file, []).append(difference)
    written: list[str] = []
    for file, differences in changes.items():
        inside = [change for difference in differences for change in difference.update]
        if inside:
            text = (root / file).read_text(encoding="utf-8")
            _write(root / file, rewritten(text, inside).encode())
            written.append(file)
        for name, content in (each for difference in differences for each in difference.files):
            if content is None:
                (root / name).unlink(missing_ok=True)
            else:
                _write(root / name, content)
            written.append(name)
    return written


def _write(path: Path, content: bytes) -> None:
    """Replace a file; a reader sees the old one or the new one. It is under version control, so it is not synced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(content)
    fresh.replace(path)
