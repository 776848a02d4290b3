"""Hands out generated inputs from a cache folder; each is generated once, by a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
ORDERS_PER_LINE = 0.3
VERSION = 3
"""Raise it with every change of the generator: old files in the cache are then generated anew."""


@dataclass(frozen=True)
class Input:
    """One generated export with its tables."""

    folder: Path
    facts: dict[str, int]
    """lines, orders, bad_lines, rejected_lines, rejected_orders, bytes."""

    @property
    def source(self) -> Path:
        """The export: a file, or a folder of files."""
        file = self.folder / "orders.csv"
        return file if file.exists() else self.folder / "orders"

    @property
    def tables(self) -> Path:
        """The folder of items.csv, sales_units.csv and packs.csv."""
        return self.folder / "tables"

    @property
    def expects(self) -> dict[str, object]:
        """What every contender that rejects whole orders must come to."""
        facts = self.facts
        return {
            "orders_out": facts["orders"] - facts["rejected_orders"],
            "orders_rejected": facts["rejected_orders"],
            "lines_out": facts["lines"] - facts["rejected_lines"],
            "lines_rejected": facts["rejected_lines"],
        }


def default_cache() -> Path:
    """Return where inputs are kept where nothing else is said."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "exchange-bench"


def provide(cache: Path, **shape: Any) -> Input:
    """Return the input of this shape (see `generate.Shape`), generated now where the cache lacks it."""
    name = "-".join(f"{key}{value}" for key, value in sorted(shape.items()))
    folder = cache / f"v{VERSION}-{name}"
    if not folder.exists():
        print(f"generating {folder} ...", file=sys.stderr, flush=True)
        cache.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".making-", dir=cache))
        try:
            argv = [sys.executable, "-m", "tests.bench.generate", str(made), "--shape", json.dumps(shape)]
            subprocess.run(argv, cwd=ROOT, check=True)
            made.rename(folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    return Input(folder, json.loads((folder / "facts.json").read_text(encoding="utf-8")))
